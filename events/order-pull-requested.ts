import { z } from 'zod';

/**
 * Pull the orders of one account. Without `window` the puller decides it from the watermarks of the account's
 * channels; with it the message continues a pull that was throttled or ran out of time.
 */
export const orderPullRequestedSchema = z.object({
  type: z.literal('order-pull-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  accountId: z.string().min(1),
  window: z
    .object({ from: z.iso.datetime(), until: z.iso.datetime(), pageToken: z.string().min(1).optional() })
    .optional(),
});
export type OrderPullRequested = z.infer<typeof orderPullRequestedSchema>;
