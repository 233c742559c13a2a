import {
  failedUploadsQuerySchema,
  failedUploadsSchema,
  receiptUploadSchema,
  retryUploadSchema,
  waitingUploadsSchema,
} from './receipt-uploads.ts';
import { receiptParamsSchema } from './receipts.ts';
import { ACCOUNTING } from './roles.ts';
import { route } from './route.ts';
import { nothingSchema } from './shared-fields.ts';

/** Receipts on their way to marketplaces. */
export const RECEIPT_UPLOAD_ROUTES = {
  listWaitingUploads: route({
    method: 'GET',
    path: '/v1/receipt-uploads',
    tag: 'receipts',
    servedBy: 'receipts',
    summary: 'Receipts that wait to be put on their marketplace, with the time predicted for each account',
    roles: ACCOUNTING,
    params: nothingSchema,
    query: nothingSchema,
    status: 200,
    answer: waitingUploadsSchema,
  }),
  listFailedUploads: route({
    method: 'GET',
    path: '/v1/receipt-uploads/failed',
    tag: 'receipts',
    servedBy: 'receipts',
    summary: 'Receipts that are not on their marketplace, or of which nobody knows, and why',
    roles: ACCOUNTING,
    params: nothingSchema,
    query: failedUploadsQuerySchema,
    status: 200,
    answer: failedUploadsSchema,
  }),
  retryReceiptUpload: route({
    method: 'POST',
    path: '/v1/orders/{marketplace}/{orderNumber}/receipts/{receipt}/upload',
    tag: 'receipts',
    servedBy: 'receipts',
    summary:
      'Has a receipt put on its marketplace again, now; where nobody knows whether it is there, says what a person saw',
    roles: ACCOUNTING,
    params: receiptParamsSchema,
    query: nothingSchema,
    body: retryUploadSchema,
    status: 202,
    answer: receiptUploadSchema,
  }),
} as const;
