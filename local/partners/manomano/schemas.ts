import { z } from 'zod';

/**
 * Orders as ManoMano's Partner API describes them ("Get a list of orders"), strict: the stand-in keeps its truth in this
 * shape. Amounts are decimal text here; each contract answers them as text or as numbers.
 */
const instantSchema = z.iso.datetime({ precision: 0 });
const moneySchema = z.strictObject({
  amount: z.string().regex(/^-?\d+\.\d{2}$/),
  currency: z.string().length(3),
});
export type ManomanoMoney = z.infer<typeof moneySchema>;

const addressSchema = z.strictObject({
  firstname: z.string(),
  lastname: z.string(),
  company: z.string(),
  address_line1: z.string(),
  address_line2: z.string(),
  address_line3: z.string(),
  city: z.string(),
  province: z.string(),
  zipcode: z.string(),
  country: z.string(),
  country_iso: z.string().length(2),
  email: z.string(),
  phone: z.string(),
});
const relaySchema = addressSchema.extend({ id: z.string(), name: z.string() });

const productSchema = z.strictObject({
  seller_sku: z.string().min(1),
  title: z.string(),
  product_title: z.string(),
  quantity: z.int().positive(),
  carrier: z.string(),
  vat_rate: z.string(),
  shipping_vat_rate: z.string(),
  price: moneySchema,
  price_excluding_vat: moneySchema,
  product_price: moneySchema,
  product_price_excluding_vat: moneySchema,
  shipping_price: moneySchema,
  shipping_price_excluding_vat: moneySchema,
  sum_shipping_price: moneySchema,
  total_price: moneySchema,
  total_price_excluding_vat: moneySchema,
});

export const manomanoOrderSchema = z.strictObject({
  order_reference: z.string().regex(/^M\d{13}$/),
  seller_contract_id: z.int().positive(),
  // An open list: a word of next year must be possible here too.
  status: z.string().regex(/^[A-Z_]+$/),
  created_at: instantSchema,
  status_updated_at: instantSchema,
  is_mmf: z.boolean(),
  is_professional: z.boolean(),
  billing_fiscal_number: z.string().nullable(),
  shipping_price_vat_rate: z.string(),
  total_price: moneySchema,
  total_price_excluding_vat: moneySchema,
  total_price_vat: moneySchema,
  products_price: moneySchema,
  products_price_excluding_vat: moneySchema,
  products_price_vat: moneySchema,
  shipping_price: moneySchema,
  shipping_price_excluding_vat: moneySchema,
  shipping_discount: moneySchema,
  manomano_discount: moneySchema,
  seller_discount: moneySchema,
  total_discount: moneySchema,
  customer: z.strictObject({
    firstname: z.string(),
    lastname: z.string(),
    fiscal_number: z.string().nullable(),
  }),
  vat: z.strictObject({
    is_b2b: z.boolean(),
    vat_liability: z.string(),
    intraco_vat_number: z.string().nullable(),
    invoice_fiscal_number: z.string().nullable(),
    local_vat_number: z.string().nullable(),
  }),
  addresses: z.strictObject({
    billing: addressSchema.extend({ recipient_code: z.string() }),
    shipping: z.union([addressSchema, z.strictObject({})]),
    relay: relaySchema.nullable(),
  }),
  products: z.array(productSchema).min(1),
});
export type ManomanoOrder = z.infer<typeof manomanoOrderSchema>;

export const manomanoOfferSchema = z.strictObject({
  sku: z.string().min(1),
  status: z.enum(['COMPLETED', 'ERROR']),
  price: z.number(),
  stock: z.int().nonnegative(),
  carrier: z.string(),
  errors: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  id_me: z.string().nullable(),
});
export type ManomanoOffer = z.infer<typeof manomanoOfferSchema>;
