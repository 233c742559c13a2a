import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { atMost, child, type Figure, median, seen } from './figure.ts';
import { writeSettlementFile } from './settlement-rows.ts';

const ROWS = 1_000_000;
const ROWS_PER_ORDER = 7;
const ROUNDS = 3;
const MB = 1024 * 1024;
const timed = z.object({ seconds: z.number(), rows: z.number() });
const peak = z.object({ peakBytes: z.number() });

/** A settlement of a million rows against bare csv-parse over the same file, in turn; and the memory it takes. */
export async function reconcileMillion(progress: (step: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'markeplay-bench-'));
  try {
    const file = join(folder, 'settlement.txt');
    progress('a settlement of 1,000,000 rows is written');
    await writeSettlementFile(file, { rows: ROWS, rowsPerOrder: ROWS_PER_ORDER });
    const pairs = [];
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}: csv-parse, then the reconciliation`);
      const bare = await child('csv-parse', [file], timed);
      const ours = await child('reconcile', [file], timed.extend(peak.shape));
      if (ours.rows !== ROWS) throw new Error(`read ${ours.rows} rows instead of ${ROWS}`);
      pairs.push({ bare: bare.seconds, ours: ours.seconds, peakBytes: ours.peakBytes });
    }
    progress('10,000,000 rows of as many orders');
    const idle = await child('idle', [], peak);
    const one = await child('reconcile', ['made-up', String(ROWS), String(ROWS_PER_ORDER)], peak);
    const ten = await child('reconcile', ['made-up', String(10 * ROWS), String(10 * ROWS_PER_ORDER)], peak);
    return [
      seen('csv-parse, 1,000,000 rows', median(pairs.map((pair) => pair.bare)), 's'),
      seen('reconciliation, 1,000,000 rows', median(pairs.map((pair) => pair.ours)), 's'),
      atMost('reconciliation / csv-parse', median(pairs.map((pair) => pair.ours / pair.bare)), 'ratio', 0.25),
      atMost(
        'memory above idle, 1,000,000 rows',
        median(pairs.map((pair) => pair.peakBytes - idle.peakBytes)) / MB,
        'MB',
        256,
      ),
      atMost(
        'memory, 10,000,000 rows / 1,000,000 rows, same orders',
        ten.peakBytes / one.peakBytes,
        'ratio',
        1.15,
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
