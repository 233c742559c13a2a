import type { ShipmentState } from '../../domain/tracking-state.ts';
import { comparable } from '../courier-http/event-words.ts';

/**
 * UPS sorts its scans by a letter.
 * Source: UPS, "Tracking API", `Status.type` and appendix. `D` is missing on purpose: it says that somebody signed, and
 * so does a return.
 */
const STATES_BY_TYPE: Readonly<Record<string, ShipmentState>> = {
  M: 'data-transmitted',
  MV: 'cancelled',
  P: 'picked-up',
  I: 'in-transit',
  O: 'out-for-delivery',
  // Of freight: delivered to a station of the road.
  DO: 'in-transit',
  DD: 'in-transit',
  W: 'on-hold',
  X: 'exception',
  RS: 'returned',
};

/** The three digits tell more than the letter. Source: UPS, "Tracking API", appendix, package status codes. */
const STATES_BY_DIGITS: Readonly<Record<string, ShipmentState>> = {
  '003': 'data-transmitted',
  '012': 'customs',
  '014': 'in-transit',
  '016': 'on-hold',
  '017': 'ready-for-pickup',
  '018': 'postponed',
  '019': 'postponed',
  '021': 'out-for-delivery',
  '022': 'notice-left',
  '023': 'notice-left',
  '024': 'notice-left',
  '032': 'delayed',
  '033': 'returned',
  '034': 'returned',
  '035': 'returned',
  '036': 'returned',
  '037': 'returned',
  '038': 'picked-up',
  '040': 'ready-for-pickup',
  '046': 'delayed',
  '047': 'delayed',
  '048': 'delayed',
  '050': 'address-problem',
  '051': 'delayed',
  '052': 'delayed',
  '053': 'delayed',
  '055': 'postponed',
  '058': 'customs',
  '059': 'damaged-or-lost',
  '064': 'refused',
  '067': 'returned',
  '068': 'damaged-or-lost',
  '069': 'not-collected',
};

/** UPS signs a return like a delivery: type `D`, a signature, and these words or this code. */
const RETURN_WORDS = /\bRETURN(ED|ING|S)?( BACK)? TO( THE)? (SENDER|SHIPPER)\b/;
const RETURNED_CODE = 'UA';
const DELIVERED_WORDS = ['DELIVERED', 'DELIVERED BY LOCAL POST OFFICE'];

/**
 * Where a scan leads. A delivery is believed in UPS's plain word for it only: whatever else UPS files under `D` is an
 * event that nobody knows, and a person looks.
 */
export function stateOfUpsEvent(scan: {
  readonly type: string;
  /** Two letters or digits. */
  readonly code: string;
  /** Three digits; not always given. */
  readonly digits: string;
  readonly words: string;
}): ShipmentState | undefined {
  const words = comparable(scan.words);
  const type = scan.type.toUpperCase();
  if (RETURN_WORDS.test(words) || (type === 'D' && scan.code.toUpperCase() === RETURNED_CODE))
    return 'returned';
  if (type === 'D' && words.includes('ACCESS POINT')) return 'ready-for-pickup';
  const closer = STATES_BY_DIGITS[scan.digits];
  if (closer !== undefined) return closer;
  if (type === 'D') return DELIVERED_WORDS.includes(words) ? 'delivered' : undefined;
  return STATES_BY_TYPE[type];
}

/** UPS's own word for a scan without a status, "Not Available". Source: the same page, `Status.type`. */
export function isUpsSilent(type: string): boolean {
  return type.toUpperCase() === 'NA';
}

/** Whether UPS's status of the package as a whole speaks of a return. */
export function isUpsReturn(status: { readonly digits: string; readonly words: string }): boolean {
  return STATES_BY_DIGITS[status.digits] === 'returned' || RETURN_WORDS.test(comparable(status.words));
}
