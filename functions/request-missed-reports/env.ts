import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  REPORT_BUCKET_NAME: z.string().min(3),
  REPORT_UPLOAD_QUEUE_URL: z.url(),
  SHIPMENT_FILE_QUEUE_URL: z.url(),
});
