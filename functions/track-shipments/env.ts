import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  /** What a courier cannot be asked now is put back here. */
  TRACKING_CHECK_QUEUE_URL: z.url(),
  AMAZON_CONFIRMATION_QUEUE_URL: z.url(),
  EBAY_CONFIRMATION_QUEUE_URL: z.url(),
  MANOMANO_CONFIRMATION_QUEUE_URL: z.url(),
  /** Parameter Store path under which each account's credentials stand: `<prefix>/<courier>/<courierAccountId>`. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
