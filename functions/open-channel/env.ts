import * as z from 'zod';

/** Every command; flags of the same meaning win. */
export const envSchema = z.object({ STATE_TABLE_NAME: z.string().min(3) });

/** Opening a channel also stores the account's credentials. */
export const openEnvSchema = z.object({
  ...envSchema.shape,
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
  /** Key to encrypt with; the stack's output `CredentialsKeyAlias`. */
  CREDENTIALS_KEY_ID: z.string().min(1).optional(),
});

/** What Login with Amazon gave the shop. Never flags: a command line is seen by others and kept in the history. */
export const signInEnvSchema = z.object({
  LWA_CLIENT_ID: z.string().min(1),
  LWA_CLIENT_SECRET: z.string().min(1),
  LWA_REFRESH_TOKEN: z.string().min(1),
});
