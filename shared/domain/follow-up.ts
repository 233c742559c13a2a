import type { PersonalDataModule } from './channel.ts';
import { type Marketplace, type Order, type OrderId, orderIdParts } from './order.ts';

/** Work on one order, or one line of it, that the pull started and that is tried until it is done or given up. */
export interface FollowUp {
  readonly kind: FollowUpKind;
  readonly orderId: OrderId;
  /** Empty for work on the whole order. */
  readonly orderLineId: string;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  readonly accountId: string;
  readonly siteId: string;
  readonly channelId: string;
  /** When the work began to be wanted. ISO instant. */
  readonly wantedAt: string;
  /** When it should be done at the latest (ship-by date), where there is such an end. ISO instant. */
  readonly deadline?: string | undefined;
  readonly state: FollowUpState;
  /** When it is tried next; undefined when nothing more is to be done. ISO instant. */
  readonly dueAt?: string | undefined;
  readonly attempts: number;
  /** Why it is not done, in our words; never the partner's text. */
  readonly problem?: string | undefined;
  /** The provider's module to be told, of a `personal-data-deletion`. */
  readonly module?: PersonalDataModule | undefined;
  /** Who asked for a `personal-data-erasure`, and why. */
  readonly asked?: { readonly by: string; readonly reason: ErasureReason } | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

export const FOLLOW_UP_KINDS = [
  'personal-data',
  'customisation',
  /** To be deleted here before its time, because somebody asked for it. */
  'personal-data-erasure',
  /** To be deleted by the provider it came from. */
  'personal-data-deletion',
  /** A receipt to be issued without anybody asking. */
  'receipt',
] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

export const FOLLOW_UP_STATES = ['waiting', 'done', 'refused', 'gave-up', 'deleted'] as const;
export type FollowUpState = (typeof FOLLOW_UP_STATES)[number];

/** Why personal data is deleted before its time. A code and no text: a text could name the person. */
export const ERASURE_REASONS = ['buyer-request', 'operator-decision'] as const;
export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** Work on a whole order, which may never have come, to be done with the next run. */
export function dueAtOnce(
  kind: FollowUpKind,
  orderId: OrderId,
  order: Pick<Order, 'accountId' | 'siteId' | 'channelId'> | undefined,
  now: string,
): FollowUp {
  return {
    kind,
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
    version: 1,
  };
}
