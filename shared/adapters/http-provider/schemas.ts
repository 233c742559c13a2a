import * as z from 'zod';
import { REMOTE_ACCOUNT_STATUSES } from '../../domain/provider-account.ts';

/** What a provider answers, by docs/personal-data-provider.openapi.json. Fields we do not know are let through unread. */

const filled = z.string().trim().min(1);
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

export const accountSchema = z.object({
  id: filled,
  externalId: filled,
  legalName: z.string(),
  vatNumber: z.string(),
  contactEmail: z.string(),
  status: z.enum(REMOTE_ACCOUNT_STATUSES),
  expiresAt: instant.nullish(),
});
export type AccountAnswer = z.infer<typeof accountSchema>;
export const accountsSchema = z.object({ accounts: z.array(accountSchema) });

export const modulesSchema = z.object({
  modules: z.array(
    z.object({
      id: filled,
      kind: filled,
      marketplace: z.string().regex(/^[A-Z]{2}$/),
      label: z.string(),
      status: z.string(),
      matchedChannel: z.string().nullish(),
    }),
  ),
});

const addressSchema = z.object({
  name: filled,
  line1: filled,
  line2: optionalText,
  line3: optionalText,
  city: filled,
  province: optionalText,
  postalCode: filled,
  countryIso: z.string().regex(/^[A-Z]{2}$/),
});
export type AddressAnswer = z.infer<typeof addressSchema>;

export const personalInformationSchema = z.object({
  orderId: filled,
  buyer: z.object({ name: filled, companyName: optionalText, email: optionalText, phone: optionalText }),
  shippingAddress: addressSchema,
  billingAddress: addressSchema.nullish(),
  taxIds: z.array(z.object({ type: filled, value: filled })),
  fetchedAt: instant,
  availableUntil: instant,
});
export type PersonalInformation = z.infer<typeof personalInformationSchema>;

/** Each item stands for itself: what is wrong with one says nothing of the others. */
export const batchSchema = z.object({
  results: z.array(
    z.object({
      orderId: filled,
      status: z.int(),
      code: z.string().nullish(),
      /** Seconds. */
      retryAfter: z.number().nonnegative().nullish(),
      personalInformation: z.unknown().optional(),
    }),
  ),
});

export const problemSchema = z.object({
  code: z.string().nullish(),
  retryAfter: z.number().nonnegative().nullish(),
});
