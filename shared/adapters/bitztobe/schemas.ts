import * as z from 'zod';

/**
 * What goes to an issuer of receipts and what comes back; docs/receipt-issuer.openapi.json is generated from here. Money is
 * whole minor units of the receipt's currency, rates are hundredths of a percent, days are Europe/Rome's.
 */
const filled = z.string().min(1).max(500);
const text = filled.optional();
const country = z.string().regex(/^[A-Z]{2}$/);
const day = z.iso.date();
const instant = z.iso.datetime();
const minor = z.int();
const rate = z.int().min(0).max(10_000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const addressSchema = z
  .strictObject({
    name: text,
    company: text,
    lines: z.array(filled).max(5),
    postalCode: text,
    city: text,
    region: text,
    countryCode: country.optional(),
  })
  .describe('As the marketplace gave it.');

const buyerSchema = z
  .strictObject({
    name: filled,
    company: text,
    billingAddress: addressSchema.optional(),
    deliveryAddress: addressSchema.optional().describe('Only where it differs.'),
    taxCode: text,
    vatNumber: text,
    invoiceDestination: text.describe('SdI recipient code or certified mail.'),
  })
  .describe('Personal data: not to be logged.');

const lineSchema = z.strictObject({
  number: z.int().min(1),
  kind: z.enum(['ITEM', 'SHIPPING', 'GIFT_WRAP', 'DISCOUNT', 'OTHER']),
  sku: text,
  description: text,
  quantity: z.int().min(0),
  unitGross: minor.optional(),
  discountGross: minor.max(0).describe('Contained in `gross`.'),
  gross: minor,
  net: minor,
  vat: minor,
  vatRate: rate,
  vatNature: z
    .string()
    .regex(/^N\d(\.\d)?$/)
    .optional()
    .describe("SdI's code; only where the rate is zero."),
});

const totalsSchema = z
  .strictObject({
    gross: minor,
    net: minor,
    vat: minor,
    byRate: z.array(z.strictObject({ vatRate: rate, vatNature: text, gross: minor, net: minor, vat: minor })),
  })
  .describe('The sums of the lines; the issuer refuses what does not add up.');

const REMOTE_KINDS = ['COURTESY_RECEIPT', 'COURTESY_REVERSAL', 'EINVOICE', 'CREDIT_NOTE'] as const;

export const newReceiptSchema = z.strictObject({
  issuerAccountId: filled,
  externalReference: z.strictObject({
    channel: filled,
    marketplace: z.enum(['amazon', 'ebay', 'manomano']),
    marketplaceOrderId: filled,
    purchasedAt: instant,
  }),
  kind: z.enum(['COURTESY_RECEIPT', 'EINVOICE']),
  issueDate: day,
  language: z.enum(['it', 'en']),
  currency: z.string().regex(/^[A-Z]{3}$/),
  buyer: buyerSchema.optional(),
  vatTreatment: z.enum(['DOMESTIC', 'ONE_STOP_SHOP', 'REVERSE_CHARGE', 'EXPORT']),
  vatCountry: country,
  lines: z.array(lineSchema).min(1),
  totals: totalsSchema,
  payment: z.strictObject({ method: z.literal('MARKETPLACE') }),
});
export type NewReceipt = z.infer<typeof newReceiptSchema>;

export const creditSchema = z.strictObject({
  issueDate: day,
  reason: z.enum(['REFUND', 'RETURN', 'CANCELLED', 'MISTAKE']),
  lines: z.array(lineSchema).min(1).describe('With the sign turned, and the number of the line taken back.'),
  totals: totalsSchema,
});
export type Credit = z.infer<typeof creditSchema>;

export const remoteReceiptSchema = z.object({
  id: z.string().regex(/^[\w.-]{1,100}$/),
  idempotencyKey: z.string(),
  kind: z.enum(REMOTE_KINDS),
  status: z.enum(['PROCESSING', 'ISSUED', 'FAILED', 'VOIDED']),
  totalGross: minor,
  number: z.string().min(1).max(60).optional().describe('With status ISSUED and VOIDED.'),
  series: z.string().max(20).optional(),
  issueDate: day.optional(),
  pdf: z.object({ sha256 }).optional().describe('With status ISSUED.'),
  problemCode: z
    .string()
    .regex(/^[A-Z][A-Z_]{0,59}$/)
    .optional()
    .describe('With status FAILED.'),
});
export type RemoteReceipt = z.infer<typeof remoteReceiptSchema>;

export const remoteReceiptsSchema = z.object({ receipts: z.array(remoteReceiptSchema) });

export const associationSchema = z.strictObject({
  issuerAccountId: filled,
  language: z.enum(['it', 'en']),
  startDate: instant
    .optional()
    .describe('Orders placed before are never documented by themselves. Absent: none is.'),
});
export type Association = z.infer<typeof associationSchema>;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().regex(/^[A-Z][A-Z_]{0,59}$/),
  detail: z.string().optional().describe('For people. Never personal data.'),
  retryAfter: z.number().min(0).optional().describe('Seconds.'),
  id: z.string().optional().describe('Of the receipt there is, with ALREADY_ISSUED.'),
  violations: z
    .array(z.object({ field: z.string(), code: z.string() }))
    .optional()
    .describe('With 422: what is wrong with which field.'),
});
