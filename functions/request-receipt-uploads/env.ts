import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  AMAZON_RECEIPT_UPLOAD_QUEUE_URL: z.url(),
  MANOMANO_RECEIPT_UPLOAD_QUEUE_URL: z.url(),
});
