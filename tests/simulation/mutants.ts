/**
 * Shows that the simulation sees: `npm run simulate:mutants [-- NAME…]` (`-- shipments` for those of the shipments). Each
 * promise below is taken out of a copy of the sources, one at a time; a run over at most 200 seeds must notice. Exit 1
 * when one is not noticed.
 *
 * Left out, because nobody could see the difference:
 * - the lease's holder: two pulls of an account side by side cost calls, not orders;
 * - the quota bucket: Amazon refuses what is too much, and the pull is put back all the same;
 * - that a confirmation that is there is not written over: the shipment's version lets one change make its number known;
 * - that a check which lost against another is made again at once: its job fails, and comes again;
 * - that an entry does not give way to one of a lower rank: a worker that sees the higher one has lost its claim.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';

const SEEDS_MAX = 200;
/** Far more than all seeds take; a mutant that never ends is a mistake in the mutant. */
const RUN_MAX_MS = 10 * 60_000;
const ROOT = resolve(import.meta.dirname, '../..');
/** What the simulation is made of. */
const SOURCES = ['events', 'functions', 'local', 'shared', 'tests', 'package.json', 'tsconfig.json'];

interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly code: string;
  readonly becomes: string;
  /** Which of the simulations has to notice; left out, the one of orders and money. */
  readonly story?: 'shipments';
}

const ORDERS = 'tests/support/memory/order-store.ts';
const REPORTS = 'tests/support/memory/report-store.ts';
const BUYER = 'shared/domain/buyer.ts';
const CHANNELS = 'tests/support/memory/channel-store.ts';
const STORE = 'shared/usecases/store-pulled-orders.ts';
const PULL = 'shared/usecases/pull-orders.ts';
const WINDOW = 'shared/domain/pull-window.ts';
const RECONCILE = 'shared/usecases/reconcile-report.ts';
const MONEY = 'shared/domain/order-money.ts';
const MISSED = 'shared/usecases/request-missed-reports.ts';

const MUTANTS: readonly Mutant[] = [
  // Conditions of writes.
  {
    name: 'an older order overwrites a newer one',
    file: ORDERS,
    code: "if (row?.order !== undefined && row.order.updatedAt >= order.updatedAt) return 'older';",
    becomes: '',
  },
  {
    name: 'a ledger is written whatever its version',
    file: ORDERS,
    code: '(row?.entriesVersion ?? 0) === change.expectedVersion &&',
    becomes: '',
  },
  {
    name: 'a ledger is written though the order came meanwhile',
    file: ORDERS,
    code: '(row?.order !== undefined) === change.orderKnown;',
    becomes: 'true;',
  },
  {
    name: 'an arriving order leaves its rows waiting',
    file: ORDERS,
    code: '      waitingSince: undefined,\n    });\n    return',
    becomes: '      waitingSince: row?.waitingSince,\n    });\n    return',
  },
  {
    name: "a statement's head is replaced whichever stands there",
    file: REPORTS,
    code: "if (version(stored) !== version(expected)) return 'moved';",
    becomes: '',
  },
  {
    name: 'a final report is written over',
    file: REPORTS,
    code: "if (stored && stored.outcome !== 'processing') return 'already-final';",
    becomes: '',
  },
  {
    name: 'a watermark moves back',
    file: CHANNELS,
    code: 'channel.ordersWatermark >= watermark',
    becomes: 'false',
  },
  {
    name: 'an older buyer overwrites a newer one',
    file: BUYER,
    code: 'const newer = stored.updatedAt >= incoming.updatedAt ? stored : incoming;',
    becomes: 'const newer = incoming;',
  },
  // The pull.
  {
    name: 'no overlap',
    file: WINDOW,
    code: 'export const OVERLAP_MS = 15 * 60_000;',
    becomes: 'export const OVERLAP_MS = 0;',
  },
  {
    name: 'the window reaches up to now',
    file: WINDOW,
    code: 'Math.min(nowMs - SETTLING_MS, fromMs + WINDOW_MAX_MS)',
    becomes: 'Math.min(nowMs, fromMs + WINDOW_MAX_MS)',
  },
  {
    name: 'the watermark moves with every page',
    file: PULL,
    code: '    if (page.nextPageToken === undefined) break;',
    becomes: '    await advance(deps, channels, window);\n    if (page.nextPageToken === undefined) break;',
  },
  {
    name: 'the watermark moves before the last page is stored',
    file: PULL,
    code: '    const stored = await storePulledOrders(',
    becomes:
      '    if (page.nextPageToken === undefined) await advance(deps, channels, window);\n    const stored = await storePulledOrders(',
  },
  {
    name: 'a failed page counts as an empty one',
    file: PULL,
    code: '      if (!tokenDied || restarted) throw error;',
    becomes:
      '      if (!tokenDied || restarted) {\n        await advance(deps, channels, window);\n        return run.facts("completed");\n      }',
  },
  {
    name: 'a throttled pull is not put back',
    file: PULL,
    code: "return putBack(deps, run, job, window, 'throttled', error.retryAfterMs);",
    becomes: "return run.facts('put-back');",
  },
  {
    name: 'a dead page token fails the pull',
    file: PULL,
    code: 'if (!tokenDied || restarted) throw error;',
    becomes: 'throw error;',
  },
  {
    name: 'an unreadable order is passed over',
    file: PULL,
    code: 'unseenFrom = earlier(unseenFrom, updatedAt ?? window.from);',
    becomes: '{}',
  },
  {
    name: 'the bound Amazon applied is not looked at',
    file: PULL,
    code: 'let unseenFrom = earlier(window.unseenFrom, page.effectiveUntil);',
    becomes: 'let unseenFrom = window.unseenFrom;',
  },
  {
    name: 'a pull that goes on forgets what it could not read',
    file: PULL,
    code: 'await deps.queue.send({ ...job, window }, { delayMs });',
    becomes: 'await deps.queue.send({ ...job, window: { ...window, unseenFrom: undefined } }, { delayMs });',
  },
  {
    name: 'a site switched off in the middle of a window counts as seen',
    file: PULL,
    code: 'if (siteIds.every((siteId) => sites.has(siteId))) return',
    becomes: 'return',
  },
  {
    name: 'a watermark moves for sites that were not asked for',
    file: PULL,
    code: 'if (!asked || !reachesBackTo(window, channel)) continue;',
    becomes: 'if (!reachesBackTo(window, channel)) continue;',
  },
  {
    name: 'a watermark moves though the window began after it',
    file: PULL,
    code: 'if (!asked || !reachesBackTo(window, channel)) continue;',
    becomes: 'if (!asked) continue;',
  },
  {
    name: 'the order is stored before its buyer',
    file: STORE,
    code: '  const state = kept ?',
    becomes: '  await deps.orders.putOrder(order, undefined);\n  const state = kept ?',
  },
  {
    name: 'a failed pull keeps its lease',
    file: PULL,
    code: 'if (!goesOn) await',
    becomes: 'if (false) await',
  },
  // Reconciliation.
  {
    name: 'the lower rank wins',
    file: RECONCILE,
    code: '} else if (seen && seen.rank > rank) {',
    becomes: '} else if (seen && seen.rank < rank) {',
  },
  {
    name: 'a duplicate does not renew the rank',
    file: RECONCILE,
    code: 'const renewed: StatementHead = { ...seen, rank };',
    becomes: 'const renewed: StatementHead = seen;',
  },
  {
    name: 'orders that vanished from a corrected file keep their money',
    file: RECONCILE,
    code: 'if (!(await takeOutReplaced(deps, channel, file, origin, claims))) continue;',
    becomes: '',
  },
  {
    name: 'a replacement forgets what an unfinished one was replacing',
    file: RECONCILE,
    code: '[...new Set([...seen.replacing, seen.reportId])]',
    becomes: '[seen.reportId]',
  },
  {
    name: 'a claim lost meanwhile is not noticed',
    file: RECONCILE,
    code: 'if (!(await completeAll(deps, channel.accountId, claims))) continue;',
    becomes: 'await completeAll(deps, channel.accountId, claims);',
  },
  {
    name: 'claims are never closed',
    file: RECONCILE,
    code: 'if (!(await completeAll(deps, channel.accountId, claims))) continue;',
    becomes: '',
  },
  {
    name: 'a ledger is written without a look at the claim',
    file: RECONCILE,
    code: '    if (!(await stillStand(deps, channel.accountId, claims))) return false;\n',
    becomes: '',
  },
  {
    name: 'the claim is not looked at again when a ledger had moved',
    file: RECONCILE,
    code: 'if (!(await stillStand(deps, channel.accountId, claims))) return false;',
    becomes: 'if (attempt === 0 && !(await stillStand(deps, channel.accountId, claims))) return false;',
  },
  {
    name: 'a ledger without a replaced entry is left at its version',
    file: RECONCILE,
    code: '(record) => replaceEntries(record?.entries ?? {}, [], won)),',
    becomes:
      '(record) => {\n        const next = replaceEntries(record?.entries ?? {}, [], won);\n        return record === undefined || next === record.entries ? undefined : next;\n      }),',
  },
  {
    name: 'ledgers that changed meanwhile are given up',
    file: RECONCILE,
    code: 'open = [...(await deps.orders.changeLedgers(changes))];',
    becomes: 'await deps.orders.changeLedgers(changes);\n    open = [];',
  },
  {
    name: 'a report begun is a report done',
    file: RECONCILE,
    code: "if (known && known.outcome !== 'processing') return known;",
    becomes: 'if (known) return known;',
  },
  {
    name: 'replaced entries stay',
    file: MONEY,
    code: 'if (rank !== undefined && entry.rank < rank) changed = true;\n    else next[key] = entry;',
    becomes: 'next[key] = entry;',
  },
  {
    name: 'money held back is added to money paid',
    file: MONEY,
    code: 'return confirmed.size > 0 ? [...confirmed.values()].flat() : deferred;',
    becomes: 'return [...[...confirmed.values()].flat(), ...deferred];',
  },
  {
    name: 'two sources of one settlement add up',
    file: MONEY,
    code: '} else if (precedence[entry.source] === precedence[rival.source]) {',
    becomes: '} else {',
  },
  // Finding what was lost.
  {
    name: 'nobody looks for missed reports',
    file: MISSED,
    code: '    if (report && !givenUp) continue;',
    becomes: '    continue;',
  },
  {
    name: 'reports given up half way are not looked for',
    file: MISSED,
    code: '    if (report && !givenUp) continue;',
    becomes: '    if (report) continue;',
  },
  // Failures.
  {
    name: 'a failed job counts as done',
    file: 'shared/runtime/sqs-batch.ts',
    code: '      batchItemFailures.push({ itemIdentifier: record.messageId });',
    becomes: '',
  },
  {
    name: 'city and postcode are kept',
    file: RECONCILE,
    code: "return facts.format === 'date-range'",
    becomes: "return facts.format === ''",
  },
];

const SHIPMENT_STORES = 'tests/support/memory/shipment-stores.ts';
const CONFIRM = 'shared/usecases/confirm-shipment.ts';
const DECISION = 'shared/domain/confirmation-decision.ts';
const TRACK = 'shared/usecases/track-shipments.ts';
const PLAN_TRACKING = 'shared/usecases/plan-tracking.ts';
const TRACKING = 'shared/domain/tracking.ts';

const SHIPMENT_MUTANTS: readonly Omit<Mutant, 'story'>[] = [
  // What marketplaces are told.
  {
    name: 'after an unknown answer the marketplace is not asked what it has',
    file: CONFIRM,
    code: "if (this.#now.state === 'sending' || manualFulfilment !== undefined) {",
    becomes: 'if (manualFulfilment !== undefined) {',
  },
  {
    name: 'what was not answered counts as not sent',
    file: CONFIRM,
    code: "if (error instanceof UnavailableError) return this.#waitForTheMarketplace();\n      if (isUnauthorised(error)) return this.#wait('unauthorised', UNAUTHORISED_WAIT_MS, 'wanted');",
    becomes: "if (error instanceof UnavailableError) return this.#wait('unavailable', 60_000, 'wanted');",
  },
  {
    name: 'a confirmation is sent whoever is at it',
    file: CONFIRM,
    code: 'return isUnderWay(confirmation, deps.clock.now())',
    becomes: "return confirmation.trackingNumber === ''",
  },
  {
    name: 'whoever sends a message again makes it look worked on',
    file: 'shared/domain/shipping-confirmation.ts',
    code: "{ state, underWayUntil }: Pick<ShippingConfirmation, 'state' | 'underWayUntil'>,",
    becomes: '{ state, dueAt: underWayUntil }: { state: string; dueAt?: string },',
  },
  {
    name: 'the intent is not stored before the call',
    file: CONFIRM,
    code: "if (!(await this.#store(intent))) return { outcome: 'changed-meanwhile' };\n",
    becomes: '',
  },
  {
    name: 'a number is told after the delivery',
    file: DECISION,
    code: "return state === 'delivered' || state === 'returned' ? { do: 'leave-alone', reason: state } : undefined;",
    becomes: 'return undefined;',
  },
  {
    name: 'a shipped order is told again',
    file: DECISION,
    code: "    case 'already-shipped':\n",
    becomes: "    case 'already-shipped':\n      return undefined;\n",
  },
  {
    name: 'the switch is not looked at',
    file: DECISION,
    code: 'channel?.trackingSync === true && channel.archivedAt === undefined',
    becomes: 'channel !== undefined',
  },
  {
    name: 'the rest of an order is the order',
    file: DECISION,
    code: 'if (confirmation.lines.length > 0 || order === undefined || elsewhere.length === 0) return facts;',
    becomes: 'if (order !== undefined) return facts;',
  },
  {
    name: 'a confirmation is written whatever its version',
    file: SHIPMENT_STORES,
    code: "if ((stored?.version ?? 0) !== expectedVersion) return 'conflict';",
    becomes: '',
  },
  {
    name: 'nobody looks for lost confirmations',
    file: PLAN_TRACKING,
    code: 'const resent = await resendConfirmations(deps);',
    becomes: 'const resent = { resent: 0, oldestUnpushedMs: undefined };',
  },
  {
    name: 'a lost confirmation is moved on before it is sent again',
    file: PLAN_TRACKING,
    code: '    await confirmationQueues[marketplace].send(job);\n    const dueAt = isoInstant(nowMs + RESENT_AGAIN_MS);',
    becomes: '    const dueAt = undefined;',
  },
  // Tracking.
  {
    name: 'checks are moved on before they are asked for',
    file: PLAN_TRACKING,
    code: '    await checks.send(checkJob(this.#courier, keys, { urgent, correlationId, nowMs }));\n    await this.#move(batch);',
    becomes:
      '    await this.#move(batch);\n    await checks.send(checkJob(this.#courier, keys, { urgent, correlationId, nowMs }));',
  },
  {
    name: 'a courier is asked without a look at its allowance',
    file: TRACK,
    code: 'for (const { bucket, plan } of this.#buckets) {\n      const call =',
    becomes: 'for (const { bucket, plan } of this.#buckets.slice(9)) {\n      const call =',
  },
  {
    name: 'a number is stored without what is to be told of it',
    file: TRACK,
    code: 'await shipments.change(shipment, current.version, confirmations)',
    becomes: 'await shipments.change(shipment, current.version)',
  },
  {
    name: 'a shipment is written whatever its version',
    file: SHIPMENT_STORES,
    code: "if (this.#shipments.get(shipment.shipmentKey)?.version !== expectedVersion) return 'conflict';",
    becomes: '',
  },
  {
    name: 'the last line of a list is the state',
    file: 'shared/domain/tracking-state.ts',
    code: 'event.state !== undefined && isShipmentMove(state, event.state) ? event.state : state',
    becomes: 'event.state ?? state',
  },
  {
    name: 'events count by their times',
    file: TRACKING,
    code: 'const told = stateAfter(events);',
    becomes: "const told = stateAfter(events.toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1)));",
  },
  {
    name: 'a delivery after a return is a delivery',
    file: 'shared/domain/tracking-state.ts',
    code: '  returned: [],\n',
    becomes: "  returned: ['delivered'],\n",
  },
  {
    name: 'an instruction to bring the goods back is not read',
    file: TRACKING,
    code: "const derived = found.returnInstructed && told !== 'returned' ? 'returned' : told;",
    becomes: 'const derived = told;',
  },
  {
    name: 'an older answer takes events away',
    file: TRACKING,
    code: 'const { events, added } = mergeEvents(shipment.shipmentKey, shipment.events, found.events);',
    becomes: 'const { events, added } = mergeEvents(shipment.shipmentKey, [], found.events);',
  },
  {
    name: 'a shipment of last year is looked for in this one',
    file: 'shared/adapters/brt/tracker.ts',
    code: 'new Set([CURRENT_YEAR, ...own])',
    becomes: 'new Set([CURRENT_YEAR])',
  },
  {
    name: 'a courier that was silent once is never asked again',
    file: 'shared/domain/courier-reach.ts',
    code: "return agoMs >= SILENT_AGAIN_MS ? 'one-call' : 'closed';",
    becomes: "return 'closed';",
  },
];
const ALL: readonly Mutant[] = [
  ...MUTANTS,
  ...SHIPMENT_MUTANTS.map((mutant) => ({ ...mutant, story: 'shipments' as const })),
];

const only = process.argv.slice(2).join(' ');
const copy = mkdtempSync(join(tmpdir(), 'simulation-mutants-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const source of SOURCES) cpSync(join(ROOT, source), join(copy, source), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

/** The seed that noticed and what it said, or undefined. */
function caughtBy({
  name,
  file,
  code,
  becomes,
  story,
}: Mutant): { seed: string; invariant: string } | undefined {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(code).length !== 2) throw new Error(`${name}: ${file} does not hold this once: ${code}`);
  writeFileSync(
    path,
    source.replace(code, () => becomes),
  );
  try {
    const run = spawnSync(
      process.execPath,
      [
        join(copy, 'tests/simulation/run.ts'),
        ...(story === undefined ? [] : [story]),
        '--seeds',
        String(SEEDS_MAX),
      ],
      { encoding: 'utf8', timeout: RUN_MAX_MS },
    );
    if (run.status === 0) return undefined;
    const [, seed, invariant] = /^seed (\d+), step \d+: (.*)$/m.exec(run.stderr) ?? [];
    if (seed === undefined || invariant === undefined)
      throw new Error(`${name}: ${run.stderr || run.signal}`);
    return { seed, invariant };
  } finally {
    writeFileSync(path, source);
  }
}

const table = new Table({
  head: ['taken out', 'caught by', 'which saw that this does not hold'],
  style: { head: [], border: [], compact: true },
});
const survivors: string[] = [];
for (const mutant of ALL) {
  if (![mutant.name, mutant.story].some((text) => text?.includes(only))) continue;
  const caught = caughtBy(mutant);
  console.error(`${mutant.name}: ${caught ? `seed ${caught.seed}, ${caught.invariant}` : 'SURVIVED'}`);
  table.push([mutant.name, caught ? `seed ${caught.seed}` : 'SURVIVED', caught?.invariant ?? '']);
  if (!caught) survivors.push(mutant.name);
}
console.log(table.toString());
if (survivors.length > 0) {
  console.error(`not noticed within ${SEEDS_MAX} seeds: ${survivors.join('; ')}`);
  process.exitCode = 1;
}
