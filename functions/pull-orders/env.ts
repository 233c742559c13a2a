import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  BUYER_TABLE_NAME: z.string().min(3),
  /** A throttled or unfinished pull is put back here. */
  ORDER_PULL_QUEUE_URL: z.url(),
  /** Parameter Store path under which each account's credentials stand: `<prefix>/<marketplace>/<accountId>`. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
