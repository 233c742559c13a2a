import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  AMAZON_REMOTE_ACTION_QUEUE_URL: z.url(),
  EBAY_REMOTE_ACTION_QUEUE_URL: z.url(),
  MANOMANO_REMOTE_ACTION_QUEUE_URL: z.url(),
});
