import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import {
  RECEIPT_ISSUERS,
  RECEIPT_KINDS,
  RECEIPT_LANGUAGES,
  RECEIPT_LINE_KINDS,
  RECEIPT_PROBLEMS,
  RECEIPT_STATES,
  REVERSAL_REASONS,
  type Receipt,
  type ReceiptId,
} from '../../domain/receipt.ts';
import { BUYER_KINDS, DOCUMENTS, OVERRIDE_REASONS } from '../../domain/receipt-rules.ts';
import { VAT_TREATMENTS } from '../../domain/vat-treatment.ts';
import type { Item } from './order-item.ts';
import { keys, STATE_TABLE } from './table.ts';

const orderId = z.custom<OrderId>((value) => typeof value === 'string');
const receiptId = z.custom<ReceiptId>((value) => typeof value === 'string');
const vatTotalSchema = z.object({
  rateHundredths: z.int(),
  nature: z.string().optional(),
  netMinor: z.int(),
  vatMinor: z.int(),
  grossMinor: z.int(),
});
const lineSchema = vatTotalSchema.extend({
  lineNumber: z.int(),
  kind: z.enum(RECEIPT_LINE_KINDS),
  orderLineId: z.string().optional(),
  sku: z.string().optional(),
  title: z.string().optional(),
  quantity: z.int(),
  unitGrossMinor: z.int().optional(),
  discountMinor: z.int(),
});
const decisionSchema = z.object({
  document: z.enum(DOCUMENTS),
  ruleId: z.string().optional(),
  facts: z.object({
    marketplace: z.enum(MARKETPLACES),
    buyer: z.enum(BUYER_KINDS),
    country: z.string(),
    sellerCountry: z.string(),
    oneStopShop: z.boolean(),
    invoiceRequested: z.boolean(),
  }),
  override: z.enum(OVERRIDE_REASONS).optional(),
});
const receiptSchema = z.object({
  receiptId,
  orderId,
  marketplace: z.enum(MARKETPLACES),
  marketplaceOrderId: z.string(),
  channelId: z.string(),
  siteName: z.string().optional(),
  purchasedAt: z.string(),
  kind: z.enum(RECEIPT_KINDS),
  issuer: z.enum(RECEIPT_ISSUERS),
  sellerId: z.string(),
  number: z
    .object({ text: z.string(), series: z.string(), year: z.int(), sequence: z.int().min(1).optional() })
    .optional(),
  issueDate: z.string(),
  language: z.enum(RECEIPT_LANGUAGES),
  currency: z.string(),
  lines: z.array(lineSchema),
  totals: z.object({
    grossMinor: z.int(),
    netMinor: z.int(),
    vatMinor: z.int(),
    byRate: z.array(vatTotalSchema),
  }),
  vatTreatment: z.enum(VAT_TREATMENTS),
  vatCountry: z.string(),
  destinationCountry: z.string(),
  business: z.boolean(),
  decision: decisionSchema.transform((decision) => ({ ...decision, ruleId: decision.ruleId })),
  reverses: z
    .object({
      receiptId,
      numberText: z.string(),
      issueDate: z.string(),
      reason: z.enum(REVERSAL_REASONS),
    })
    .optional(),
  reversedByLine: z.record(z.string(), z.int()).optional(),
  state: z.enum(RECEIPT_STATES),
  problem: z.enum(RECEIPT_PROBLEMS).optional(),
  issuerDetails: z.array(z.string()).optional(),
  remoteId: z.string().optional(),
  file: z.object({ key: z.string(), sha256: z.string(), sizeBytes: z.int() }).optional(),
  buyerShown: z.enum(['named', 'none']),
  requestedBy: z.string(),
  requestedAt: z.string(),
  issuedAt: z.string().optional(),
  attempts: z.int(),
  dueAt: z.string().optional(),
  version: z.int().min(1),
});

/** Digits of a number in sort keys: more documents than a series has in a year. */
const SEQUENCE_DIGITS = 9;

/** A document as it stands in the table: among those of its order and of its month, and of what is due while it is. */
export function receiptItem(receipt: Receipt): Readonly<Record<string, unknown>> {
  const { receiptsByMonth, dueFollowUps } = STATE_TABLE.indexes;
  const { number, issueDate } = receipt;
  const place =
    number?.sequence === undefined
      ? (number?.text ?? '')
      : `${number.series}#${String(number.sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  return {
    ...keys.receipt(receipt.orderId, receipt.receiptId),
    ...receipt,
    [receiptsByMonth.partitionKey]: keys.receiptsOfMonth(issueDate.slice(0, 'YYYY-MM'.length)),
    [receiptsByMonth.sortKey]: `${issueDate}#${place}#${receipt.receiptId}`,
    ...(receipt.dueAt === undefined ? {} : { [dueFollowUps.partitionKey]: keys.dueReceipts }),
  };
}

export function marshalReceipt(receipt: Receipt): Item {
  return marshall(receiptItem(receipt), { removeUndefinedValues: true });
}

export function receiptOf(item: Item): Receipt {
  const parsed = receiptSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError(
    'dynamodb',
    `stored receipt ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
    { cause: parsed.error },
  );
}
