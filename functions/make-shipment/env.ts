import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  /** To whom a shipment goes, and how the courier spells it. */
  BUYER_TABLE_NAME: z.string().min(3),
  /** Bucket of personal files: labels name the recipient. */
  PERSONAL_BUCKET_NAME: z.string().min(3),
  /** Where the next look at a shipment is asked for. */
  SHIPMENT_MAKING_QUEUE_URL: z.url(),
  /** Parameter Store path under which each account's credentials stand: `<prefix>/<courier>/<courierAccountId>`. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
