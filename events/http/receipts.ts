import * as z from 'zod';
import { orderParamsSchema } from './orders.ts';
import { receiptUploadSchema } from './receipt-uploads.ts';
import {
  amountSchema,
  channelIdSchema,
  marketplaceSchema,
  nextCursorSchema,
  pagingShape,
} from './shared-fields.ts';

const nullableText = z.string().nullable();
const kindSchema = z.enum(['courtesy-receipt', 'courtesy-reversal', 'electronic-invoice', 'credit-note']);
const stateSchema = z.enum(['requested', 'numbered', 'processing', 'issued', 'failed', 'void']);
const reversalReasonSchema = z.enum(['refund', 'return', 'cancelled', 'mistake']);
/** `2026-11`, of the issue date in Europe/Rome. */
const monthSchema = z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/);
/** An amount in the currency's unit, positive: `"19.90"`. */
const givenAmountSchema = z.string().regex(/^\d{1,9}(?:\.\d{1,2})?$/);
/** For programs, and for people in Italian and English. */
const whySchema = z.object({ code: z.string(), it: z.string(), en: z.string() });

const ORDERS_AT_ONCE_MAX = 100;

const wantedReceiptSchema = z.strictObject({
  marketplace: marketplaceSchema,
  orderNumber: orderParamsSchema.shape.orderNumber,
  /** A person decides otherwise than the rules, and says why. */
  override: z
    .strictObject({
      document: z.enum(['courtesy-receipt', 'electronic-invoice']),
      reason: z.enum(['buyer-asked-later', 'accountant', 'correction']),
    })
    .optional(),
  /** The buyer asked for an invoice, not later than the purchase. */
  invoiceRequested: z.boolean().optional(),
  /** The order is red: whoever asks has looked at its marketplace. */
  confirmedRed: z.boolean().optional(),
});
export const issueReceiptsSchema = z.strictObject({
  orders: z.array(wantedReceiptSchema).min(1).max(ORDERS_AT_ONCE_MAX),
});

const vatTotalSchema = z.object({
  /** Hundredths of a percent. */
  rateHundredths: z.int(),
  /** Why there is no VAT, in SdI's code. */
  nature: nullableText,
  net: amountSchema,
  vat: amountSchema,
  gross: amountSchema,
});
const totalsSchema = z.object({
  net: amountSchema,
  vat: amountSchema,
  gross: amountSchema,
  /** Highest rate first. */
  byRate: z.array(vatTotalSchema),
});
const lineSchema = z.object({
  lineNumber: z.int(),
  kind: z.enum(['item', 'shipping', 'gift-wrap', 'discount', 'other']),
  sku: nullableText,
  title: nullableText,
  quantity: z.int(),
  unitGross: amountSchema.nullable(),
  discount: amountSchema,
  net: amountSchema,
  vat: amountSchema,
  gross: amountSchema,
  rateHundredths: z.int(),
  nature: nullableText,
});
/** Which rule decided, or which person's reason. */
const decisionSchema = z.object({
  document: z.enum(['none', 'courtesy-receipt', 'electronic-invoice']),
  ruleId: nullableText,
  override: nullableText,
});

/** A document as a list shows it; it says nothing of who bought. */
const listedReceiptSchema = z.object({
  /** Names it among its order's: `sale-1`. */
  receipt: z.string(),
  marketplace: marketplaceSchema,
  marketplaceOrderId: z.string(),
  channel: z.string(),
  kind: kindSchema,
  issuer: z.enum(['built-in', 'bitztobe']),
  state: stateSchema,
  /** `12/RC/2026`, or as the issuer writes it; null before it has one. */
  number: nullableText,
  issueDate: z.string(),
  currency: z.string(),
  gross: amountSchema,
  /** Why it is not issued, or not yet. */
  problem: whySchema.nullable(),
  requestedAt: z.string(),
  issuedAt: nullableText,
  /** What became of it at the order's marketplace; null when it is not wanted there, or not yet. */
  upload: receiptUploadSchema.nullable(),
});
export const receiptSchema = listedReceiptSchema.extend({
  lines: z.array(lineSchema),
  totals: totalsSchema,
  vatTreatment: z.enum(['domestic', 'one-stop-shop', 'reverse-charge', 'export']),
  vatCountry: z.string(),
  decision: decisionSchema,
  /** What a reversal takes back. */
  reverses: z
    .object({ receipt: z.string(), number: z.string(), issueDate: z.string(), reason: reversalReasonSchema })
    .nullable(),
  /** What could still be taken back of it; null for what takes back itself, and for what was not issued. */
  reversible: amountSchema.nullable(),
  /** What proves that these are the bytes that were issued. */
  file: z.object({ sha256: z.string(), sizeBytes: z.int() }).nullable(),
  buyerShown: z.enum(['named', 'none']),
  requestedBy: z.string(),
  /** When it is taken up again by itself. */
  dueAt: nullableText,
});

/** What became of each request, in their order. */
export const issuedReceiptsSchema = z.object({
  results: z.array(
    z.object({
      marketplace: marketplaceSchema,
      orderNumber: z.string(),
      /** `under-way`: it is stored and has its number, and its PDF is being made. */
      outcome: z.enum(['issued', 'under-way', 'refused']),
      problem: whySchema.nullable(),
      /** Where the document stands, or the one in the way. */
      receipt: receiptSchema.nullable(),
    }),
  ),
});

export const previewedReceiptsSchema = z.object({
  results: z.array(
    z.object({
      marketplace: marketplaceSchema,
      orderNumber: z.string(),
      /** Null when it would be issued. */
      problem: whySchema.nullable(),
      /** What would be issued; null where nothing would. */
      document: z
        .object({
          kind: kindSchema,
          issuer: z.enum(['built-in', 'bitztobe']),
          /** Where its number would come from; null where the issuer numbers. */
          series: nullableText,
          language: z.enum(['it', 'en']),
          currency: z.string(),
          decision: decisionSchema,
          vatTreatment: receiptSchema.shape.vatTreatment,
          vatCountry: z.string(),
          lines: z.array(lineSchema),
          totals: totalsSchema,
          buyerShown: z.enum(['named', 'none']),
        })
        .nullable(),
    }),
  ),
});

export const receiptParamsSchema = z.strictObject({
  ...orderParamsSchema.shape,
  receipt: z.string().regex(/^(?:sale|reversal)-[A-Za-z0-9][\w-]{0,63}$/),
});
export const orderReceiptsSchema = z.object({
  /** First requested first. */
  receipts: z.array(receiptSchema),
  /** Money went back to the buyer and the receipt still says otherwise: what to take back of which. */
  offeredReversal: z.object({ receipt: z.string(), amount: amountSchema, currency: z.string() }).nullable(),
});

/** The order is red: whoever asks has looked at its marketplace. */
export const retryReceiptQuerySchema = z.strictObject({ confirmedRed: z.literal('true').optional() });

/** How much of a receipt is taken back, VAT included: all that is left of it when nothing is said. */
export const reverseReceiptSchema = z
  .strictObject({
    reason: reversalReasonSchema,
    amount: givenAmountSchema.optional(),
    lines: z
      .array(z.strictObject({ lineNumber: z.int().min(1), gross: givenAmountSchema }))
      .min(1)
      .max(200)
      .optional(),
    /** The order is red: whoever asks has looked at its marketplace. */
    confirmedRed: z.boolean().optional(),
  })
  .refine(({ amount, lines }) => amount === undefined || lines === undefined);

export const receiptListQuerySchema = z.strictObject({
  month: monthSchema,
  state: stateSchema.optional(),
  channel: channelIdSchema.optional(),
  ...pagingShape,
});
/** By issue date and number. A page may hold fewer than asked for and still have a next one. */
export const receiptPageSchema = z.object({
  receipts: z.array(listedReceiptSchema),
  cursor: nextCursorSchema,
});
export const unfinishedReceiptsQuerySchema = z.strictObject(pagingShape);

/** An address that gives the PDF to whoever has it, until it expires. */
export const receiptFileSchema = z.object({
  url: z.string(),
  expiresAt: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
});

export const receiptSeriesSchema = z.object({
  series: z.array(
    z.object({
      sellerVatNumber: z.string(),
      series: z.string(),
      year: z.int(),
      /** The last number taken: so many there are, without a gap. */
      last: z.int(),
      lastIssueDate: z.string(),
    }),
  ),
});

export const exportReceiptsSchema = z.strictObject({
  /** First and last month, at most twelve, at most 20,000 documents. */
  from: monthSchema,
  until: monthSchema,
  format: z.enum(['csv', 'xlsx']),
  language: z.enum(['it', 'en']).default('it'),
});
/** The file, and what its rows have to add up to. It names no buyer. */
export const exportedReceiptsSchema = z.object({
  fileName: z.string(),
  url: z.string(),
  expiresAt: z.string(),
  documents: z.int(),
  totals: z.array(
    z.object({
      currency: z.string(),
      documents: z.int(),
      net: amountSchema,
      vat: amountSchema,
      gross: amountSchema,
      byRate: z.array(vatTotalSchema),
    }),
  ),
});
