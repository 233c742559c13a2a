import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { receiptIssuedSchema } from '../../events/receipt-issued.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import type { RequestedReceiptUpload } from '../../shared/usecases/request-receipt-upload.ts';

export interface RequestReceiptUploadsHandlerDeps {
  readonly request: (receiptId: string) => Promise<RequestedReceiptUpload>;
  readonly logger: BatchLogger & { info(message: string, fields: Record<string, unknown>): void };
}

/** Each message says that a receipt was issued: it is wanted on its order's marketplace, where one takes it. */
export function createRequestReceiptUploadsHandler({ request, logger }: RequestReceiptUploadsHandlerDeps) {
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processJobs(event, receiptIssuedSchema, logger, async ({ receiptId }) => {
      logger.info('receipt-upload-requested', { receiptId, ...(await request(receiptId)) });
    });
}
