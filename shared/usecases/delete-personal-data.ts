import { PartnerError } from '../domain/errors.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import { type OrderId, orderIdParts } from '../domain/order.ts';
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

export interface EraseDeps {
  readonly buyers: Pick<BuyerStore, 'getBuyer'>;
  readonly eraser: PersonalDataEraser;
  readonly orders: Pick<OrderStore, 'getMany' | 'setPersonalData'>;
  readonly followUps: FollowUpStore;
  readonly activity: ActivityLog;
  readonly clock: Clock;
  /** What else of an order ends with its personal data: the files of its customisations. Each may be repeated. */
  readonly alsoDelete: readonly ((orderId: OrderId) => Promise<void>)[];
}

export interface DeletePersonalDataDeps extends EraseDeps {
  readonly accounts: Pick<ProviderAccountStore, 'getProviderAccount'>;
  readonly keys: ProviderKeyStore;
  readonly provider: Pick<PersonalDataProvider, 'deletePersonalInformation'>;
}

/** Why personal data was deleted. A code and no text: a text could name the person. */
export type DeletionReason = 'end-of-keeping' | 'buyer-request' | 'operator-decision';

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
 * Deletes the personal data that has come to its end, and has the providers delete theirs. One order that fails does not
 * keep the others: it is named in the answer and found again by the next run.
 */
export async function deletePersonalData(
  deps: DeletePersonalDataDeps,
  remainingMs: () => number,
): Promise<DeletionFacts> {
  const until = isoInstant(deps.clock.now());
  const failed: { orderId: OrderId; problem: string }[] = [];
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const page = await deps.eraser.listEnded({ until, limit: PAGE_SIZE, cursor });
    for (const orderId of page.orderIds) {
      if (remainingMs() < DELETION_TIME_MS) return { deleted, failed, told: 0, toldLate: 0, complete: false };
      try {
        await eraseOne(deps, orderId, 'system', 'end-of-keeping');
        deleted += 1;
      } catch (error) {
        if (!(error instanceof PartnerError)) throw error;
        failed.push({ orderId, problem: `${error.partner}: ${error.name}` });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { deleted, failed, ...(await tellProviders(deps, until, remainingMs)) };
}

/**
 * Deletes what is kept of an order's buyer at once, because the person asked for it or an operator decided so. What the
 * provider keeps follows within the hour.
 */
export async function erasePersonalData(
  deps: EraseDeps,
  wanted: { readonly orderId: OrderId; readonly reason: Exclude<DeletionReason, 'end-of-keeping'> },
  actor: string,
): Promise<
  { readonly outcome: 'erased'; readonly deletedAt: string } | { readonly outcome: 'no-such-order' }
> {
  const { orderId, reason } = wanted;
  const known = (await deps.orders.getMany([orderId])).get(orderId)?.order !== undefined;
  if (!known && (await deps.buyers.getBuyer(orderId)) === undefined) return { outcome: 'no-such-order' };
  return { outcome: 'erased', deletedAt: await eraseOne(deps, orderId, actor, reason) };
}

/**
 * The provider's part is noted before anything goes, because afterwards nobody knows that there was a provider. Then the
 * data goes; then everything that says so. Each step may be repeated.
 */
async function eraseOne(
  deps: EraseDeps,
  orderId: OrderId,
  actor: string,
  reason: DeletionReason,
): Promise<string> {
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
  return deletedAt;
}

async function providerDeletion(
  { orders, clock }: EraseDeps,
  orderId: OrderId,
  module: NonNullable<FollowUp['module']>,
): Promise<FollowUp> {
  const order = (await orders.getMany([orderId])).get(orderId)?.order;
  const now = isoInstant(clock.now());
  return {
    kind: 'personal-data-deletion',
    orderId,
    orderLineId: '',
    ...orderIdParts(orderId),
    accountId: order?.accountId ?? '',
    siteId: order?.siteId ?? '',
    channelId: order?.channelId ?? '',
    wantedAt: now,
    state: 'waiting',
    dueAt: now,
    attempts: 0,
    module,
    version: 1,
  };
}

/** Nothing of this order is fetched any more. */
async function endFollowUps({ followUps }: EraseDeps, orderId: OrderId): Promise<void> {
  for (const followUp of await followUps.ofOrder(orderId)) {
    if (followUp.kind === 'personal-data-deletion' || followUp.state === 'deleted') continue;
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
