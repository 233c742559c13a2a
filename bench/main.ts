import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { bundles } from './bundles.ts';
import type { Figure } from './figure.ts';
import { listings } from './listings.ts';
import { orderList, orderListMillion } from './order-list.ts';
import { orderPulls } from './order-pulls.ts';
import { receipts } from './receipts.ts';
import { reconcileMillion } from './reconcile-million.ts';
import { startTime } from './start-time.ts';
import { tracking } from './tracking.ts';
import { uploadToFees } from './upload-to-fees.ts';

const BENCHES: Readonly<Record<string, (progress: (step: string) => void) => Promise<Figure[]>>> = {
  reconcile: reconcileMillion,
  upload: uploadToFees,
  pulls: orderPulls,
  tracking,
  listings,
  receipts,
  'order-list': orderList,
  bundles,
  start: startTime,
};

/** Takes a quarter of an hour: only when it is asked for by name. */
const LONG_BENCHES: typeof BENCHES = { 'order-list-million': orderListMillion };

const HELP = `Misure — figures, as ratios in one run wherever the machine's mood matters.

  npm run bench -- [${Object.keys({ ...BENCHES, ...LONG_BENCHES }).join('|')} …] [--json]

  --json  [{ "name", "value", "unit", "target", "holds" }]

Exits with 1 when a figure does not hold.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in BENCHES || name in LONG_BENCHES));
if (values.help || unknown.length > 0) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}

const figures: Figure[] = [];
for (const [name, bench] of Object.entries({ ...BENCHES, ...LONG_BENCHES })) {
  if (positionals.length > 0 ? !positionals.includes(name) : name in LONG_BENCHES) continue;
  figures.push(...(await bench((step) => process.stderr.write(`${name}: ${step}\n`))));
}
if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
else {
  const table = new Table({
    head: ['figure', 'value', 'unit', 'target', 'holds'],
    colAligns: ['left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, value, unit, target, holds } of figures) {
    table.push([name, value, unit, target, target === '' ? '' : holds ? 'yes' : 'NO']);
  }
  const [cpu] = cpus();
  process.stdout.write(
    `${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n${table.toString()}\n`,
  );
}
process.exitCode = figures.every((figure) => figure.holds) ? 0 : 1;
