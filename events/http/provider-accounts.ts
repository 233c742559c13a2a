import * as z from 'zod';
import { channelIdSchema } from './shared-fields.ts';

const nullableText = z.string().nullable();
const providerAccountIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const nameSchema = z.string().trim().min(1).max(60);
const baseUrlSchema = z.string().min(12).max(200);
/** A secret: never answered, logged or written down. */
const apiKeySchema = z.string().trim().min(8).max(500);
const customerSchema = z.strictObject({
  legalName: z.string().trim().min(1).max(120),
  vatNumber: z.string().trim().min(4).max(30),
  contactEmail: z.email(),
});

export const providerAccountSchema = z.object({
  providerAccountId: z.string(),
  kind: z.enum(['amazon-roles', 'http-provider']),
  name: z.string(),
  baseUrl: nullableText,
  remoteAccountId: nullableText,
  status: nullableText,
  expiresAt: nullableText,
  keySavedAt: nullableText,
  /** What is wrong with it at the moment. */
  troubles: z.array(z.object({ what: z.string(), moduleId: nullableText, since: z.string() })),
  version: z.int(),
});
export const providerAccountListSchema = z.object({ accounts: z.array(providerAccountSchema) });

export const providerAccountParamsSchema = z.strictObject({ providerAccountId: providerAccountIdSchema });
export const createProviderAccountSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('amazon-roles'),
    providerAccountId: providerAccountIdSchema,
    name: nameSchema,
  }),
  z.strictObject({
    kind: z.literal('http-provider'),
    providerAccountId: providerAccountIdSchema,
    name: nameSchema,
    baseUrl: baseUrlSchema,
    apiKey: apiKeySchema,
    customer: customerSchema,
  }),
]);
/** An account that the provider has already. */
export const chooseProviderAccountSchema = z.strictObject({
  providerAccountId: providerAccountIdSchema,
  name: nameSchema,
  baseUrl: baseUrlSchema,
  apiKey: apiKeySchema,
  remoteAccountId: z.string().min(1).max(100),
});
export const changeProviderAccountSchema = z
  .strictObject({
    name: nameSchema.optional(),
    apiKey: apiKeySchema.optional(),
    customer: customerSchema.partial().optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0);

export const providerModuleListSchema = z.object({
  modules: z.array(
    z.object({
      moduleId: z.string(),
      kind: z.string(),
      country: z.string(),
      label: z.string(),
      active: z.boolean(),
      matchedChannel: nullableText,
    }),
  ),
});
export const matchModuleSchema = z.strictObject({
  providerAccountId: providerAccountIdSchema,
  moduleId: z.string().min(1).max(100),
});
export const matchParamsSchema = z.strictObject({ channelId: channelIdSchema });
/** The module that now brings the channel's personal data. */
export const matchedModuleSchema = z.object({
  channelId: z.string(),
  personalDataModule: z.object({ providerAccountId: z.string(), moduleId: z.string() }).nullable(),
});
