import * as z from 'zod';
import { courierSchema } from './shared-fields.ts';

/** Couriers that can be asked, each under a contract. */
const askedCourierSchema = courierSchema.exclude(['manual']);
/** `shop`: lower-case letters, digits and hyphens; `none` is taken. */
const courierAccountIdSchema = z.string().regex(/^(?!none$)[a-z0-9][a-z0-9-]{0,39}$/);

export const courierAccountSchema = z.object({
  courier: askedCourierSchema,
  courierAccountId: z.string(),
  name: z.string(),
  openedAt: z.string(),
  /** Null while there are none. */
  credentialsSavedAt: z.string().nullable(),
  /** What the courier last said of the credentials; null while nobody has asked. */
  checked: z
    .object({
      at: z.string(),
      /** Null: it lets us in. */
      problem: z.enum(['unauthorised', 'throttled', 'unavailable', 'unexpected-answer']).nullable(),
    })
    .nullable(),
  version: z.int(),
});
export const courierAccountListSchema = z.object({ courierAccounts: z.array(courierAccountSchema) });

export const openCourierAccountSchema = z.strictObject({
  courier: askedCourierSchema,
  courierAccountId: courierAccountIdSchema,
  /** For people. */
  name: z.string().trim().min(1).max(60),
});

export const courierAccountParamsSchema = z.strictObject({
  courier: askedCourierSchema,
  courierAccountId: courierAccountIdSchema,
});

/** Sent once, answered never. */
export const courierCredentialsSchema = z.strictObject({
  /**
   * brt: userId, password, customerCode, departureDepot, pricingConditionCode (may be left out); gls: depot, contractCode;
   * dhl: apiKey; poste and ups: clientId, clientSecret.
   */
  credentials: z.record(z.string().regex(/^[A-Za-z]{1,40}$/), z.string().min(1).max(1_000)),
  /** Stores them although the courier could not be asked; never what it refused. */
  storeUntested: z.boolean().optional(),
});

/** Whole sentences for people, to be shown one below the other. */
const messagesSchema = z.object({ it: z.array(z.string()), en: z.array(z.string()) });

export const savedCourierCredentialsSchema = z.object({
  courierAccount: courierAccountSchema,
  tested: z.boolean(),
  messages: messagesSchema,
});
export const testedCourierCredentialsSchema = z.object({
  courierAccount: courierAccountSchema,
  works: z.boolean(),
  messages: messagesSchema,
});
