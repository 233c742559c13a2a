import type { ShipmentState } from '../../domain/tracking-state.ts';

/**
 * The groups that DHL sorts all its events into; the fifth is `unknown`.
 * Source: DHL, "Shipment Tracking – Unified" 1.5.8, `statusCode`.
 */
const STATES: Readonly<Record<string, ShipmentState>> = {
  'pre-transit': 'data-transmitted',
  transit: 'in-transit',
  delivered: 'delivered',
  failure: 'exception',
};

/**
 * What `transit` means more closely, told by DHL's parcels of Germany only.
 * Source: the same page, event codes of `parcel-de` (`status`).
 */
const PARCEL_DE: Readonly<Record<string, ShipmentState>> = {
  AE: 'picked-up',
  ES: 'picked-up',
  PO: 'out-for-delivery',
  LA: 'ready-for-pickup',
  ZF: 'ready-for-pickup',
  ZO: 'customs',
};

/** Words of a return. DHL has no group for it, and what comes back ends as `delivered`. */
const RETURN_WORDS = /\breturn(ed|ing|s)?( back)? to( the)? (sender|shipper|consignor|origin)\b/i;

/** DHL's own word for an event that it could not sort: nobody else can. Source: the same page, `statusCode`. */
export function isDhlSilent(statusCode: string): boolean {
  return statusCode.toLowerCase() === 'unknown';
}

/**
 * Where an event leads; undefined for a group that nobody has told us of.
 * @param status the short word or code beside the group
 */
export function stateOfDhlEvent(event: {
  readonly service: string;
  readonly statusCode: string;
  readonly status: string;
  readonly words: string;
}): ShipmentState | undefined {
  if (RETURN_WORDS.test(event.words)) return 'returned';
  const state = STATES[event.statusCode.toLowerCase()];
  if (state !== 'in-transit' || event.service !== 'parcel-de') return state;
  return PARCEL_DE[event.status.toUpperCase()] ?? state;
}
