import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  TRACKING_CHECK_QUEUE_URL: z.url(),
  SHIPMENT_MAKING_QUEUE_URL: z.url(),
  AMAZON_CONFIRMATION_QUEUE_URL: z.url(),
  EBAY_CONFIRMATION_QUEUE_URL: z.url(),
  MANOMANO_CONFIRMATION_QUEUE_URL: z.url(),
});
