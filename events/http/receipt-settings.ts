import * as z from 'zod';
import { channelIdSchema, instantSchema, marketplaceSchema } from './shared-fields.ts';

const nullableText = z.string().nullable();
/** ISO 3166-1 alpha-2. */
const countrySchema = z.string().regex(/^[A-Z]{2}$/);
/** VAT rates in hundredths of a percent: 2200 is 22 %. */
const rateSchema = z.int().min(0).max(9_999);
const lineSchema = (max: number) => z.string().trim().min(1).max(max);
/** What stands in every number: `12/RC/2026`. */
const seriesSchema = z.string().regex(/^[A-Z0-9]{1,8}$/);
const documentSchema = z.enum(['none', 'courtesy-receipt', 'electronic-invoice']);
const buyerSchema = z.enum(['consumer', 'business']);
const destinationSchema = z.enum(['domestic', 'eu', 'outside-eu']);
const issuerSchema = z.enum(['built-in', 'bitztobe']);
const automaticStatusSchema = z.enum(['unshipped', 'shipped']);

/** Who sells, as it stands on every document. */
const sellerSchema = z.strictObject({
  legalName: lineSchema(120),
  addressLines: z.array(lineSchema(80)).min(1).max(3),
  postalCode: lineSchema(12),
  city: lineSchema(60),
  province: lineSchema(30).optional(),
  country: countrySchema,
  /** With its country: `IT` and eleven digits. Its series begin anew when it changes. */
  vatNumber: z.string().trim().min(4).max(20),
  taxCode: lineSchema(20).optional(),
  /** Entry in the register of companies, and share capital (art. 2250 c.c.). */
  rea: lineSchema(40).optional(),
  shareCapital: lineSchema(60).optional(),
  email: z.email().max(120).optional(),
});

/** Every condition that is named must hold; the first rule that holds decides. */
const ruleSchema = z.strictObject({
  ruleId: z.string().min(1).max(40),
  document: documentSchema,
  marketplaces: z.array(marketplaceSchema).max(3).optional(),
  buyer: buyerSchema.optional(),
  destination: destinationSchema.optional(),
  countries: z.array(z.string().max(2)).max(60).optional(),
  oneStopShop: z.boolean().optional(),
  invoiceRequested: z.boolean().optional(),
});

const vatSchema = z.strictObject({
  /** VAT of the country of destination, declared through the one-stop shop. */
  oneStopShop: z.boolean(),
  standardRates: z.record(countrySchema, rateSchema),
  productRates: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(100),
        country: countrySchema,
        rateHundredths: rateSchema,
      }),
    )
    .max(1_000),
});

const notesSchema = z.strictObject({ it: lineSchema(500).optional(), en: lineSchema(500).optional() });

export const putReceiptSettingsSchema = z.strictObject({
  seller: sellerSchema,
  /** Of channels that name none of their own. */
  series: seriesSchema,
  rules: z.array(ruleSchema).min(1).max(50),
  vat: vatSchema,
  /** In place of our own words on courtesy receipts: the accountant's. */
  courtesyNotes: notesSchema.optional(),
});

export const receiptSettingsSchema = z.object({
  /** False while nobody has said who sells: the rest is what we would begin with. */
  configured: z.boolean(),
  seller: z.object(sellerSchema.shape).nullable(),
  series: z.string(),
  rules: z.array(z.object(ruleSchema.shape)),
  vat: z.object(vatSchema.shape),
  courtesyNotes: z.object(notesSchema.shape),
  hasLogo: z.boolean(),
  /** How the other issuer is reached; its key is never shown. */
  issuerConnection: z.object({ baseUrl: z.string(), issuerAccountId: z.string() }).nullable(),
  version: z.int(),
});

/** A thousand products with rates of their own. */
export const SETTINGS_BODY_BYTES_MAX = 200 * 1_024;

/** A picture as text: 300 kB of it are 400,000 characters. */
const LOGO_CHARACTERS_MAX = 400_000;
/** What a body with a logo may have. */
export const LOGO_BODY_BYTES_MAX = LOGO_CHARACTERS_MAX + 1_024;
export const receiptLogoSchema = z.strictObject({
  /** PNG or JPEG, base64. */
  picture: z.base64().min(40).max(LOGO_CHARACTERS_MAX),
});

export const issuerConnectionSchema = z.strictObject({
  baseUrl: z.string().min(12).max(200),
  issuerAccountId: z.string().trim().min(1).max(100),
  /** A secret: never answered, logged or written down. Left out, the one that is stored stays. */
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,512}$/)
    .optional(),
});

export const associationParamsSchema = z.strictObject({ channelId: channelIdSchema });
export const associateIssuerSchema = z.strictObject({
  issuer: issuerSchema,
  /** Numbers of this channel run in this series; left out, in the shop's. Built-in issuer only. */
  series: seriesSchema.optional(),
  /** Issue by itself as soon as an order reaches the status; orders placed before the start are left to people. */
  automatic: z.strictObject({ status: automaticStatusSchema, from: instantSchema }).optional(),
});
export const associationSchema = z.object({
  channelId: z.string(),
  /** Null: no receipt of its orders can be issued. */
  association: z
    .object({
      issuer: issuerSchema,
      series: nullableText,
      automatic: z.object({ status: automaticStatusSchema, from: z.string() }).nullable(),
    })
    .nullable(),
  /** For people, where there is none: what is missing and where it is set. */
  missing: z.object({ it: z.string(), en: z.string() }).nullable(),
  /** The channel's. */
  version: z.int(),
});
