import { describe, expect, test } from 'vitest';
import { SimulationFailure } from './scheduler.ts';
import { World } from './world.ts';

/** A few stories with every change; `npm run simulate -- --seeds 1000` tells many more. */
const SEEDS = Array.from({ length: 24 }, (_, i) => i + 1);

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await new World(seed, (line) => lines.push(line)).run();
  return lines;
}

describe('whatever goes wrong', () => {
  test.each(SEEDS)('orders and money end up right with seed %i', async (seed) => {
    // A failure prints its seed, its last steps and how to see it again.
    await expect(new World(seed).run()).resolves.toBeUndefined();
  });

  test('the same seed tells the same story, step by step', async () => {
    const first = await traceOf(7);
    expect(first.length).toBeGreaterThan(500);
    expect(await traceOf(7)).toEqual(first);
  });

  test('another seed tells another one', async () => {
    expect(await traceOf(7)).not.toEqual(await traceOf(8));
  });

  test('a failure says its seed, what did not hold, the last steps and how to see it again', () => {
    const failure = new SimulationFailure(12, 345, 'water flows down', 'it flowed up', ['first', 'last']);
    expect(failure.message).toBe(
      [
        'seed 12, step 345: water flows down',
        '  it flowed up',
        '    first',
        '    last',
        'replay: npm run simulate -- --seed 12 --trace',
      ].join('\n'),
    );
  });
});
