import { type Channel, currencyOfCountry } from '../domain/channel.ts';
import { UnavailableError } from '../domain/errors.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import { type OrderId, orderId } from '../domain/order.ts';
import { replaceEntries } from '../domain/order-money.ts';
import {
  type EntryOrigin,
  isOtherChannel,
  Reconciliation,
  type StatementUnit,
  unitKey,
  unitRank,
} from '../domain/reconciliation.ts';
import { type Report, type ReportWarning, type StatementHead, UNKNOWN_CHANNEL } from '../domain/report.ts';
import { type ReadFacts, RefusedReport } from '../domain/statement.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { LedgerChange, OrderRecord, OrderStore } from '../ports/order-store.ts';
import type { PaymentReportReader } from '../ports/payment-report-reader.ts';
import type { ReportedEntry, ReportFiles, ReportObject } from '../ports/report-files.ts';
import type { ReportStore, StatementStore } from '../ports/report-store.ts';

export interface ReconcileReportDeps {
  readonly files: ReportFiles;
  readonly reader: PaymentReportReader;
  readonly channels: ChannelStore;
  readonly orders: OrderStore;
  readonly reports: ReportStore;
  readonly statements: StatementStore;
  readonly clock: Clock;
  /** The channel an object key belongs to, or undefined for a key outside the report prefix. */
  readonly channelOf: (objectKey: string) => string | undefined;
  /** The natural key of an upload: the same object always gives the same id. */
  readonly reportIdOf: (object: ReportObject) => string;
}

/** Orders changed per round; a round is read while the one before is written. */
const ORDERS_PER_ROUND = 500;
/** Times an order's ledger is computed anew when somebody else changed it in between. */
const CHANGE_ATTEMPTS_MAX = 8;
/** Times a statement's head is looked at anew when another upload of it moved it. */
const CLAIM_ATTEMPTS_MAX = 8;
/** Order ids named in one warning. */
const DETAIL_IDS_MAX = 20;

/**
 * Reconciles one uploaded payment report.
 *
 * Input: the key of an object in the report bucket. Output: the stored report, final.
 * 1. Recognise and read the file, streaming, into exact sums per order and bucket.
 * 2. Keep a copy without personal data and the entries the file holds.
 * 3. Claim each statement in it: the newest upload of a settlement wins, of a day the longest.
 * 4. Replace the entries of the orders concerned; rows of orders not pulled yet wait with the order's key.
 * 5. Take out what earlier uploads of the same statements wrote or may still write elsewhere, close the claims.
 * 6. Store the report with every row accounted for.
 *
 * Every step can be repeated or interrupted: all writes are conditional on natural keys, and the claim is written
 * before and completed after the entries. Who loses a claim has nothing to undo, and may end anywhere: a ledger is
 * read, then the claims are looked at, then it is written on the version read; and the winner, once it has claimed,
 * moves the version of every ledger that an earlier upload can have read.
 *
 * @returns undefined when there is nothing to do: the object is gone or is no payment report's
 * @throws PartnerError when a store is unavailable; the same call later finishes the work
 */
export async function reconcileReport(
  deps: ReconcileReportDeps,
  objectKey: string,
): Promise<Report | undefined> {
  const channelId = deps.channelOf(objectKey);
  if (channelId === undefined) return undefined;
  const object = await deps.files.find(objectKey);
  if (!object) return undefined;

  const reportId = deps.reportIdOf(object);
  const known = await deps.reports.getReport(reportId);
  if (known && known.outcome !== 'processing') return known;

  const channel = await deps.channels.getChannel(channelId);
  const begun: Report = {
    reportId,
    channelId: channel?.channelId ?? UNKNOWN_CHANNEL,
    accountId: channel?.accountId ?? '',
    objectKey,
    sizeBytes: object.sizeBytes,
    uploadedAt: object.uploadedAt,
    startedAt: instant(deps.clock),
    finishedAt: undefined,
    outcome: 'processing',
    refusal: undefined,
    reconciliation: undefined,
    standsInstead: undefined,
    warnings: [],
  };
  await deps.reports.beginReport(begun);

  let finished: Partial<Report> & Pick<Report, 'outcome'>;
  try {
    if (!channel) throw new RefusedReport('unknown-channel', channelId);
    finished = await importReport(deps, channel, object, reportId);
  } catch (error) {
    if (!(error instanceof RefusedReport)) throw error;
    finished = { outcome: 'refused', refusal: { code: error.code, detail: error.detail } };
  }
  const report: Report = { ...begun, ...finished, finishedAt: instant(deps.clock) };
  const stored = await deps.reports.finishReport(report);
  return stored === 'finished' ? report : ((await deps.reports.getReport(reportId)) ?? report);
}

async function importReport(
  deps: ReconcileReportDeps,
  channel: Channel,
  object: ReportObject,
  reportId: string,
): Promise<Partial<Report> & Pick<Report, 'outcome'>> {
  const file = new Reconciliation();
  const hints = { timeZone: channel.timeZone, currency: currencyOfCountry(channel.country) };
  const facts = await deps.reader.read(deps.files.read(object), hints, file);
  const units = file.units(facts.format);
  const ranks = new Map(
    units.map((unit) => [unit.key, unitRank(facts.format, unit, object.uploadedAt, reportId)] as const),
  );
  const origin: EntryOrigin = { format: facts.format, currency: facts.currency, reportId, ranks };

  await keepForReplay(deps, object, reportId, facts);
  await deps.files.keepEntries(reportId, entriesOf(file, origin));

  for (let attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
    const claims = await claimAll(deps, channel.accountId, reportId, units, ranks);
    // Taken over meanwhile: the next attempt sees it and leaves that statement to the newer upload.
    const applied = await applyEntries(deps, channel, file, origin, claims);
    if (!applied) continue;
    if (!(await takeOutReplaced(deps, channel, file, origin, claims))) continue;
    if (!(await completeAll(deps, channel.accountId, claims))) continue;
    const reconciliation = file.finish(facts, (id) => applied.known.has(id));
    return { ...outcomeOf(claims, reportId), reconciliation, warnings: warningsOf(claims, applied, facts) };
  }
  throw new UnavailableError('state', `statements of report ${reportId} keep being taken over`);
}

/** Only date-range files hold personal data (city, region, postcode); of those a copy freed of it is kept. */
function keepForReplay(
  deps: ReconcileReportDeps,
  object: ReportObject,
  reportId: string,
  facts: ReadFacts,
): Promise<void> {
  return facts.format === 'date-range'
    ? deps.files.keepCopy(reportId, deps.reader.withoutPersonalData(deps.files.read(object)))
    : deps.files.keepObject(reportId, object);
}

function* entriesOf(file: Reconciliation, origin: EntryOrigin): Generator<ReportedEntry> {
  for (const marketplaceOrderId of file.orderIds()) {
    for (const entry of file.entriesOf(marketplaceOrderId, origin)) yield { marketplaceOrderId, entry };
  }
}

// ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────

/** How one statement of the file fared against other uploads of it. */
interface Claim {
  readonly unit: StatementUnit;
  readonly rank: string;
  readonly result: 'won' | 'duplicate' | 'lost';
  /** The head that stands now. */
  readonly head: StatementHead;
  /** The upload that stood before, when it said something else. */
  readonly replaced: StatementHead | undefined;
}

async function claimAll(
  deps: ReconcileReportDeps,
  accountId: string,
  reportId: string,
  units: readonly StatementUnit[],
  ranks: ReadonlyMap<string, string>,
): Promise<Claim[]> {
  const heads = await deps.statements.getHeads(
    accountId,
    units.map((unit) => unit.key),
  );
  const claims: Claim[] = [];
  for (const unit of units) {
    claims.push(await claim(deps, accountId, reportId, unit, ranks.get(unit.key) ?? '', heads.get(unit.key)));
  }
  return claims;
}

async function claim(
  deps: ReconcileReportDeps,
  accountId: string,
  reportId: string,
  unit: StatementUnit,
  rank: string,
  firstSeen: StatementHead | undefined,
): Promise<Claim> {
  let seen = firstSeen;
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS_MAX; attempt++) {
    if (seen?.reportId === reportId) return { unit, rank, result: 'won', head: seen, replaced: undefined };
    if (seen?.fingerprint === unit.fingerprint && seen.state === 'imported') {
      // The same contents stand already. The newer upload still counts: an older, different one must not win later.
      if (seen.rank >= rank) return { unit, rank, result: 'duplicate', head: seen, replaced: undefined };
      const renewed: StatementHead = { ...seen, rank };
      if ((await deps.statements.replaceHead(renewed, seen)) === 'replaced') {
        return { unit, rank, result: 'duplicate', head: renewed, replaced: undefined };
      }
    } else if (seen && seen.rank > rank) {
      return { unit, rank, result: 'lost', head: seen, replaced: undefined };
    } else {
      const head: StatementHead = {
        accountId,
        unitKey: unit.key,
        rank,
        fingerprint: unit.fingerprint,
        rows: unit.rows,
        reportId,
        state: 'importing',
        replacing: seen ? [...new Set([...seen.replacing, seen.reportId])] : [],
      };
      if ((await deps.statements.replaceHead(head, seen)) === 'replaced') {
        const replaced = seen && seen.fingerprint !== unit.fingerprint ? seen : undefined;
        return { unit, rank, result: 'won', head, replaced };
      }
    }
    seen = (await deps.statements.getHeads(accountId, [unit.key])).get(unit.key);
  }
  throw new UnavailableError('state', `statement ${unit.key} is being claimed by other uploads`);
}

/** Whether every statement that was won is still this upload's. */
async function stillStand(
  deps: ReconcileReportDeps,
  accountId: string,
  claims: readonly Claim[],
): Promise<boolean> {
  const won = wonOf(claims);
  const unitKeys = won.map(({ unit }) => unit.key);
  const now = await deps.statements.getHeads(accountId, unitKeys);
  return won.every(({ unit, head }) => now.get(unit.key)?.reportId === head.reportId);
}

function wonOf(claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(({ result }) => result === 'won');
}

function ranksOf(won: readonly Claim[]): ReadonlyMap<string, string> {
  return new Map(won.map(({ unit, rank }) => [unit.key, rank] as const));
}

/** Closes the claims; false when one of them was lost meanwhile, even if it had been closed by an earlier attempt. */
async function completeAll(
  deps: ReconcileReportDeps,
  accountId: string,
  claims: readonly Claim[],
): Promise<boolean> {
  for (const { head } of wonOf(claims)) {
    for (const earlier of head.replacing) await deps.reports.noteReplaced(earlier, head.reportId);
    if (head.state === 'imported' && head.replacing.length === 0) continue;
    await deps.statements.replaceHead({ ...head, state: 'imported', replacing: [] }, head);
  }
  return stillStand(deps, accountId, claims);
}

// ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The ledger an order gets, or undefined when it is left as it is. */
type Settle = (
  record: OrderRecord | undefined,
  marketplaceOrderId: string,
) => Readonly<Record<string, LedgerEntry>> | undefined;

interface Applied {
  /** Marketplace order ids that had been pulled when their rows were applied. */
  readonly known: ReadonlySet<string>;
  readonly foreignCurrency: readonly string[];
}

async function applyEntries(
  deps: ReconcileReportDeps,
  channel: Channel,
  file: Reconciliation,
  origin: EntryOrigin,
  claims: readonly Claim[],
): Promise<Applied | undefined> {
  const won = ranksOf(wonOf(claims));
  const known = new Set<string>();
  const foreignCurrency: string[] = [];
  const settle: Settle = (record, marketplaceOrderId) => {
    if (record?.order) {
      known.add(marketplaceOrderId);
      const currency = record.order.total?.currency;
      if (currency !== undefined && currency !== origin.currency) foreignCurrency.push(marketplaceOrderId);
    }
    const current = record?.entries ?? {};
    const incoming = file.entriesOf(marketplaceOrderId, origin).filter((entry) => won.has(unitKey(entry)));
    const next = replaceEntries(current, incoming, won);
    return next === current ? undefined : next;
  };
  const ids = (function* () {
    for (const id of file.orderIds()) if (!isOtherChannel(id)) yield id;
  })();
  // Where nothing is written of an order, only its record says whether it is known: then nothing is taken for new.
  const outlook = claims.every((c) => c.result === 'won') ? { allNew: false } : undefined;
  const stood = await inRounds(ids, (round) => changeRound(deps, channel, claims, round, settle, outlook));
  return stood ? { known, foreignCurrency: [...new Set(foreignCurrency)] } : undefined;
}

/**
 * Where an earlier upload of a won statement named an order and this one does not, that upload's entries go. The
 * ledger is written even when there are none, and made when there is no record: a worker of that upload may hang with
 * what it is about to write, decided before this claim, and must find the version moved.
 * @returns false when a claim was lost meanwhile
 */
async function takeOutReplaced(
  deps: ReconcileReportDeps,
  channel: Channel,
  file: Reconciliation,
  origin: EntryOrigin,
  claims: readonly Claim[],
): Promise<boolean> {
  const won = ranksOf(wonOf(claims));
  const isNamed = (marketplaceOrderId: string, unit: string): boolean =>
    file.entriesOf(marketplaceOrderId, origin).some((entry) => unitKey(entry) === unit);
  for (const reportId of new Set(wonOf(claims).flatMap(({ head }) => head.replacing))) {
    const gone = new Set<string>();
    for await (const { marketplaceOrderId, entry } of deps.files.readEntries(reportId)) {
      const unit = unitKey(entry);
      if (won.has(unit) && !isOtherChannel(marketplaceOrderId) && !isNamed(marketplaceOrderId, unit)) {
        gone.add(marketplaceOrderId);
      }
    }
    const stood = await inRounds(gone, (round) =>
      changeRound(deps, channel, claims, round, (record) => replaceEntries(record?.entries ?? {}, [], won)),
    );
    if (!stood) return false;
  }
  return true;
}

/** Runs rounds of ids, two at a time: one is being read while the other is being written. False once one was. */
async function inRounds(
  ids: Iterable<string>,
  work: (round: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  const iterator = ids[Symbol.iterator]();
  const lane = async (): Promise<boolean> => {
    for (;;) {
      const round: string[] = [];
      while (round.length < ORDERS_PER_ROUND) {
        const next = iterator.next();
        if (next.done) break;
        round.push(next.value);
      }
      if (round.length === 0) return true;
      if (!(await work(round))) return false;
    }
  };
  return (await Promise.all([lane(), lane()])).every((stood) => stood);
}

/** Changes the ledgers of some orders while the claims stand; false when one of them was lost meanwhile. */
async function changeRound(
  deps: ReconcileReportDeps,
  channel: Channel,
  claims: readonly Claim[],
  round: readonly string[],
  settle: Settle,
  outlook?: { allNew: boolean },
): Promise<boolean> {
  const byId = new Map<OrderId, string>(round.map((id) => [orderId(channel.marketplace, id), id] as const));
  let open = [...byId.keys()];
  for (let attempt = 0; open.length > 0; attempt++) {
    if (attempt === CHANGE_ATTEMPTS_MAX) {
      throw new UnavailableError('state', `ledgers of ${open.length} orders keep changing under the import`);
    }
    // After a round of orders nobody had heard of, the next is written without looking first: the condition of the
    // write finds out where that was wrong, and those are looked at.
    const unseen = attempt === 0 && outlook?.allNew === true;
    const records = unseen ? new Map<OrderId, OrderRecord>() : await deps.orders.getMany(open);
    if (outlook && !unseen && attempt === 0) outlook.allNew = records.size === 0;
    const changes: LedgerChange[] = [];
    for (const id of open) {
      const record = records.get(id);
      const marketplaceOrderId = byId.get(id) as string;
      const entries = settle(record, marketplaceOrderId);
      if (entries === undefined) continue;
      changes.push({
        orderId: id,
        accountId: channel.accountId,
        marketplaceOrderId,
        expectedVersion: record?.entriesVersion ?? 0,
        orderKnown: record?.order !== undefined,
        entries,
        waitingSince: instant(deps.clock),
      });
    }
    if (changes.length === 0) return true;
    // After the reading, not before: a newer upload that claims from here on finds the versions read here, and moves
    // them before it is complete.
    if (!(await stillStand(deps, channel.accountId, claims))) return false;
    open = [...(await deps.orders.changeLedgers(changes))];
    if (outlook && unseen && open.length > 0) outlook.allNew = false;
  }
  return true;
}

// ── outcome ──────────────────────────────────────────────────────────────────────────────────────────────────

function outcomeOf(claims: readonly Claim[], reportId: string): Pick<Report, 'outcome' | 'standsInstead'> {
  if (claims.length === 0 || claims.some((c) => c.result === 'won'))
    return { outcome: 'imported', standsInstead: undefined };
  const instead = claims.find((c) => c.head.reportId !== reportId)?.head.reportId;
  const outcome = claims.every((c) => c.result === 'duplicate') ? 'duplicate' : 'superseded';
  return { outcome, standsInstead: instead };
}

function warningsOf(claims: readonly Claim[], applied: Applied, facts: ReadFacts): ReportWarning[] {
  const warnings: ReportWarning[] = [];
  for (const { result, replaced, unit } of claims) {
    if (replaced) warnings.push({ code: 'replaced', detail: unit.key });
    if (result === 'lost') {
      warnings.push({ code: facts.format === 'date-range' ? 'kept-longer' : 'kept-newer', detail: unit.key });
    }
  }
  if (applied.foreignCurrency.length > 0) {
    warnings.push({
      code: 'foreign-currency',
      detail: applied.foreignCurrency.slice(0, DETAIL_IDS_MAX).join(', '),
    });
  }
  return warnings;
}

function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
