import { createManomanoClients, MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { createManomanoReceiptUploader } from '../../shared/adapters/manomano/receipt-upload.ts';
import { startUploadReceipt } from './start.ts';

export const handler = startUploadReceipt('manomano', (credentials) => {
  // One allowance for everything that is called with a key.
  const calls = { operation: 'calls', plan: MANOMANO_CALLS_QUOTA };
  return {
    uploader: createManomanoReceiptUploader(createManomanoClients(credentials)),
    sending: calls,
    asking: calls,
  };
});
