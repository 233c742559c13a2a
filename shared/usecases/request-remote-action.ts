import type { Activity } from '../domain/activity.ts';
import { type Marketplace, type OrderId, orderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import {
  nextPackageNumber,
  type RemoteAction,
  type RemoteActionJob,
  type RemoteActionWish,
  remoteActionJob,
  wishText,
} from '../domain/remote-action.ts';
import {
  amountOf,
  type RemoteCapabilities,
  remoteCapabilities,
  settledWish,
  type WishRefusal,
  wishRefusal,
} from '../domain/remote-capabilities.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';
import { type Acting, noteActivity } from './acting.ts';
import type { OrderName } from './read-order.ts';
import { type RemoteFactsDeps, readRemoteFacts } from './remote-facts.ts';

/** An action that nobody has worked on by then has lost its message: it is sent again. */
const MESSAGE_LOST_AFTER_MS = 2 * 60_000;

export interface RequestRemoteActionDeps extends RemoteFactsDeps, Acting {
  readonly actions: RemoteActionStore;
  readonly queues: Readonly<Record<Marketplace, JobQueue<RemoteActionJob>>>;
}

/** What can be done to an order at its marketplace now; undefined when the order is not here. */
export async function readRemoteCapabilities(
  deps: RemoteFactsDeps,
  { marketplace, marketplaceOrderId }: OrderName,
): Promise<RemoteCapabilities | undefined> {
  const facts = await readRemoteFacts(deps, orderId(marketplace, marketplaceOrderId));
  return facts && remoteCapabilities(facts);
}

export interface PreviewedRemoteAction {
  /** As it would be stored: "all that is left" written down. */
  readonly wish: RemoteActionWish;
  /** Undefined: it is possible now. */
  readonly refusal: WishRefusal | undefined;
}

/** Whether a wish could be granted now, and as what. Changes nothing and asks nobody. */
export async function previewRemoteAction(
  deps: RemoteFactsDeps & Pick<Acting, 'clock'>,
  { marketplace, marketplaceOrderId }: OrderName,
  wish: RemoteActionWish,
): Promise<PreviewedRemoteAction | undefined> {
  const facts = await readRemoteFacts(deps, orderId(marketplace, marketplaceOrderId));
  if (facts === undefined) return undefined;
  return { wish: settledWish(facts, wish, deps.clock.now()), refusal: wishRefusal(facts, wish) };
}

export type RequestedRemoteAction =
  /** `known`: it was asked for before, and this is how it stands. */
  | { readonly outcome: 'requested' | 'known'; readonly action: RemoteAction }
  | { readonly outcome: 'refused'; readonly refusal: WishRefusal }
  | { readonly outcome: 'action-of-another-wish' };

/**
 * Has a marketplace asked to do something to its order. The action is stored before anybody is asked, together with the
 * hold on its order that keeps a second person out and the red mark. The same id again is the same action.
 */
export async function requestRemoteAction(
  deps: RequestRemoteActionDeps,
  { marketplace, marketplaceOrderId }: OrderName,
  actionId: string,
  wish: RemoteActionWish,
): Promise<RequestedRemoteAction | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const known = await deps.actions.get({ orderId: id, actionId });
  if (known !== undefined) return again(known, wish);
  const facts = await readRemoteFacts(deps, id);
  if (facts === undefined) return undefined;
  const refusal = wishRefusal(facts, wish);
  // Its twin was stored between the two reads: what is in its way is itself.
  if (refusal?.blockedBy?.actionId === actionId) return again(refusal.blockedBy, wish);
  if (refusal !== undefined) return { outcome: 'refused', refusal };

  const nowMs = deps.clock.now();
  const action: RemoteAction = {
    actionId,
    orderId: id,
    marketplace,
    wish: settledWish(facts, wish, nowMs),
    askedFor: wishText(wish),
    requestedBy: deps.actor,
    requestedAt: isoInstant(nowMs),
    ...(wish.kind === 'ship' ? { packageNumber: nextPackageNumber(facts.actions) } : {}),
    state: 'wanted',
    attempts: 0,
    dueAt: isoInstant(nowMs + MESSAGE_LOST_AFTER_MS),
    version: 1,
  };
  const created = await deps.actions.create(action);
  switch (created.outcome) {
    case 'created':
      break;
    case 'exists':
      return again(created.action, wish);
    case 'no-order':
      return undefined;
    case 'taken':
      return { outcome: 'refused', refusal: await takenBy(deps, id, created.by.actionId) };
  }
  await noteActivity(deps, {
    action: 'remote-action-requested',
    subject: `order/${id}`,
    after: { actionId, kind: wish.kind, ...particulars(action.wish) },
  });
  // Lost on its way, it is asked for again when it is due.
  await deps.queues[marketplace].send(remoteActionJob(action, `remote-action/${actionId}`));
  return { outcome: 'requested', action };
}

function again(action: RemoteAction, wish: RemoteActionWish): RequestedRemoteAction {
  return action.askedFor === wishText(wish)
    ? { outcome: 'known', action }
    : { outcome: 'action-of-another-wish' };
}

async function takenBy(
  { actions }: RequestRemoteActionDeps,
  id: OrderId,
  actionId: string,
): Promise<WishRefusal> {
  return {
    code: 'under-way',
    detail: '',
    blockedBy: await actions.get({ orderId: id, actionId }),
  };
}

/** What of a wish is written down for good. */
function particulars(wish: RemoteActionWish): NonNullable<Activity['after']> {
  switch (wish.kind) {
    case 'refund':
      return { reason: wish.reason, amountMinor: amountOf(wish), currency: wish.currency };
    case 'cancel':
      return { reason: wish.reason };
    case 'ship':
      return { courier: wish.courier, trackingNumber: wish.trackingNumber };
    default:
      return {};
  }
}

/** The actions of an order, the longest ago first; undefined when the order is not here. */
export async function listRemoteActions(
  { orders, actions }: Pick<RequestRemoteActionDeps, 'orders' | 'actions'>,
  { marketplace, marketplaceOrderId }: OrderName,
): Promise<readonly RemoteAction[] | undefined> {
  const id = orderId(marketplace, marketplaceOrderId);
  const [records, own] = await Promise.all([orders.getMany([id]), actions.ofOrder(id)]);
  return records.get(id)?.order === undefined ? undefined : own;
}

export type SettledRemoteAction =
  | { readonly outcome: 'settled'; readonly action: RemoteAction }
  /** It is known how it went, or nobody has to look yet. */
  | { readonly outcome: 'not-unclear'; readonly action: RemoteAction };

/** A person looked at the marketplace and says how an unclear action went: its order is free again. */
export async function settleRemoteAction(
  deps: Pick<RequestRemoteActionDeps, 'actions'> & Acting,
  { marketplace, marketplaceOrderId }: OrderName,
  actionId: string,
  wasDone: boolean,
): Promise<SettledRemoteAction | undefined> {
  const id = { orderId: orderId(marketplace, marketplaceOrderId), actionId };
  const stored = await deps.actions.get(id);
  if (stored === undefined) return undefined;
  if (stored.state !== 'unclear') return { outcome: 'not-unclear', action: stored };
  const settled: RemoteAction = {
    ...stored,
    state: wasDone ? 'done' : 'refused',
    reason: 'seen-by-a-person',
    endedAt: isoInstant(deps.clock.now()),
  };
  if ((await deps.actions.change(settled, stored.version)) === 'conflict') {
    const meanwhile = await deps.actions.get(id);
    return meanwhile && { outcome: 'not-unclear', action: meanwhile };
  }
  await noteActivity(deps, {
    action: 'remote-action-settled',
    subject: `order/${stored.orderId}`,
    after: { actionId, done: wasDone },
  });
  return { outcome: 'settled', action: { ...settled, version: stored.version + 1 } };
}
