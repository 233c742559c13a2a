import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  AMAZON_LISTING_QUEUE_URL: z.url(),
  EBAY_LISTING_QUEUE_URL: z.url(),
  MANOMANO_LISTING_QUEUE_URL: z.url(),
});
