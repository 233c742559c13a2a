import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  BUYER_TABLE_NAME: z.string().min(3),
  /** Bucket of personal files, which end with their order's personal data. */
  PERSONAL_BUCKET_NAME: z.string().min(3),
  /** Parameter Store path under which the providers' keys stand. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
