import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  AMAZON_ORDER_PULL_QUEUE_URL: z.url(),
  EBAY_ORDER_PULL_QUEUE_URL: z.url(),
  MANOMANO_ORDER_PULL_QUEUE_URL: z.url(),
});
