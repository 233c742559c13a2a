import * as z from 'zod';

/** A receipt was issued and its PDF is kept. It may be said twice. */
export const receiptIssuedSchema = z
  .object({
    receiptId: z.string().min(1),
    marketplace: z.enum(['amazon', 'ebay', 'manomano']),
    channelId: z.string().min(1),
  })
  // The document itself is what its work is followed by.
  .transform((issued) => ({ ...issued, correlationId: `receipt/${issued.receiptId}` }));
