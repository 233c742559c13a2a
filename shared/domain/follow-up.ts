import type { PersonalDataModule } from './channel.ts';
import type { Marketplace, OrderId } from './order.ts';

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
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

export const FOLLOW_UP_KINDS = ['personal-data', 'customisation', 'personal-data-deletion'] as const;
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number];

export const FOLLOW_UP_STATES = ['waiting', 'done', 'refused', 'gave-up', 'deleted'] as const;
export type FollowUpState = (typeof FOLLOW_UP_STATES)[number];
