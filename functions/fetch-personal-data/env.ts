import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  BUYER_TABLE_NAME: z.string().min(3),
  /** Parameter Store path of the marketplaces' and the providers' credentials. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
