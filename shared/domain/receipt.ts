import type { Marketplace, OrderId } from './order.ts';
import type { DocumentDecision } from './receipt-rules.ts';
import type { VatTreatment } from './vat-treatment.ts';

/** Who makes the document. */
export const RECEIPT_ISSUERS = [
  /** Ourselves: courtesy receipts and their reversals, numbered here. */
  'built-in',
  /** An issuer that speaks docs/receipt-issuer.openapi.json: it numbers, keeps and talks to the tax office. */
  'bitztobe',
] as const;
export type IssuerName = (typeof RECEIPT_ISSUERS)[number];

export const RECEIPT_KINDS = [
  /** Proof of purchase; no invoice. */
  'courtesy-receipt',
  /** Takes back a courtesy receipt, in part or whole. */
  'courtesy-reversal',
  /** Goes through SdI, Italy's exchange for electronic invoices. */
  'electronic-invoice',
  /** Takes back an electronic invoice, in part or whole. */
  'credit-note',
] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

export const RECEIPT_STATES = [
  /** Stored, and sent or about to be sent to an issuer that gives the number. */
  'requested',
  /** Has its number of ours; its PDF is not kept yet. */
  'numbered',
  /** The issuer has it and is not done. */
  'processing',
  /** There, with its PDF. */
  'issued',
  /** The issuer refused it: there is no document and no number. */
  'failed',
  /** The number was taken and nothing was issued under it; it is never used again. */
  'void',
] as const;
export type ReceiptState = (typeof RECEIPT_STATES)[number];

/** How the number is written, and what it is made of. */
export interface ReceiptNumber {
  /** `12/RC/2026`, or as the issuer writes it. */
  readonly text: string;
  readonly series: string;
  /** Year of the issue date in Europe/Rome. */
  readonly year: number;
  /** Its place in our own series, from 1 without gaps; undefined for a number of another issuer's. */
  readonly sequence?: number | undefined;
}

export const RECEIPT_LINE_KINDS = ['item', 'shipping', 'gift-wrap', 'discount', 'other'] as const;
export type ReceiptLineKind = (typeof RECEIPT_LINE_KINDS)[number];

/** One line; amounts in minor units of the receipt's currency, negative where money goes back to the buyer. */
export interface ReceiptLine {
  /** From 1. A reversal's line has the number of the line it takes back. */
  readonly lineNumber: number;
  readonly kind: ReceiptLineKind;
  readonly orderLineId?: string | undefined;
  readonly sku?: string | undefined;
  readonly title?: string | undefined;
  readonly quantity: number;
  /** Price of one, VAT included and before the discount, where it is whole minor units. */
  readonly unitGrossMinor?: number | undefined;
  /** Zero or negative; contained in `grossMinor`. */
  readonly discountMinor: number;
  /** VAT included: `netMinor + vatMinor`. */
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly vatMinor: number;
  /** VAT rate in hundredths of a percent: 2200 is 22 %. */
  readonly rateHundredths: number;
  /** Why there is no VAT, in SdI's code (`N3.2`); only where the rate is zero. */
  readonly nature?: string | undefined;
}

/** All lines of one rate and nature together. */
export interface VatTotal {
  readonly rateHundredths: number;
  readonly nature?: string | undefined;
  readonly netMinor: number;
  readonly vatMinor: number;
  readonly grossMinor: number;
}

export interface ReceiptTotals {
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly vatMinor: number;
  /** Highest rate first. */
  readonly byRate: readonly VatTotal[];
}

/** The stored PDF: what proves that these are the bytes that were issued. */
export interface ReceiptFile {
  /** Object key in the receipts bucket. */
  readonly key: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export const RECEIPT_LANGUAGES = ['it', 'en'] as const;
export type ReceiptLanguage = (typeof RECEIPT_LANGUAGES)[number];

export const REVERSAL_REASONS = ['refund', 'return', 'cancelled', 'mistake'] as const;
export type ReversalReason = (typeof REVERSAL_REASONS)[number];

/**
 * A document of an order. Says nothing of the person who bought: that stands in the PDF, in the receipts bucket.
 * What is documented never changes; only where it stands does, and how much of it was taken back.
 */
export interface Receipt {
  readonly receiptId: ReceiptId;
  readonly orderId: OrderId;
  readonly marketplace: Marketplace;
  readonly marketplaceOrderId: string;
  readonly channelId: string;
  readonly siteName?: string | undefined;
  /** When the order was placed. ISO instant. */
  readonly purchasedAt: string;
  readonly kind: ReceiptKind;
  readonly issuer: IssuerName;
  /** The seller's VAT number: whose numbers these are. */
  readonly sellerId: string;
  readonly number?: ReceiptNumber | undefined;
  /** Day in Europe/Rome, `YYYY-MM-DD`. */
  readonly issueDate: string;
  readonly language: ReceiptLanguage;
  /** ISO 4217. */
  readonly currency: string;
  readonly lines: readonly ReceiptLine[];
  readonly totals: ReceiptTotals;
  readonly vatTreatment: VatTreatment;
  /** Country whose VAT is charged, ISO 3166-1 alpha-2. */
  readonly vatCountry: string;
  /** Where the goods go, ISO 3166-1 alpha-2. */
  readonly destinationCountry: string;
  /** The buyer bought as a business. */
  readonly business: boolean;
  readonly decision: DocumentDecision;
  /** What a reversal or credit note points at. */
  readonly reverses?: ReversedReceipt | undefined;
  /** What was taken back so far, per line number, signed as the line itself; undefined when nothing was. */
  readonly reversedByLine?: Readonly<Record<string, number>> | undefined;
  readonly state: ReceiptState;
  /** Why it is not issued (yet); `issuerDetails` are the issuer's words for it, codes only. */
  readonly problem?: ReceiptProblem | undefined;
  readonly issuerDetails?: readonly string[] | undefined;
  /** The issuer's id of the document. */
  readonly remoteId?: string | undefined;
  readonly file?: ReceiptFile | undefined;
  /** Whether somebody's name was there to be put on it: `none` when the buyer's data was gone or never came. */
  readonly buyerShown: 'named' | 'none';
  /** Subject of the person's sign-in, `system` for automatic issuing, `cli` for a command. */
  readonly requestedBy: string;
  /** ISO instants. */
  readonly requestedAt: string;
  readonly issuedAt?: string | undefined;
  /** How often another issuer was called for it. */
  readonly attempts: number;
  /** When it is taken up again; undefined once it is at its end, and announced if it was issued. ISO instant. */
  readonly dueAt?: string | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

/** What is said of a document that was issued, to whoever gives it to a marketplace. */
export interface ReceiptIssued {
  readonly receiptId: ReceiptId;
  readonly marketplace: Marketplace;
  readonly channelId: string;
}

export interface ReversedReceipt {
  readonly receiptId: ReceiptId;
  readonly numberText: string;
  readonly issueDate: string;
  readonly reason: ReversalReason;
}

declare const receiptIdBrand: unique symbol;
export type ReceiptId = string & { readonly [receiptIdBrand]: true };

/** A request's name: the running number of a sale, or what its maker calls a reversal. */
const REQUEST = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const RECEIPT_ID = /^(?<orderId>.+)\/(?<family>sale|reversal)-(?<request>[A-Za-z0-9][A-Za-z0-9_-]{0,63})$/;

export type ReceiptFamily = 'sale' | 'reversal';

/**
 * The natural key of a document: the same request of the same order is the same document. A receipt and an invoice share
 * their family, so that two people who want one each do not both get it.
 * @throws RangeError when the request's name is none
 */
export function receiptId(orderId: OrderId, family: ReceiptFamily, request: string): ReceiptId {
  if (!REQUEST.test(request)) throw new RangeError('not the name of a request');
  return `${orderId}/${family}-${request}` as ReceiptId;
}

/** What a document's key is made of; undefined for what is none. */
export function receiptIdParts(
  text: string,
): { readonly orderId: OrderId; readonly family: ReceiptFamily; readonly request: string } | undefined {
  const { orderId, family, request } = RECEIPT_ID.exec(text)?.groups ?? {};
  if (orderId === undefined || request === undefined) return undefined;
  return { orderId: orderId as OrderId, family: family === 'sale' ? 'sale' : 'reversal', request };
}

/** The documents that take something back. */
export function isReversal(kind: ReceiptKind): boolean {
  return kind === 'courtesy-reversal' || kind === 'credit-note';
}

/** What takes a document back. */
export const REVERSAL_OF: Readonly<
  Record<'courtesy-receipt' | 'electronic-invoice', 'courtesy-reversal' | 'credit-note'>
> = { 'courtesy-receipt': 'courtesy-reversal', 'electronic-invoice': 'credit-note' };

/** `12/RC/2026` */
export function numberText(sequence: number, series: string, year: number): string {
  return `${sequence}/${series}/${year}`;
}

const ROME_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome', dateStyle: 'short' });

/** The day a document made at this instant has: Rome's. New Year comes there an hour before UTC's. */
export function issueDateAt(nowMs: number): string {
  return ROME_DAY.format(nowMs);
}

/** The year whose numbers a document of this day takes. */
export function yearOf(issueDate: string): number {
  return Number(issueDate.slice(0, 4));
}

/** Where a document's PDF is kept: one key per seller, year, series and number. */
export function receiptFileKey({ issuer, sellerId, number, remoteId }: Receipt): string {
  if (number === undefined) throw new RangeError('a document without a number has no file');
  const name = issuer === 'built-in' ? `${number.series}/${number.sequence}` : `${issuer}/${remoteId}`;
  const path = `${sellerId}/${number.year}/${name}`.split('/').map(encodeURIComponent).join('/');
  return `receipts/${path}.pdf`;
}

/** Why a document is not issued, or not yet; each has a sentence in `texts/receipts`. */
export const RECEIPT_PROBLEMS = [
  // Settings.
  'no-association',
  'seller-data-missing',
  'issuer-connection-missing',
  'channel-not-here',
  'electronic-invoice-not-possible',
  // The order.
  'order-not-here',
  'order-not-ready',
  'order-cancelled',
  'order-refunded',
  /** Somebody acted on it at its marketplace by hand: a person says that they have looked. */
  'red-order',
  'nothing-to-pay',
  'amounts-missing',
  'totals-differ',
  'currencies-differ',
  'not-due',
  // VAT.
  'vat-rate-unknown',
  'vat-figures-differ',
  'zero-rate-unexplained',
  'amount-unexplained',
  // The buyer.
  'buyer-waiting',
  'buyer-missing',
  // The document.
  'receipt-not-here',
  'request-differs',
  'already-issued',
  'number-void',
  'not-issued',
  'nothing-to-reverse',
  'reversal-exceeds',
  'changed-meanwhile',
  'cannot-be-rendered',
  'pdf-not-kept',
  // The issuer.
  'issuer-refused',
  'issuer-mismatch',
  'issuer-key-refused',
  'issuer-throttled',
  'issuer-unavailable',
  'issuer-answer-unexpected',
  'issuer-processing',
] as const;
export type ReceiptProblem = (typeof RECEIPT_PROBLEMS)[number];
