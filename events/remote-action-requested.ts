import * as z from 'zod';

/** Carry one action at a marketplace on. It is read anew: one that has come to its end meanwhile is left as it is. */
export const remoteActionRequestedSchema = z.object({
  type: z.literal('remote-action-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  orderId: z.string().min(1),
  actionId: z.string().min(1),
});
