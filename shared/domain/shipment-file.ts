import type { OrderId } from './order.ts';
import type { Registration } from './registration.ts';
import type { Courier, ShippedOrder } from './shipment.ts';
import type { ShipmentRefusalCode } from './shipment-refusal.ts';

/** What is wrong with a file of shipments as a whole, or with one of its rows. */
export const FILE_PROBLEMS = [
  // The file.
  'empty',
  'not-text',
  'no-header',
  'column-twice',
  'too-large',
  'damaged-quotes',
  // A row.
  'cut-off',
  'too-many-columns',
  'courier-unknown',
  'marketplace-unknown',
  'order-missing',
  'reference-malformed',
  'quantity-malformed',
  'line-missing',
  'date-malformed',
  'address-malformed',
  // The rows of one shipment.
  'rows-disagree',
  'other-row-wrong',
  'too-much-in-one',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

/** A thousand rows have about a hundred kilobytes. */
export const SHIPMENT_FILE_BYTES_MAX = 1024 * 1024;
/** So many are registered within a function's time, several times over. */
export const SHIPMENT_FILE_ROWS_MAX = 2_000;
/** As when a shipment is registered by hand. */
const ORDERS_MAX = 20;
const PARCELS_MAX = 99;

/** One row that registered nothing, and why. */
export interface RejectedShipmentRow {
  /** In the file, the header being 1. */
  readonly line: number;
  readonly code: FileProblem | ShipmentRefusalCode;
  readonly detail: string;
}

/** One row that says what it has to say. */
export interface FiledShipmentRow {
  readonly courier: Courier;
  readonly courierAccountId?: string | undefined;
  readonly reference?: string | undefined;
  readonly parcelNumbers: readonly string[];
  readonly trackingNumber?: string | undefined;
  readonly carrierName?: string | undefined;
  readonly trackingUrl?: string | undefined;
  /** ISO instant. */
  readonly shippedAt?: string | undefined;
  readonly orderId: OrderId;
  /** Both or none; none: all that the order still waits for. */
  readonly orderLineId?: string | undefined;
  readonly quantity?: number | undefined;
}

/** A row as it was read. Rows of the same name are one shipment; a row without one is a shipment by itself. */
export type ReadShipmentRow = { readonly line: number; readonly name?: string | undefined } & (
  | { readonly row: FiledShipmentRow }
  | { readonly problem: Omit<RejectedShipmentRow, 'line'> }
);

export type ReadShipmentFile =
  | { readonly outcome: 'refused'; readonly problem: Omit<RejectedShipmentRow, 'line'> }
  | {
      readonly outcome: 'read';
      readonly rows: readonly ReadShipmentRow[];
      /** Headers that mean nothing here. */
      readonly ignoredColumns: readonly string[];
    };

/** A shipment with the lines of the file that speak of it. */
export interface FiledShipment {
  readonly lines: readonly number[];
  readonly registration: Registration;
}

/** What came of a file, kept for three months. */
export interface ShipmentFileResult {
  readonly fileId: string;
  readonly fileName: string;
  /** ISO instants. */
  readonly uploadedAt: string;
  readonly readAt: string;
  /** Why nothing of the file was used. */
  readonly problem?: Omit<RejectedShipmentRow, 'line'> | undefined;
  readonly rows: number;
  /** Shipments that this file brought, and those that were here before. */
  readonly registered: number;
  readonly known: number;
  /** Orders that have not been pulled yet. */
  readonly waitingOrders: number;
  readonly rejected: readonly RejectedShipmentRow[];
  readonly ignoredColumns: readonly string[];
}

/**
 * The shipments that the rows speak of, in the file's order. A shipment one row of which is wrong is not registered in part: its other
 * rows are rejected with it.
 */
export function shipmentsOfRows(rows: readonly ReadShipmentRow[]): {
  readonly shipments: readonly FiledShipment[];
  readonly rejected: readonly RejectedShipmentRow[];
} {
  const groups = new Map<string, ReadShipmentRow[]>();
  for (const row of rows) {
    const name = row.name ?? `line ${row.line}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const shipments: FiledShipment[] = [];
  const rejected: RejectedShipmentRow[] = [];
  for (const group of groups.values()) {
    const wrong = group.find((each) => 'problem' in each);
    if (wrong !== undefined) {
      rejected.push(...group.map((each) => rejectionOf(each, wrong.line)));
      continue;
    }
    const filed = group.flatMap((each) => ('row' in each ? [each.row] : []));
    const problem = problemAmong(filed);
    const lines = group.map(({ line }) => line);
    if (problem === undefined) shipments.push({ lines, registration: registrationOf(filed) });
    else rejected.push(...lines.map((line) => ({ line, ...problem })));
  }
  return { shipments, rejected: inFileOrder(rejected) };
}

export function inFileOrder(rejected: readonly RejectedShipmentRow[]): readonly RejectedShipmentRow[] {
  return rejected.toSorted((a, b) => a.line - b.line);
}

function rejectionOf(row: ReadShipmentRow, wrongLine: number): RejectedShipmentRow {
  const problem =
    'problem' in row ? row.problem : { code: 'other-row-wrong' as const, detail: `${wrongLine}` };
  return { line: row.line, ...problem };
}

/** What is said once of a shipment, on one of its rows or the same on several. */
const SAID_ONCE = [
  'courierAccountId',
  'reference',
  'trackingNumber',
  'carrierName',
  'trackingUrl',
  'shippedAt',
] as const;

function problemAmong(rows: readonly FiledShipmentRow[]): Omit<RejectedShipmentRow, 'line'> | undefined {
  for (const field of SAID_ONCE) {
    if (new Set(rows.flatMap((row) => row[field] ?? [])).size > 1)
      return { code: 'rows-disagree', detail: field };
  }
  const orders = ordersOf(rows);
  for (const { orderId } of orders) {
    // One row that takes all of an order, and another that takes some of it.
    const ofOrder = rows.filter((row) => row.orderId === orderId);
    const withLine = ofOrder.filter((row) => row.orderLineId !== undefined);
    if (withLine.length > 0 && withLine.length < ofOrder.length) {
      return { code: 'rows-disagree', detail: 'orderLineId' };
    }
  }
  if (orders.length > ORDERS_MAX || parcelsOf(rows).length > PARCELS_MAX) {
    return { code: 'too-much-in-one', detail: '' };
  }
  return undefined;
}

function registrationOf(rows: readonly FiledShipmentRow[]): Registration {
  const [first] = rows;
  if (first === undefined) throw new RangeError('a shipment without a row');
  const said = (field: (typeof SAID_ONCE)[number]) => rows.find((row) => row[field] !== undefined)?.[field];
  return {
    courier: first.courier,
    courierAccountId: said('courierAccountId'),
    reference: said('reference'),
    parcelNumbers: parcelsOf(rows),
    trackingNumber: said('trackingNumber'),
    carrierName: said('carrierName'),
    trackingUrl: said('trackingUrl'),
    shippedAt: said('shippedAt'),
    orders: ordersOf(rows),
  };
}

function parcelsOf(rows: readonly FiledShipmentRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ parcelNumbers }) => parcelNumbers))];
}

/** Rows that name a line twice are both kept: whether that is meant, the registration asks. A parcel a row is not a line twice. */
function ordersOf(rows: readonly FiledShipmentRow[]): readonly ShippedOrder[] {
  const ids = [...new Set(rows.map((row) => row.orderId))];
  return ids.map((orderId) => ({
    orderId,
    lines: rows.flatMap((row) =>
      row.orderId === orderId && row.orderLineId !== undefined && row.quantity !== undefined
        ? [{ orderLineId: row.orderLineId, quantity: row.quantity }]
        : [],
    ),
  }));
}
