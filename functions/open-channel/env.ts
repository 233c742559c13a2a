import * as z from 'zod';

/** Every command; flags of the same meaning win. */
export const envSchema = z.object({ STATE_TABLE_NAME: z.string().min(3) });

/** Commands that sign in at a marketplace. */
export const credentialsEnvSchema = z.object({
  ...envSchema.shape,
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
  /** Key to encrypt with; the stack's output `CredentialsKeyAlias`. */
  CREDENTIALS_KEY_ID: z.string().min(1).optional(),
});

/** Where the pulls of each marketplace are asked for; the stack's outputs. Only the channel's own is needed. */
export const QUEUE_VARIABLES = {
  amazon: 'AMAZON_ORDER_PULL_QUEUE_URL',
  ebay: 'EBAY_ORDER_PULL_QUEUE_URL',
  manomano: 'MANOMANO_ORDER_PULL_QUEUE_URL',
} as const;

/** What a marketplace gave the shop. Never flags: a command line is seen by others and kept in the history. */
export const SIGN_IN_VARIABLES = {
  amazon: {
    clientId: 'LWA_CLIENT_ID',
    clientSecret: 'LWA_CLIENT_SECRET',
    refreshToken: 'LWA_REFRESH_TOKEN',
  },
  ebay: {
    appId: 'EBAY_APP_ID',
    certId: 'EBAY_CERT_ID',
    ruName: 'EBAY_RU_NAME',
    refreshToken: 'EBAY_REFRESH_TOKEN',
    signingKeyJwe: 'EBAY_SIGNING_KEY_JWE',
    signingPrivateKey: 'EBAY_SIGNING_PRIVATE_KEY',
  },
  manomano: { apiKey: 'MANOMANO_API_KEY' },
} as const;
