import { DateTime } from 'luxon';
import { MARKETPLACES, orderId } from '../../domain/order.ts';
import { COURIERS } from '../../domain/shipment.ts';
import type { FiledShipmentRow, FileProblem, ReadShipmentRow } from '../../domain/shipment-file.ts';
import type { Column } from './columns.ts';

/** Letters, digits, dot, hyphen, underscore: what stands in a key and on a label. `4,05E+16` is what Excel makes of a long number. */
const REFERENCE = /^[A-Za-z0-9][\w.-]{0,59}$/;
const LINE_ID = /^[\w.:|-]{1,200}$/;
const ORDER_NUMBER = /^[A-Za-z0-9][\w.-]{0,79}$/;
const EXPONENT = /^\d(?:[.,]\d+)?E\+?\d+$/i;
const QUANTITY = /^[1-9]\d{0,3}$/;
const CARRIER_CHARS_MAX = 60;
const URL_CHARS_MAX = 500;
/** The shop's clock. */
const ZONE = 'Europe/Rome';
const DATES = ['yyyy-MM-dd', 'd/M/yyyy', 'd-M-yyyy', 'd.M.yyyy'];
const TIMES = ['H:mm', 'H:mm:ss'];

class RowProblem extends Error {
  readonly code: FileProblem;
  readonly detail: string;
  constructor(code: FileProblem, detail = '') {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/** One record under its header. Details name columns, never what stands in a cell: that may be anything. */
export function readRow(
  { line, cells }: { readonly line: number; readonly cells: readonly string[] },
  columns: readonly (Column | undefined)[],
  uploadedAt: string,
): ReadShipmentRow {
  const cell = (column: Column): string | undefined => cells[columns.indexOf(column)]?.trim() || undefined;
  const name = nameOf(cell);
  try {
    if (cells.length < columns.length) throw new RowProblem('cut-off');
    if (cells.slice(columns.length).some((extra) => extra !== '')) throw new RowProblem('too-many-columns');
    return { line, name, row: rowOf(cell, uploadedAt) };
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    return { line, name, problem: { code: error.code, detail: error.detail } };
  }
}

type Cell = (column: Column) => string | undefined;

/** What tells the rows of one shipment: the courier with our reference, else the first number. */
function nameOf(cell: Cell): string | undefined {
  const number = cell('reference') ?? cell('trackingNumber') ?? numbersIn(cell)[0];
  return number === undefined ? undefined : `${cell('courier')?.toLowerCase()} ${number}`;
}

function rowOf(cell: Cell, uploadedAt: string): FiledShipmentRow {
  const courier = COURIERS.find((each) => each === cell('courier')?.toLowerCase());
  if (courier === undefined) throw new RowProblem('courier-unknown');
  const marketplace = MARKETPLACES.find((each) => each === cell('marketplace')?.toLowerCase());
  if (marketplace === undefined) throw new RowProblem('marketplace-unknown');
  const orderNumber = cell('orderNumber');
  if (orderNumber === undefined || !ORDER_NUMBER.test(orderNumber) || EXPONENT.test(orderNumber)) {
    throw new RowProblem('order-missing');
  }
  const orderLineId = textIn(cell, 'orderLineId', LINE_ID);
  const quantity = cell('quantity');
  if ((orderLineId === undefined) !== (quantity === undefined)) throw new RowProblem('line-missing');
  if (quantity !== undefined && !QUANTITY.test(quantity)) throw new RowProblem('quantity-malformed');
  return {
    courier,
    courierAccountId: textIn(cell, 'courierAccountId', REFERENCE),
    reference: textIn(cell, 'reference', REFERENCE),
    parcelNumbers: numbersIn(cell).map((number) => checked(number, 'parcelNumbers', REFERENCE)),
    trackingNumber: textIn(cell, 'trackingNumber', REFERENCE),
    carrierName: carrierIn(cell),
    trackingUrl: urlIn(cell),
    shippedAt: instantIn(cell, uploadedAt),
    orderId: orderId(marketplace, orderNumber),
    orderLineId,
    quantity: quantity === undefined ? undefined : Number(quantity),
  };
}

/** Several parcels in one cell: with spaces, or whatever of `,`, `;`, `|`, `+` is not the file's own. */
function numbersIn(cell: Cell): readonly string[] {
  const text = cell('parcelNumbers');
  if (text === undefined || EXPONENT.test(text)) return text === undefined ? [] : [text];
  return text.split(/[\s,;|+/]+/).filter((number) => number !== '');
}

function textIn(cell: Cell, column: Column, form: RegExp): string | undefined {
  const text = cell(column);
  return text === undefined ? undefined : checked(text, column, form);
}

function checked(text: string, column: Column, form: RegExp): string {
  if (!form.test(text) || EXPONENT.test(text)) throw new RowProblem('reference-malformed', column);
  return text;
}

function carrierIn(cell: Cell): string | undefined {
  const name = cell('carrierName');
  if (name !== undefined && name.length > CARRIER_CHARS_MAX)
    throw new RowProblem('reference-malformed', 'carrierName');
  return name;
}

function urlIn(cell: Cell): string | undefined {
  const text = cell('trackingUrl');
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || text.length > URL_CHARS_MAX) throw new RowProblem('address-malformed');
  return text;
}

/** A day without a time is taken to its end, and not beyond the upload: nothing left before it was bought, nor later than it was said. */
function instantIn(cell: Cell, uploadedAt: string): string | undefined {
  const text = cell('shippedAt');
  if (text === undefined) return undefined;
  const upload = DateTime.fromISO(uploadedAt);
  const [instant] = [
    DateTime.fromISO(text, { zone: ZONE }),
    ...DATES.flatMap((date) =>
      TIMES.map((time) => DateTime.fromFormat(text, `${date} ${time}`, { zone: ZONE })),
    ),
  ].filter((read) => read.isValid && /:/.test(text));
  const [day] = DATES.map((date) => DateTime.fromFormat(text, date, { zone: ZONE })).filter(
    ({ isValid }) => isValid,
  );
  const shipped = instant ?? (day === undefined ? undefined : DateTime.min(day.endOf('day'), upload));
  if (shipped === undefined || shipped > upload || (day !== undefined && day > upload)) {
    throw new RowProblem('date-malformed');
  }
  return shipped.toUTC().toISO() ?? undefined;
}
