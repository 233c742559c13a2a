import type { Buyer, PersonalDataState } from '../domain/buyer.ts';
import type { Channel, PersonalDataModule } from '../domain/channel.ts';
import { PartnerError, RejectedError, ThrottledError, UnexpectedAnswerError } from '../domain/errors.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import type { Marketplace, Order, OrderId } from '../domain/order.ts';
import { afterResult, isParked, type PersonalDataResult, personalDataEnd } from '../domain/personal-data.ts';
import {
  PROVIDER_TROUBLES,
  type ProviderAccount,
  ProviderRefusedError,
  type ProviderTroubleKind,
  withoutTroubles,
  withTrouble,
} from '../domain/provider-account.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderRecord, OrderStore } from '../ports/order-store.ts';
import type {
  PersonalDataAnswer,
  PersonalDataRequest,
  PersonalDataSource,
} from '../ports/personal-data-source.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';
import { note, type ProviderAccountDeps } from './provider-accounts.ts';

const PAGE_SIZE = 100;
/** Follow-ups looked at in one run; a shop has this many only after an outage, and the next run is five minutes away. */
const FOLLOW_UPS_MAX = 1_000;
/** The list is all marketplaces' together. */
const PAGES_MAX = 100;
/** A call and storing what it brought may take this long: with less time left, the rest is for the next run. */
const CALL_TIME_MS = 45_000;
/** An order without a name is for a person when its parcel has to leave within this time. */
const URGENT_MS = 24 * 3_600_000;
const DONE_WITH: readonly Order['status'][] = ['cancelled', 'refunded', 'unfulfillable'];
const STILL_TO_SHIP: readonly Order['status'][] = ['to-accept', 'unshipped', 'partly-shipped'];

/** A source with the allowance its calls are taken from. */
export interface MeteredSource {
  readonly source: PersonalDataSource;
  /** Name of the shared quota bucket behind `<owner>/`. */
  readonly operation: string;
  readonly plan: QuotaPlan;
  /** Calls left for others: a pull that shares the bucket goes first. */
  readonly keep?: number | undefined;
}

export interface FetchPersonalDataDeps extends Omit<ProviderAccountDeps, 'keys' | 'provider'> {
  readonly followUps: FollowUpStore;
  readonly orders: Pick<OrderStore, 'getMany' | 'setPersonalData'>;
  readonly buyers: Pick<BuyerStore, 'putBuyer'>;
  readonly channels: ChannelStore;
  readonly quota: QuotaStore;
  /** Whose orders this run is about: each marketplace has its own, so that a slow one keeps no other waiting. */
  readonly marketplace: Marketplace;
  /** The order itself, asked for again there. */
  readonly orderSource: MeteredSource;
  /** A module of an external provider. */
  readonly moduleSource: (account: ProviderAccount, moduleId: string) => MeteredSource;
}

/** What one run did. Ids and counts only. */
export interface PersonalDataFacts {
  readonly looked: number;
  readonly found: number;
  /** Asked for and not there yet. */
  readonly waiting: number;
  /** Settled without personal data: expired, or asked for often enough. */
  readonly withoutData: number;
  /** Waiting for a person to put right an account, a key or a match. */
  readonly parked: number;
  /** Answers that broke the source's contract. */
  readonly unexpected: number;
  /** Orders to be shipped by us within a day that have no personal data. */
  readonly urgent: readonly OrderId[];
  /** Provider accounts with something wrong at the end of the run. */
  readonly accountsInTrouble: number;
  /** False when time or the run's bound ended it before the list. */
  readonly complete: boolean;
}

/** An order to ask for, with its follow-up. */
interface Wanted {
  readonly followUp: FollowUp;
  readonly order: Order;
}

/**
 * Asks for the personal data that is due, each order at the source of its channel, and notes how it went.
 *
 * The buyer is stored before the order's state and both before the follow-up is closed: a crash in between asks once
 * more. What is about a whole account or module (key refused, suspended, not matched) parks its orders together, and
 * stands on the account once; then one call an hour tries whether it was put right.
 */
export async function fetchPersonalData(
  deps: FetchPersonalDataDeps,
  remainingMs: () => number,
): Promise<PersonalDataFacts> {
  const run = new Run();
  const now = isoInstant(deps.clock.now());
  const { followUps, complete } = await listDue(deps, now);
  run.complete = complete;
  const wanted = await stillWanted(deps, run, followUps);
  const channels = await deps.channels.listChannels();
  for (const group of groupedBySource(wanted, channels)) {
    await fetchGroup(deps, run, group, remainingMs);
  }
  const accounts = await deps.accounts.listProviderAccounts();
  return {
    ...run.counts,
    looked: followUps.length,
    complete: run.complete,
    urgent: await urgentOrders(deps),
    accountsInTrouble: accounts.filter(({ troubles }) => troubles.length > 0).length,
  };
}

class Run {
  complete = true;
  readonly counts = { found: 0, waiting: 0, withoutData: 0, parked: 0, unexpected: 0 };

  count(result: PersonalDataResult['result'], followUp: FollowUp): void {
    if (result === 'unexpected-answer') this.counts.unexpected += 1;
    if (followUp.state === 'done') this.counts.found += 1;
    else if (followUp.state !== 'waiting') this.counts.withoutData += 1;
    else if (isParked(followUp)) this.counts.parked += 1;
    else this.counts.waiting += 1;
  }
}

async function listDue(
  { followUps, marketplace }: Pick<FetchPersonalDataDeps, 'followUps' | 'marketplace'>,
  until: string,
): Promise<{ readonly followUps: readonly FollowUp[]; readonly complete: boolean }> {
  const due: FollowUp[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX && due.length < FOLLOW_UPS_MAX; page++) {
    const listed = await followUps.listDue({ kind: 'personal-data', until, limit: PAGE_SIZE, cursor });
    due.push(...listed.followUps.filter((followUp) => followUp.marketplace === marketplace));
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  return { followUps: due, complete: cursor === undefined };
}

/** Those that have to be asked for; the others are settled by what is known of their order. */
async function stillWanted(
  deps: FetchPersonalDataDeps,
  run: Run,
  followUps: readonly FollowUp[],
): Promise<readonly Wanted[]> {
  const records = await deps.orders.getMany([...new Set(followUps.map(({ orderId }) => orderId))]);
  const wanted: Wanted[] = [];
  for (const followUp of followUps) {
    const record = records.get(followUp.orderId);
    const known = knownResult(followUp, record, deps.clock.now());
    if (followUp.state !== 'waiting') {
      // Settled before, and kept in the list until its parcel had to leave.
      const { dueAt: _, ...kept } = followUp;
      await deps.followUps.change(kept, followUp.version);
    } else if (known !== undefined) await settle(deps, run, followUp, known);
    else if (record?.order !== undefined) wanted.push({ followUp, order: record.order });
  }
  return wanted;
}

function knownResult(
  { state }: FollowUp,
  record: OrderRecord | undefined,
  nowMs: number,
): PersonalDataResult | undefined {
  if (state !== 'waiting') return undefined;
  // The pull writes the order after its follow-up: it is on its way.
  if (record?.order === undefined) return { result: 'not-visible' };
  if (record.personalData === 'present') return { result: 'found' };
  if (record.personalData === 'deleted' || DONE_WITH.includes(record.order.status)) {
    return { result: 'not-needed' };
  }
  return Date.parse(personalDataEnd(record.order)) <= nowMs ? { result: 'expired' } : undefined;
}

/** Orders that one call may ask for together: of one module, or of one account of a marketplace. */
interface Group {
  readonly accountId: string;
  readonly module: PersonalDataModule | undefined;
  readonly wanted: Wanted[];
}

function groupedBySource(wanted: readonly Wanted[], channels: readonly Channel[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const each of wanted) {
    const { accountId, channelId } = each.followUp;
    const module = channels.find((channel) => channel.channelId === channelId)?.personalDataModule;
    const key = [accountId, module?.providerAccountId, module?.moduleId].join('/');
    const group = groups.get(key) ?? { accountId, module, wanted: [] };
    group.wanted.push(each);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Where the personal data of a group comes from. */
interface GroupSource extends MeteredSource {
  readonly bucket: string;
  /** The external provider's module behind it. */
  readonly module?: PersonalDataModule | undefined;
  /** Something was wrong last time: one order tries whether it still is. */
  readonly inTrouble: boolean;
}

async function sourceOf(deps: FetchPersonalDataDeps, group: Group): Promise<GroupSource | undefined> {
  const { module, accountId } = group;
  const account =
    module === undefined ? undefined : await deps.accounts.getProviderAccount(module.providerAccountId);
  if (module !== undefined && account === undefined) return undefined;
  if (module === undefined || account === undefined || account.kind === 'amazon-roles') {
    const metered = deps.orderSource;
    return { ...metered, bucket: `${deps.marketplace}/${accountId}/${metered.operation}`, inTrouble: false };
  }
  const metered = deps.moduleSource(account, module.moduleId);
  return {
    ...metered,
    bucket: `personal-data/${account.providerAccountId}/${metered.operation}`,
    module,
    inTrouble: account.troubles.some(
      ({ moduleId }) => moduleId === undefined || moduleId === module.moduleId,
    ),
  };
}

async function fetchGroup(
  deps: FetchPersonalDataDeps,
  run: Run,
  group: Group,
  remainingMs: () => number,
): Promise<void> {
  const { wanted } = group;
  const settleFrom = async (at: number, learnt: PersonalDataResult): Promise<void> => {
    for (const { followUp } of wanted.slice(at)) await settle(deps, run, followUp, learnt);
  };
  const source = await sourceOf(deps, group);
  if (source === undefined) return settleFrom(0, { result: 'not-configured' });

  let ordersAtOnce = source.inTrouble ? 1 : source.source.ordersPerCallMax;
  for (let at = 0; at < wanted.length; ) {
    if (remainingMs() < CALL_TIME_MS) {
      run.complete = false;
      return;
    }
    const call = await deps.quota.take(source.bucket, source.plan, deps.clock.now(), source.keep ?? 0);
    if (!call.granted) return settleFrom(at, { result: 'throttled', retryAfterMs: call.retryAfterMs });
    const batch = wanted.slice(at, at + ordersAtOnce);
    const failure = await fetchBatch(deps, run, source, batch);
    // It was about the source and none of the orders: the rest would hear the same.
    if (failure !== undefined) return settleFrom(at, failure);
    at += batch.length;
    ordersAtOnce = source.source.ordersPerCallMax;
  }
}

/** One call. Answers what stands in the way of all orders of this source; undefined when the batch is settled. */
async function fetchBatch(
  deps: FetchPersonalDataDeps,
  run: Run,
  source: GroupSource,
  batch: readonly Wanted[],
): Promise<PersonalDataResult | undefined> {
  let answers: ReadonlyMap<OrderId, PersonalDataAnswer>;
  try {
    answers = await source.source.fetch(batch.map(requestOf));
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    if (error instanceof ThrottledError) {
      await deps.quota.correct(source.bucket, source.plan, { exhausted: true }, deps.clock.now());
      return { result: 'throttled', retryAfterMs: error.retryAfterMs };
    }
    const learnt = resultOf(error);
    if (learnt.result !== 'unexpected-answer') {
      await noteTrouble(deps, source, learnt.result);
      return learnt;
    }
    for (const { followUp } of batch) await settle(deps, run, followUp, learnt);
    return undefined;
  }
  if (source.inTrouble) await noteRecovered(deps, source);
  for (const each of batch) await take(deps, run, source, each, answers.get(each.followUp.orderId));
  return undefined;
}

function requestOf({ followUp, order }: Wanted): PersonalDataRequest {
  const { orderId, marketplaceOrderId, accountId, siteId } = followUp;
  return { orderId, marketplaceOrderId, accountId, siteId, expiresAt: personalDataEnd(order) };
}

/** What a failed call says of every order of its source; `unexpected-answer` is only about those it asked for. */
function resultOf(error: PartnerError): PersonalDataResult {
  if (error instanceof ProviderRefusedError) {
    const { problem } = error;
    return isTrouble(problem) ? { result: problem } : { result: 'not-configured' };
  }
  if (error instanceof RejectedError && (error.status === 401 || error.status === 403)) {
    return { result: 'key-refused' };
  }
  if (error instanceof RejectedError || error instanceof UnexpectedAnswerError) {
    return { result: 'unexpected-answer' };
  }
  return { result: 'unavailable' };
}

function isTrouble(text: string): text is ProviderTroubleKind {
  return PROVIDER_TROUBLES.some((trouble) => trouble === text);
}

/** Stores what was found of one order, and closes its follow-up or says when to ask again. */
async function take(
  deps: FetchPersonalDataDeps,
  run: Run,
  { module }: GroupSource,
  { followUp, order }: Wanted,
  answer: PersonalDataAnswer = { outcome: 'unexpected-answer' },
): Promise<void> {
  switch (answer.outcome) {
    case 'found':
    case 'not-given': {
      const state = await store(deps, answer.buyer, module);
      if (state !== undefined) await deps.orders.setPersonalData(order.orderId, state);
      if (state === 'deleted') return settle(deps, run, followUp, { result: 'not-needed' });
      return settle(deps, run, followUp, { result: state === 'present' ? 'found' : 'not-given' });
    }
    case 'being-fetched':
    case 'throttled':
      return settle(deps, run, followUp, { result: answer.outcome, retryAfterMs: answer.retryAfterMs });
    default:
      return settle(deps, run, followUp, { result: answer.outcome });
  }
}

/** Answers where the personal data stands afterwards; a buyer past the end date is not stored. */
async function store(
  { buyers, clock }: FetchPersonalDataDeps,
  buyer: Buyer | undefined,
  module: PersonalDataModule | undefined,
): Promise<PersonalDataState | undefined> {
  if (buyer === undefined || Date.parse(buyer.expiresAt) <= clock.now()) return undefined;
  return (await buyers.putBuyer(module === undefined ? buyer : { ...buyer, source: module })).state;
}

async function settle(
  deps: FetchPersonalDataDeps,
  run: Run,
  followUp: FollowUp,
  learnt: PersonalDataResult,
): Promise<void> {
  const after = afterResult(followUp, learnt, deps.clock.now());
  const over = after.state === 'refused' || (after.state === 'gave-up' && learnt.result !== 'not-needed');
  if (over) await deps.orders.setPersonalData(followUp.orderId, 'refused');
  run.count(learnt.result, after);
  // Whoever changed it meanwhile knows something newer: a released match, a deletion.
  await deps.followUps.change(after, followUp.version);
}

/** Stands on the account from the first time on: one alert, however many orders wait. */
async function noteTrouble(
  deps: FetchPersonalDataDeps,
  { module }: GroupSource,
  result: PersonalDataResult['result'],
): Promise<void> {
  if (module === undefined || !isTrouble(result)) return;
  const moduleId = result === 'module-not-matched' ? module.moduleId : undefined;
  const since = isoInstant(deps.clock.now());
  const account = await changeTroubles(deps, module, (stored) =>
    withTrouble(stored, { what: result, ...(moduleId === undefined ? {} : { moduleId }), since }),
  );
  if (account === undefined) return;
  await note(deps, 'system', 'provider-account-failing', account, {
    problem: result,
    moduleId: moduleId ?? null,
  });
}

async function noteRecovered(deps: FetchPersonalDataDeps, { module }: GroupSource): Promise<void> {
  if (module === undefined) return;
  const account = await changeTroubles(deps, module, (stored) => withoutTroubles(stored, module.moduleId));
  if (account !== undefined) {
    await note(deps, 'system', 'provider-account-recovered', account, { moduleId: module.moduleId });
  }
}

/** The account when this changed it; undefined when there was nothing to change. */
async function changeTroubles(
  { accounts }: FetchPersonalDataDeps,
  { providerAccountId }: PersonalDataModule,
  change: (stored: ProviderAccount) => ProviderAccount,
): Promise<ProviderAccount | undefined> {
  const stored = await accounts.getProviderAccount(providerAccountId);
  const changed = stored && change(stored);
  if (stored === undefined || changed === undefined || changed === stored) return undefined;
  // Changed by somebody else just now: the next call finds the same, and notes it.
  return (await accounts.putProviderAccount(changed, stored.version)) === 'stored' ? changed : undefined;
}

/** Orders we have to ship within a day, or should have by now, with nobody's name on them. */
async function urgentOrders(deps: FetchPersonalDataDeps): Promise<readonly OrderId[]> {
  const until = isoInstant(deps.clock.now() + URGENT_MS);
  // What waits for a name is due again before its parcel has to leave, and what is settled without one on that very day.
  const { followUps: due } = await listDue(deps, until);
  const pressing = due.filter(({ deadline }) => deadline !== undefined && deadline <= until);
  const records = await deps.orders.getMany([...new Set(pressing.map(({ orderId }) => orderId))]);
  return [...records.values()]
    .filter(({ order, personalData }) => {
      const oursToShip = order !== undefined && order.fulfilledBy !== 'marketplace';
      return oursToShip && STILL_TO_SHIP.includes(order.status) && personalData !== 'present';
    })
    .map(({ orderId }) => orderId);
}
