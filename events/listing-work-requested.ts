import * as z from 'zod';

/** Do a piece of work for a channel's listings. What is to be done is read anew: work that was done meanwhile is left. */
export const listingWorkRequestedSchema = z.object({
  type: z.literal('listing-work-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  channelId: z.string().min(1),
  work: z.enum(['pull', 'match', 'plan', 'push']),
  /** Of a dry run or a push. */
  planId: z.string().min(1).optional(),
});
