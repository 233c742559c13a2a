import * as z from 'zod';

export const envSchema = z.object({
  STATE_TABLE_NAME: z.string().min(3),
  BUYER_TABLE_NAME: z.string().min(3),
  REPORT_BUCKET_NAME: z.string().min(3),
  PERSONAL_BUCKET_NAME: z.string().min(3),
  CREDENTIALS_PREFIX: z.string().startsWith('/'),
  /** Key that secrets are written under. */
  CREDENTIALS_KEY_ALIAS: z.string().min(1),
  AMAZON_ORDER_PULL_QUEUE_URL: z.url(),
  EBAY_ORDER_PULL_QUEUE_URL: z.url(),
  MANOMANO_ORDER_PULL_QUEUE_URL: z.url(),
  TRACKING_CHECK_QUEUE_URL: z.url(),
  AMAZON_CONFIRMATION_QUEUE_URL: z.url(),
  EBAY_CONFIRMATION_QUEUE_URL: z.url(),
  MANOMANO_CONFIRMATION_QUEUE_URL: z.url(),
});

/** Of the function that asks the couriers. */
export const courierEnvSchema = envSchema
  .pick({
    STATE_TABLE_NAME: true,
    BUYER_TABLE_NAME: true,
    PERSONAL_BUCKET_NAME: true,
    REPORT_BUCKET_NAME: true,
    CREDENTIALS_PREFIX: true,
    CREDENTIALS_KEY_ALIAS: true,
  })
  .extend({
    /** Where a look at a shipment that is being made is asked for. */
    SHIPMENT_MAKING_QUEUE_URL: z.url(),
  });

/** Of the function that has marketplaces act on their orders. */
export const remoteActionEnvSchema = envSchema.pick({ STATE_TABLE_NAME: true }).extend({
  AMAZON_REMOTE_ACTION_QUEUE_URL: z.url(),
  EBAY_REMOTE_ACTION_QUEUE_URL: z.url(),
  MANOMANO_REMOTE_ACTION_QUEUE_URL: z.url(),
});

/** Of the function for remote products and the catalogue. */
export const productEnvSchema = envSchema.pick({ STATE_TABLE_NAME: true }).extend({
  AMAZON_LISTING_QUEUE_URL: z.url(),
  EBAY_LISTING_QUEUE_URL: z.url(),
  MANOMANO_LISTING_QUEUE_URL: z.url(),
});

/** Of the function for receipts. */
export const receiptEnvSchema = envSchema
  .pick({
    STATE_TABLE_NAME: true,
    BUYER_TABLE_NAME: true,
    REPORT_BUCKET_NAME: true,
    CREDENTIALS_PREFIX: true,
    CREDENTIALS_KEY_ALIAS: true,
  })
  .extend({
    /** Where PDFs and logos are kept. */
    RECEIPT_BUCKET_NAME: z.string().min(3),
    /** Where the making of a document is asked for. */
    RECEIPT_QUEUE_URL: z.url(),
  });

/** Of the functions that ask one marketplace each. */
export const marketplaceEnvSchema = envSchema.pick({
  STATE_TABLE_NAME: true,
  CREDENTIALS_PREFIX: true,
  CREDENTIALS_KEY_ALIAS: true,
});
