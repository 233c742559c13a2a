import { describe, expect, test } from 'vitest';
import { DAY_MS, month } from './plan.ts';
import { ShipmentWorld } from './world.ts';

/** A few stories with every change; `npm run simulate -- shipments --seeds 200` tells many more, `--month 10000` a long one. */
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await new ShipmentWorld(seed, (line) => lines.push(line)).run();
  return lines;
}

describe('whatever goes wrong', () => {
  test.each(SEEDS)('what marketplaces believe of shipments is so with seed %i', async (seed) => {
    const figures = await new ShipmentWorld(seed).run();
    expect(figures.told).toBeGreaterThan(0);
  });

  test('a day of the month holds, with hours as long as they are', async () => {
    const day = { ...month(40), activeMs: DAY_MS, untilGivenUp: false };
    const figures = await new ShipmentWorld(1, undefined, day).run();
    expect(figures.brtBusiestHour).toBeLessThanOrEqual(18_000);
  });

  test('the same seed tells the same story, step by step', async () => {
    const first = await traceOf(4);
    expect(first.length).toBeGreaterThan(500);
    expect(await traceOf(4)).toEqual(first);
    expect(await traceOf(5)).not.toEqual(first);
  });
});
