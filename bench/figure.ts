import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as z from 'zod';

/** One measured figure and the target it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** In words, e.g. `≤ 0.25`. */
  readonly target: string;
  readonly holds: boolean;
}

/** A figure that has to stay at or below a number. */
export function atMost(name: string, value: number, unit: string, target: number): Figure {
  return { name, value: round(value), unit, target: `≤ ${target}`, holds: value <= target };
}

/** A figure that has to reach a number. */
export function atLeast(name: string, value: number, unit: string, target: number): Figure {
  return { name, value: round(value), unit, target: `≥ ${target}`, holds: value >= target };
}

/** A figure without a target of its own: the other side of a ratio. */
export function seen(name: string, value: number, unit: string): Figure {
  return { name, value: round(value), unit, target: '', holds: true };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values to take the median of');
  return middle;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const run = promisify(execFile);
const CHILD_TIMEOUT_MS = 300_000;

/** The young generation held small, so that a peak shows what is kept and not garbage nobody has collected yet. */
const NODE_FLAGS = ['--max-semi-space-size=16'];

/** Runs one of `children/` in a process of its own and parses the JSON it prints. */
export async function child<Schema extends z.ZodType>(
  name: string,
  args: readonly string[],
  schema: Schema,
): Promise<z.output<Schema>> {
  const file = join(import.meta.dirname, 'children', `${name}.ts`);
  const { stdout } = await run(process.execPath, [...NODE_FLAGS, file, ...args], {
    timeout: CHILD_TIMEOUT_MS,
  });
  return schema.parse(JSON.parse(stdout));
}
