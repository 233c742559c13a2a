import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  RECEIPT_BUCKET_NAME: z.string().min(3),
  /** Parameter Store path under which each account's credentials stand: `<prefix>/<marketplace>/<accountId>`. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
