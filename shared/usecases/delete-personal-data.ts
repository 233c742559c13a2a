import { PartnerError } from '../domain/errors.ts';
import { dueAtOnce, type ErasureReason, type FollowUp } from '../domain/follow-up.ts';
import type { OrderId } from '../domain/order.ts';
import { ProviderRefusedError } from '../domain/provider-account.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { PersonalDataEraser } from '../ports/personal-data-eraser.ts';
import type { PersonalDataProvider } from '../ports/personal-data-provider.ts';
import type { ProviderAccountStore } from '../ports/provider-account-store.ts';
import type { ProviderKeyStore } from '../ports/provider-key-store.ts';
import { connected } from './provider-accounts.ts';

const PAGE_SIZE = 100;
/** One deletion, with all that follows from it, may take this long: with less time left it is for the next run. */
const DELETION_TIME_MS = 20_000;
/** A provider that could not be told is told again this much later. */
const TELL_AGAIN_MS = 3_600_000;
/** A provider that could not be told for this long is for a person. */
const OVERDUE_MS = 24 * 3_600_000;
/** What brings personal data; the other kinds take it away. */
const FETCHING: readonly FollowUp['kind'][] = ['personal-data', 'customisation'];

export interface DeletePersonalDataDeps {
  readonly buyers: Pick<BuyerStore, 'getBuyer'>;
  readonly eraser: PersonalDataEraser;
  readonly orders: Pick<OrderStore, 'getMany' | 'setPersonalData'>;
  readonly followUps: FollowUpStore;
  readonly activity: ActivityLog;
  readonly clock: Clock;
  /** What else of an order ends with its personal data: the files of its customisations, the labels of its parcels. Each may be repeated. */
  readonly alsoDelete: readonly ((orderId: OrderId) => Promise<void>)[];
  readonly accounts: Pick<ProviderAccountStore, 'getProviderAccount'>;
  readonly keys: ProviderKeyStore;
  readonly provider: Pick<PersonalDataProvider, 'deletePersonalInformation'>;
}

/** What one run did. Ids and codes only. */
export interface DeletionFacts {
  readonly deleted: number;
  readonly failed: readonly { readonly orderId: OrderId; readonly problem: string }[];
  /** Orders about which the provider was told. */
  readonly told: number;
  /** Those about which it could not be told for more than a day. */
  readonly toldLate: number;
  /** False when time ran out before the end of the list. */
  readonly complete: boolean;
}

/**
 * Deletes the personal data that somebody asked to have deleted, and what has come to its end, and has the providers
 * delete theirs. One order that fails does not keep the others: it is named in the answer and found again by the next run.
 */
export async function deletePersonalData(
  deps: DeletePersonalDataDeps,
  remainingMs: () => number,
): Promise<DeletionFacts> {
  const until = isoInstant(deps.clock.now());
  const failed: { orderId: OrderId; problem: string }[] = [];
  let deleted = 0;
  const erase = async (orderId: OrderId, by: string, reason: Reason): Promise<boolean> => {
    // What was asked for and broke off half-way is in both lists: its record is to say who asked.
    if (failed.some((each) => each.orderId === orderId)) return false;
    try {
      await eraseOne(deps, orderId, by, reason);
      deleted += 1;
      return true;
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      failed.push({ orderId, problem: `${error.partner}: ${error.name}` });
      return false;
    }
  };
  const complete =
    (await eraseAsked(deps, until, remainingMs, erase)) &&
    (await eraseEnded(deps, until, remainingMs, erase));
  if (!complete) return { deleted, failed, told: 0, toldLate: 0, complete };
  return { deleted, failed, ...(await tellProviders(deps, until, remainingMs)) };
}

type Reason = ErasureReason | 'end-of-keeping';
/** False when it failed, and is noted as failed. */
type Erase = (orderId: OrderId, by: string, reason: Reason) => Promise<boolean>;

/** False when time ran out. */
async function eraseAsked(
  { followUps }: DeletePersonalDataDeps,
  until: string,
  remainingMs: () => number,
  erase: Erase,
): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const page = await followUps.listDue({ kind: 'personal-data-erasure', until, limit: PAGE_SIZE, cursor });
    for (const followUp of page.followUps) {
      if (remainingMs() < DELETION_TIME_MS) return false;
      const { dueAt: _, asked, ...kept } = { ...followUp, attempts: followUp.attempts + 1 };
      if (asked === undefined) throw new RangeError(`nobody asked for the erasure of ${followUp.orderId}`);
      if (!(await erase(followUp.orderId, asked.by, asked.reason))) continue;
      await followUps.change({ ...kept, asked, state: 'done' }, followUp.version);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return true;
}

/** False when time ran out. */
async function eraseEnded(
  { eraser }: DeletePersonalDataDeps,
  until: string,
  remainingMs: () => number,
  erase: Erase,
): Promise<boolean> {
  let cursor: string | undefined;
  do {
    const page = await eraser.listEnded({ until, limit: PAGE_SIZE, cursor });
    for (const orderId of page.orderIds) {
      if (remainingMs() < DELETION_TIME_MS) return false;
      await erase(orderId, 'system', 'end-of-keeping');
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return true;
}

/**
 * The provider's part is noted before anything goes, because afterwards nobody knows that there was a provider. Then the
 * data goes; then everything that says so. Each step may be repeated.
 */
async function eraseOne(
  deps: DeletePersonalDataDeps,
  orderId: OrderId,
  actor: string,
  reason: Reason,
): Promise<void> {
  const buyer = await deps.buyers.getBuyer(orderId);
  if (buyer?.source !== undefined) {
    await deps.followUps.ensure(await providerDeletion(deps, orderId, buyer.source));
  }
  const { deletedAt } = await deps.eraser.erase(orderId, isoInstant(deps.clock.now()));
  for (const alsoDelete of deps.alsoDelete) await alsoDelete(orderId);
  await endFollowUps(deps, orderId);
  await deps.orders.setPersonalData(orderId, 'deleted');
  await deps.activity.append({
    activityId: `personal-data-deleted-${orderId.replace(':', '-')}`,
    at: deletedAt,
    actor,
    action: 'personal-data-deleted',
    subject: `order/${orderId}`,
    after: { reason },
  });
  await deps.eraser.finish(orderId);
}

async function providerDeletion(
  { orders, clock }: DeletePersonalDataDeps,
  orderId: OrderId,
  module: NonNullable<FollowUp['module']>,
): Promise<FollowUp> {
  const order = (await orders.getMany([orderId])).get(orderId)?.order;
  return { ...dueAtOnce('personal-data-deletion', orderId, order, isoInstant(clock.now())), module };
}

/** Nothing of this order is fetched any more. */
async function endFollowUps({ followUps }: DeletePersonalDataDeps, orderId: OrderId): Promise<void> {
  for (const followUp of await followUps.ofOrder(orderId)) {
    if (!FETCHING.includes(followUp.kind) || followUp.state === 'deleted') continue;
    const { dueAt: _, problem: __, ...kept } = followUp;
    // Whoever changed it in between finds the buyer deleted, and stores nothing.
    await followUps.change({ ...kept, state: 'deleted' }, followUp.version);
  }
}

async function tellProviders(
  deps: DeletePersonalDataDeps,
  until: string,
  remainingMs: () => number,
): Promise<Pick<DeletionFacts, 'told' | 'toldLate' | 'complete'>> {
  let told = 0;
  let toldLate = 0;
  let cursor: string | undefined;
  do {
    const page = await deps.followUps.listDue({
      kind: 'personal-data-deletion',
      until,
      limit: PAGE_SIZE,
      cursor,
    });
    for (const followUp of page.followUps) {
      if (remainingMs() < DELETION_TIME_MS) return { told, toldLate, complete: false };
      const problem = await tellProvider(deps, followUp);
      const { dueAt: _, problem: __, ...kept } = { ...followUp, attempts: followUp.attempts + 1 };
      if (problem === undefined) {
        await deps.followUps.change({ ...kept, state: 'done' }, followUp.version);
        told += 1;
        continue;
      }
      const nowMs = deps.clock.now();
      if (nowMs - Date.parse(followUp.wantedAt) > OVERDUE_MS) toldLate += 1;
      const dueAt = isoInstant(nowMs + TELL_AGAIN_MS);
      await deps.followUps.change({ ...kept, state: 'waiting', problem, dueAt }, followUp.version);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { told, toldLate, complete: true };
}

/** Answers why the provider could not be told; undefined when it was. */
async function tellProvider(
  deps: DeletePersonalDataDeps,
  { module, marketplaceOrderId }: FollowUp,
): Promise<string | undefined> {
  const account =
    module === undefined ? undefined : await deps.accounts.getProviderAccount(module.providerAccountId);
  if (module === undefined || account === undefined) return 'account-not-here';
  try {
    const { connection } = await connected(deps, account);
    await deps.provider.deletePersonalInformation(connection, {
      moduleId: module.moduleId,
      marketplaceOrderId,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    return error instanceof ProviderRefusedError ? error.problem : error.name;
  }
}
