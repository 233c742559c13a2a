import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  BUYER_TABLE_NAME: z.string().min(3),
  /** Bucket of personal files: packages are kept here. */
  PERSONAL_BUCKET_NAME: z.string().min(3),
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
