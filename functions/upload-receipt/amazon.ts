import { createAmazonClients } from '../../shared/adapters/amazon/client.ts';
import { CREATE_FEED_QUOTA, GET_FEED_QUOTA } from '../../shared/adapters/amazon/feeds.ts';
import { createAmazonReceiptUploader } from '../../shared/adapters/amazon/receipt-upload.ts';
import { startUploadReceipt } from './start.ts';

export const handler = startUploadReceipt('amazon', (credentials, clock) => ({
  uploader: createAmazonReceiptUploader(createAmazonClients(credentials, clock), clock),
  // One feed in two minutes, for everything that is done by feeds.
  sending: { operation: 'createFeed', plan: CREATE_FEED_QUOTA },
  asking: { operation: 'getFeed', plan: GET_FEED_QUOTA },
}));
