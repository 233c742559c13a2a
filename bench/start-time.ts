import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { atMost, type Figure, median } from './figure.ts';

const root = resolve(import.meta.dirname, '..');
const ROUNDS = 3;
const START_TIMEOUT_MS = 180_000;

/** From `npm start` to the printed result, npm and synthesis included. */
export async function startTime(progress: (step: string) => void): Promise<Figure[]> {
  const seconds: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`start ${round} of ${ROUNDS}`);
    const began = performance.now();
    const { stdout } = await promisify(execFile)('npm', ['start', '-s', '--', '--once', '--json'], {
      cwd: root,
      timeout: START_TIMEOUT_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    seconds.push((performance.now() - began) / 1000);
    z.object({ orders: z.array(z.unknown()).min(1), reports: z.array(z.unknown()).min(1) }).parse(
      JSON.parse(stdout),
    );
  }
  return [atMost('npm start to the printed result', median(seconds), 's', 30)];
}
