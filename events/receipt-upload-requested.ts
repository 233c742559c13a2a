import * as z from 'zod';

/** Carry the upload of one receipt on. It is read anew: one that has come to its end meanwhile is left as it is. */
export const receiptUploadRequestedSchema = z.object({
  type: z.literal('receipt-upload-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  receiptId: z.string().min(1),
});
