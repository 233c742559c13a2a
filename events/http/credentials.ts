import * as z from 'zod';
import { accountSchema } from './channels.ts';
import { instantSchema } from './shared-fields.ts';

/** Parameter Store keeps 4 KB in a standard parameter. */
const secretSchema = z.string().trim().min(1).max(4096);
const sharedShape = {
  /** Stores them although the marketplace could not be asked; never what it refused. */
  storeUntested: z.boolean().optional(),
};

/** What each marketplace gives a shop to sign in with. Sent once, answered never. */
export const amazonCredentialsSchema = z.strictObject({
  clientId: secretSchema,
  clientSecret: secretSchema,
  refreshToken: secretSchema,
  /** When parts were issued, for their expiry; today when left out. */
  issued: z.strictObject({ 'client-secret': instantSchema.optional() }).optional(),
  ...sharedShape,
});
export const ebayCredentialsSchema = z.strictObject({
  appId: secretSchema,
  certId: secretSchema,
  ruName: secretSchema,
  refreshToken: secretSchema,
  /** Both or none. */
  signingKeyJwe: secretSchema.optional(),
  signingPrivateKey: secretSchema.optional(),
  issued: z
    .strictObject({ 'refresh-token': instantSchema.optional(), 'signing-key': instantSchema.optional() })
    .optional(),
  ...sharedShape,
});
export const manomanoCredentialsSchema = z.strictObject({ apiKey: secretSchema, ...sharedShape });

export const accountParamsSchema = z.strictObject({ accountId: z.string().regex(/^[\w.-]{1,64}$/) });

/** Whole sentences for people, to be shown one below the other. */
const messagesSchema = z.object({ it: z.array(z.string()), en: z.array(z.string()) });

export const savedCredentialsSchema = z.object({
  account: accountSchema,
  /** False: stored without an answer of the marketplace, as was asked for. */
  tested: z.boolean(),
  messages: messagesSchema,
});

export const testedCredentialsSchema = z.object({ account: accountSchema, messages: messagesSchema });

const countSchema = z.int().nonnegative();
export const dryRunSchema = z.object({
  /** False: there are more, the counts say "at least". */
  complete: z.boolean(),
  /** Times of last update that were looked at; null when everything up to now has been seen. */
  window: z.object({ from: z.string(), until: z.string() }).nullable(),
  counts: z.object({
    total: countSchema,
    known: countSchema,
    withoutPersonalData: countSchema,
    /** Of sites that the channel does not cover: they would not be stored. */
    notCovered: countSchema,
    unreadable: countSchema,
  }),
  /** Sites that the marketplace refused to search. */
  refusedSiteIds: z.array(z.string()),
  messages: messagesSchema,
});
