import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  /** Who bought: on its way to the page and to nowhere else. */
  BUYER_TABLE_NAME: z.string().min(3),
  /** Where PDFs and logos are kept. */
  RECEIPT_BUCKET_NAME: z.string().min(3),
  /** Where every issued document is announced. */
  RECEIPT_ISSUED_QUEUE_URL: z.url(),
  /** Parameter Store path of the other issuer's key: `<prefix>/receipt-issuer/bitztobe`. */
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
});
