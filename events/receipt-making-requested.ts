import * as z from 'zod';

/** A stored document is to be made. It may be said twice, and names no person. */
export const receiptMakingRequestedSchema = z
  .object({ receiptId: z.string().min(1) })
  // The document itself is what its work is followed by.
  .transform(({ receiptId }) => ({ receiptId, correlationId: `receipt/${receiptId}` }));
