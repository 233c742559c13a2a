import type { OrderId } from './order.ts';

/** A missing name is a state, not an error. */
export const PERSONAL_DATA_STATES = ['present', 'waiting', 'refused', 'deleted'] as const;
export type PersonalDataState = (typeof PERSONAL_DATA_STATES)[number];

export interface PostalAddress {
  readonly name?: string | undefined;
  readonly company?: string | undefined;
  readonly lines: readonly string[];
  readonly city?: string | undefined;
  readonly district?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly countryCode?: string | undefined;
  readonly phone?: string | undefined;
  readonly kind?: string | undefined;
}

/**
 * The person behind an order. Lives only in the buyer store: its own table, key and role, with an end date.
 * Never logged, queued, put into an event or an error.
 */
export interface Buyer {
  readonly orderId: OrderId;
  readonly state: PersonalDataState;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly company?: string | undefined;
  readonly purchaseOrderNumber?: string | undefined;
  readonly deliveryAddress?: PostalAddress | undefined;
  readonly taxRegistrations: readonly {
    readonly kind: string;
    readonly number: string;
    readonly legalName?: string | undefined;
  }[];
  /** Per order line: gift message and the URL of the customisation file. */
  readonly lines: readonly {
    readonly orderLineId: string;
    readonly giftMessage?: string | undefined;
    readonly customisationUrl?: string | undefined;
  }[];
  /** The order's `updatedAt` this was read with: a newer one wins. */
  readonly updatedAt: string;
  /** When the row must be gone: 27 days after delivery, or after the latest delivery date while that is unknown. */
  readonly expiresAt: string;
}
