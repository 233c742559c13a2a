import * as z from 'zod';

/** What the stand-in takes, by docs/receipt-issuer.openapi.json; it adds what a schema cannot say (stand-in.ts). */
const line = z.strictObject({
  number: z.int().min(1),
  kind: z.enum(['ITEM', 'SHIPPING', 'GIFT_WRAP', 'DISCOUNT', 'OTHER']),
  sku: z.string().optional(),
  description: z.string().optional(),
  quantity: z.int().min(0),
  unitGross: z.int().optional(),
  discountGross: z.int().max(0),
  gross: z.int(),
  net: z.int(),
  vat: z.int(),
  vatRate: z.int().min(0).max(10_000),
  vatNature: z.string().optional(),
});
const totals = z.strictObject({
  gross: z.int(),
  net: z.int(),
  vat: z.int(),
  byRate: z.array(
    z.strictObject({
      vatRate: z.int(),
      vatNature: z.string().optional(),
      gross: z.int(),
      net: z.int(),
      vat: z.int(),
    }),
  ),
});
export type Figures = { readonly lines: z.infer<typeof line>[]; readonly totals: z.infer<typeof totals> };

const day = z.iso.date();
export const newReceiptSchema = z.strictObject({
  issuerAccountId: z.string().min(1),
  externalReference: z.strictObject({
    channel: z.string().min(1),
    marketplace: z.enum(['amazon', 'ebay', 'manomano']),
    marketplaceOrderId: z.string().min(1),
    purchasedAt: z.iso.datetime(),
  }),
  kind: z.enum(['COURTESY_RECEIPT', 'EINVOICE']),
  issueDate: day,
  language: z.enum(['it', 'en']),
  currency: z.string().length(3),
  buyer: z.looseObject({ name: z.string().min(1) }).optional(),
  vatTreatment: z.enum(['DOMESTIC', 'ONE_STOP_SHOP', 'REVERSE_CHARGE', 'EXPORT']),
  vatCountry: z.string().length(2),
  lines: z.array(line).min(1),
  totals,
  payment: z.strictObject({ method: z.literal('MARKETPLACE') }),
});

export const creditSchema = z.strictObject({
  issueDate: day,
  reason: z.enum(['REFUND', 'RETURN', 'CANCELLED', 'MISTAKE']),
  lines: z.array(line).min(1),
  totals,
});

export const associationSchema = z.strictObject({
  issuerAccountId: z.string().min(1),
  language: z.enum(['it', 'en']),
  startDate: z.iso.datetime().optional(),
});
