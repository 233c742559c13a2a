import * as z from 'zod';
import { channelIdSchema, instantSchema, marketplaceSchema } from './shared-fields.ts';

const contractSchema = z.strictObject({
  /** ManoMano's number of it. */
  contractId: z.string().regex(/^\d{1,20}$/),
  country: z.string().regex(/^[A-Z]{2}$/),
  deliveryType: z.enum(['SELF', 'MMF']),
});
/** A carrier, and what the channel's marketplace shall be told instead of what our table says. */
const carrierSchema = z.strictObject({
  /** `brt`, `gls`, `dhl`, `poste`, `ups`, or the name given to one whose numbers people enter. */
  carrier: z.string().trim().min(1).max(60),
  code: z.string().trim().min(1).max(60),
});
const nullableText = z.string().nullable();

export const accountSchema = z.object({
  marketplace: marketplaceSchema,
  accountId: z.string(),
  /** `unknown`: no credentials have been saved, or nobody has tried them yet. */
  state: z.enum(['working', 'failing', 'revoked', 'unknown']),
  since: nullableText,
  checkedAt: nullableText,
  problem: nullableText,
  credentialsSavedAt: nullableText,
  expiries: z.array(z.object({ what: z.string(), at: z.string(), daysLeft: z.int(), soon: z.boolean() })),
  findings: z
    .object({
      shopName: nullableText,
      sites: z.array(z.object({ siteId: z.string(), name: z.string(), active: z.boolean() })),
      missing: z.array(z.string()),
    })
    .nullable(),
});
export const accountListSchema = z.object({ accounts: z.array(accountSchema) });

const switchSchema = z.enum(['orders', 'tracking', 'receipts', 'listings']);

export const channelSchema = z.object({
  channelId: z.string(),
  name: z.string(),
  marketplace: marketplaceSchema,
  accountId: z.string(),
  country: z.string(),
  timeZone: z.string(),
  siteIds: z.array(z.string()),
  contracts: z.array(contractSchema),
  carriers: z.array(carrierSchema),
  personalDataModule: z.object({ providerAccountId: z.string(), moduleId: z.string() }).nullable(),
  archivedAt: nullableText,
  version: z.int(),
  switches: z.record(switchSchema, z.boolean()),
  orders: z.object({
    from: z.string(),
    /** Whether pulls are asked for: switched on, not archived, not revoked. */
    pulled: z.boolean(),
    watermark: nullableText,
    lagMs: z.number(),
    lastCompletePullAt: nullableText,
  }),
  account: accountSchema,
  /** What a person should know, worst first. */
  notices: z.array(z.object({ code: z.string(), detail: z.string() })),
});
export const channelListSchema = z.object({ channels: z.array(channelSchema) });

export const channelParamsSchema = z.strictObject({ channelId: channelIdSchema });
const nameSchema = z.string().trim().min(1).max(60);
export const openChannelSchema = z.strictObject({
  /** Made of marketplace and country when left out. */
  channelId: channelIdSchema.optional(),
  name: nameSchema.optional(),
  marketplace: marketplaceSchema,
  country: z.string().regex(/^[A-Z]{2}$/),
  accountId: z.string().regex(/^[\w.-]{1,64}$/),
  /** ManoMano only. */
  contracts: z.array(contractSchema).min(1).max(20).optional(),
  ordersFrom: instantSchema.optional(),
});
export const changeChannelSchema = z
  .strictObject({
    name: nameSchema.optional(),
    contracts: z.array(contractSchema).min(1).max(20).optional(),
    /** Replaces all of them; none: our table everywhere. */
    carriers: z.array(carrierSchema).max(50).optional(),
    ordersFrom: instantSchema.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0);

export const switchParamsSchema = z.strictObject({ channelId: channelIdSchema, switch: switchSchema });
export const switchBodySchema = z.strictObject({ on: z.boolean() });

export const syncRequestedSchema = z.object({ requested: z.literal(true) });
const daySchema = z.iso.date();
export const backfillSchema = z.strictObject({
  /** First and last day of purchase, in the channel's time zone. */
  from: daySchema,
  until: daySchema,
});
export const backfillRequestedSchema = z.object({ from: z.string(), until: z.string() });
