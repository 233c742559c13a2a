/**
 * Runs the simulation from the command line: `npm run simulate -- --seed 7 --trace`, `-- --seeds 1000 [--from 1] [--minutes 10]`.
 * With `shipments` in front (`npm run simulate -- shipments --seeds 200`) it is the story of shipments, couriers and what
 * marketplaces are told; `-- shipments --month 10000` is one of a whole month with as many shipments, its figures printed.
 *
 * `-- receipts` issues 10,000 receipts at once and puts them on ManoMano, then tells a day of a shop; both print their figures,
 * and `--receipts`, `--seed` and `--faults 0.05` make it another story.
 *
 * One seed is one story: a shop, Amazon, a person with payment files, and everything that can go wrong between them.
 * The real handlers and use cases run in this process; only their ports are in memory, and in front of each port
 * stands a gate (faults.ts) that lets one call through at a time, in an order only the seed decides, and breaks it
 * before or after. Time is a number (scheduler.ts). So a story that fails fails again, step by step.
 *
 *   world.ts       the shop's functions on their queues and schedules, and the people around them
 *   amazon.ts      Amazon's orders, with a truth of its own     uploads.ts, payment-files.ts   the files, with theirs
 *   faults.ts      what breaks     queue.ts   SQS     invariants.ts, money.ts   what must hold all the same
 *   receipts/      receipts on their way to a marketplace that limits calls
 *   shipments/     the same for shipments: world, plan, BRT, marketplaces, invariants
 *   lambdas.ts     runs a function: its deadline, its pace, its early death
 *   mutants.ts     takes the promises out of the code one by one: each must be noticed
 *
 * To extend it by a partner or a function: give the partner a model that keeps its own truth (like Amazon), add its
 * stores to stores.ts, start its handler in world.ts with every port guarded, let `afterWrite` check what each of its
 * writes promises and `unfinished` compare the end with the model's truth, then add to mutants.ts the conditions that
 * its code stands on. Never ask the code under test what is true.
 */
import { parseArgs } from 'node:util';
import { atOnce, day, ReceiptUploadWorld } from './receipts/world.ts';
import { SimulationFailure } from './scheduler.ts';
import { month } from './shipments/plan.ts';
import { ShipmentWorld } from './shipments/world.ts';
import { World } from './world.ts';

/** Progress is shown this often. */
const PROGRESS_SEEDS = 50;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    month: { type: 'string' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    receipts: { type: 'string', default: '10000' },
    faults: { type: 'string', default: '0' },
  },
});

function whole(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    console.error(`--${name} wants a whole number, not ${text}`);
    process.exit(2);
  }
  return number;
}

const [story] = positionals;
if (positionals.length > 1 || (story !== undefined && !['shipments', 'receipts'].includes(story))) {
  console.error(`there is no story of ${positionals.join(' ')}`);
  process.exit(2);
}
const shipments = values.month === undefined ? undefined : whole('month', values.month);

/** A day's share of ten thousand orders a month. */
const RECEIPTS_A_DAY = 330;
/** One feed in two minutes: what is issued at once on Amazon is there within a quarter of an hour up to this many. */
const AMAZON_BATCH = 10;

/** The stories of receipts, with their figures. */
async function tellReceipts(seed: number): Promise<boolean> {
  const faults = Number(values.faults);
  if (!(faults >= 0 && faults < 1)) {
    console.error('--faults wants a share between 0 and 1');
    process.exit(2);
  }
  const stories = {
    'all at once on ManoMano': [atOnce(whole('receipts', values.receipts), faults), 'manomano'],
    'a day on ManoMano': [day(RECEIPTS_A_DAY, RECEIPTS_A_DAY / 6, faults), 'manomano'],
    'a day on Amazon': [day(RECEIPTS_A_DAY, AMAZON_BATCH, faults), 'amazon'],
  } as const;
  try {
    for (const [name, [plan, marketplace]] of Object.entries(stories)) {
      const startedMs = performance.now();
      const figures = await new ReceiptUploadWorld(seed, plan, marketplace).run();
      console.log(name, figures, `told in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
      if (figures.doubled > 0 || figures.uploaded !== figures.receipts) return false;
      // A refusal empties the allowance for everybody.
      if (faults === 0 && figures.pullsHeldUp > 0) return false;
    }
    return true;
  } catch (error) {
    if (!(error instanceof SimulationFailure)) throw error;
    console.error(error.message);
    return false;
  }
}

async function holds(seed: number, onTrace?: (line: string) => void): Promise<boolean> {
  const scale = shipments === undefined ? undefined : month(shipments);
  const world = story === 'shipments' ? new ShipmentWorld(seed, onTrace, scale) : new World(seed, onTrace);
  try {
    const figures = await world.run();
    if (scale !== undefined) console.log(figures);
    return true;
  } catch (error) {
    if (!(error instanceof SimulationFailure)) throw error;
    console.error(error.message);
    return false;
  }
}

if (story === 'receipts') {
  const seed = whole('seed', values.seed ?? '1');
  const held = await tellReceipts(seed);
  if (held) console.log(`seed ${seed} holds`);
  process.exitCode = held ? 0 : 1;
} else if (values.seed !== undefined || shipments !== undefined) {
  const seed = whole('seed', values.seed ?? '1');
  const held = await holds(seed, values.trace ? console.log : undefined);
  if (held) console.log(`seed ${seed} holds`);
  process.exitCode = held ? 0 : 1;
} else {
  const from = whole('from', values.from);
  const until = from + whole('seeds', values.seeds);
  const startedMs = performance.now();
  const stopMs =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : whole('minutes', values.minutes) * 60_000;
  let seed = from;
  while (seed < until && performance.now() - startedMs < stopMs) {
    if (!(await holds(seed))) {
      process.exitCode = 1;
      break;
    }
    seed++;
    if ((seed - from) % PROGRESS_SEEDS === 0) console.error(`${seed - from} seeds hold`);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  if (process.exitCode !== 1)
    console.log(`${seed - from} seeds hold, from ${from}, in ${seconds.toFixed(1)} s`);
}
