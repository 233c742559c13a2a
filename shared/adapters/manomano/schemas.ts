import * as z from 'zod';

/**
 * ManoMano's orders as far as we read them: few fields are required and every word list is open, because its public
 * clients disagree about the rest. Source: Partner API docs, "Get a list of orders".
 */
const number = z.number().transform(String);
const text = z.union([z.string(), number]).nullish();
const instant = z.iso.datetime({ offset: true });

/**
 * Decimal text, from text or from a JSON number. A number parsed from JSON prints back as the shortest decimal that
 * is it, which is the one that was sent as long as that had no more than 15 digits: nothing is calculated with it.
 */
const decimal = z.union([z.string(), number]).pipe(z.string().regex(/^-?\d+(\.\d+)?$/));
const money = z.object({ amount: decimal, currency: z.string().length(3).nullish() });
export type RemoteMoney = z.infer<typeof money>;

const address = z.object({
  firstname: text,
  lastname: text,
  company: text,
  address_line1: text,
  address_line2: text,
  address_line3: text,
  city: text,
  province: text,
  zipcode: text,
  country: text,
  country_iso: text,
  email: text,
  phone: text,
});
export type RemoteAddress = z.infer<typeof address>;

/** PHP writes an empty object as an empty list. */
const emptied = <Value extends z.ZodType>(schema: Value) =>
  z.union([z.tuple([]).transform(() => undefined), schema.nullish()]);

const product = z.object({
  seller_sku: text,
  title: text,
  product_title: text,
  quantity: z.int().nonnegative(),
  vat_rate: decimal.nullish(),
  product_price: money.nullish(),
  price: money.nullish(),
});
export type RemoteProduct = z.infer<typeof product>;

export const remoteOrderSchema = z.object({
  order_reference: z.string().min(1),
  seller_contract_id: z
    .union([z.string(), number])
    .pipe(z.string().regex(/^\d{1,18}$/))
    .nullish(),
  status: z.string(),
  created_at: instant,
  status_updated_at: instant.nullish(),
  is_mmf: z.boolean().nullish(),
  is_professional: z.boolean().nullish(),
  billing_fiscal_number: text,
  shipping_price_vat_rate: decimal.nullish(),
  total_price: money.nullish(),
  shipping_price: money.nullish(),
  total_discount: money.nullish(),
  customer: emptied(z.object({ firstname: text, lastname: text, fiscal_number: text })),
  vat: emptied(
    z.object({
      is_b2b: z.boolean().nullish(),
      intraco_vat_number: text,
      invoice_fiscal_number: text,
      local_vat_number: text,
    }),
  ),
  addresses: emptied(
    z.object({
      billing: emptied(address.extend({ recipient_code: text })),
      shipping: emptied(address),
      relay: emptied(address.extend({ name: text })),
    }),
  ),
  products: z.array(product).nullish(),
});
export type RemoteOrder = z.infer<typeof remoteOrderSchema>;

const count = z.int().nonnegative().nullish();

/** A page as a whole. Orders are parsed one by one, so that a broken one costs itself and nothing else. */
export const ordersAnswerSchema = z.object({
  content: z.array(z.unknown()),
  pagination: z.object({ items: count, limit: count, pages: count }).nullish(),
});

/** One order: an object in the single call, a list of one in the list call with its reference. */
export const orderAnswerSchema = z.object({
  content: z.union([z.tuple([z.unknown()]).transform(([order]) => order), z.record(z.string(), z.unknown())]),
});

/** Where one order stands, and nothing else of it. */
export const orderStatusSchema = z.object({ content: z.object({ status: z.string() }) });

/** What may still be readable of a broken order. */
export const brokenOrderSchema = z.object({
  order_reference: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .optional()
    .catch(undefined),
  status_updated_at: instant.optional().catch(undefined),
});
