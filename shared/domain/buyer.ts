import type { PersonalDataModule } from './channel.ts';
import type { OrderId } from './order.ts';
import { earlier } from './pull-window.ts';

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
  readonly billingAddress?: PostalAddress | undefined;
  /** Where the goods go instead: a person put it in, because the courier finds no way to the other or the buyer asked. */
  readonly shipTo?: PostalAddress | undefined;
  /** The address as the courier writes it, for the packing table to compare. */
  readonly courierAddress?: PostalAddress | undefined;
  /** Where an Italian business wants its electronic invoice: SdI recipient code or certified mail. */
  readonly invoiceDestination?: string | undefined;
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
  /**
   * A bound that a later reading cannot move back: 27 days after the delivery once that is known, or how long the source
   * lets it be kept. ISO instant.
   */
  readonly keptAtMostUntil?: string | undefined;
  /** The external provider's module it came from, to be told when it is deleted. */
  readonly source?: PersonalDataModule | undefined;
  /** When the personal data was deleted; then nothing else of it is left. ISO instant. */
  readonly deletedAt?: string | undefined;
}

/**
 * A buyer read again. Marketplaces stop giving personal data some time after the sale (eBay: e-mail after 14 days, the
 * rest after 90) and answer with blanks: what is known is never overwritten by nothing. What was deleted stays deleted.
 */
export function mergeBuyer(stored: Buyer | undefined, incoming: Buyer): Buyer {
  if (stored === undefined) {
    return {
      ...incoming,
      expiresAt: earlier(incoming.expiresAt, incoming.keptAtMostUntil) ?? incoming.expiresAt,
    };
  }
  if (stored.state === 'deleted') return stored;
  const newer = stored.updatedAt >= incoming.updatedAt ? stored : incoming;
  const older = newer === stored ? incoming : stored;
  const keptAtMostUntil = earlier(stored.keptAtMostUntil, incoming.keptAtMostUntil);
  const shipTo = incoming.shipTo ?? stored.shipTo;
  const courierAddress = incoming.courierAddress ?? stored.courierAddress;
  return {
    orderId: stored.orderId,
    state: stored.state === 'present' || incoming.state === 'present' ? 'present' : newer.state,
    name: newer.name ?? older.name,
    email: newer.email ?? older.email,
    company: newer.company ?? older.company,
    purchaseOrderNumber: newer.purchaseOrderNumber ?? older.purchaseOrderNumber,
    deliveryAddress: fullerAddress(newer.deliveryAddress, older.deliveryAddress),
    billingAddress: fullerAddress(newer.billingAddress, older.billingAddress),
    // Ours: a marketplace's reading brings neither.
    ...(shipTo === undefined ? {} : { shipTo }),
    ...(courierAddress === undefined ? {} : { courierAddress }),
    invoiceDestination: newer.invoiceDestination ?? older.invoiceDestination,
    taxRegistrations: newer.taxRegistrations.length > 0 ? newer.taxRegistrations : older.taxRegistrations,
    lines: mergeLines(newer.lines, older.lines),
    updatedAt: newer.updatedAt,
    expiresAt: earlier(newer.expiresAt, keptAtMostUntil) ?? newer.expiresAt,
    ...(keptAtMostUntil === undefined ? {} : { keptAtMostUntil }),
    ...((incoming.source ?? stored.source) === undefined ? {} : { source: incoming.source ?? stored.source }),
  };
}

/** The newer address, unless it lost the street: half an address mixed with another's half is nobody's. */
function fullerAddress(
  newer: PostalAddress | undefined,
  older: PostalAddress | undefined,
): PostalAddress | undefined {
  if (newer === undefined || (newer.lines.length === 0 && older !== undefined && older.lines.length > 0)) {
    return older;
  }
  return newer;
}

function mergeLines(newer: Buyer['lines'], older: Buyer['lines']): Buyer['lines'] {
  const byId = new Map(older.map((line) => [line.orderLineId, line] as const));
  for (const line of newer) {
    const known = byId.get(line.orderLineId);
    byId.set(line.orderLineId, {
      orderLineId: line.orderLineId,
      giftMessage: line.giftMessage ?? known?.giftMessage,
      customisationUrl: line.customisationUrl ?? known?.customisationUrl,
    });
  }
  return [...byId.values()];
}
