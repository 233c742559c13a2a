import * as z from 'zod';

/**
 * Pull the orders of one account. Without `window` the puller decides it from the watermarks of the account's
 * channels. With it the message asks for exactly that window: a pull that was throttled or ran out of time and
 * goes on, or a re-scan of days already pulled.
 */
export const orderPullRequestedSchema = z.object({
  type: z.literal('order-pull-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  accountId: z.string().min(1),
  /**
   * Why it is pulled. A `re-scan`, `count-check` and `backfill` can wait: they leave calls of the partner's quota to the
   * scheduled pulls and do not stand in their way. Without it: the schedule.
   */
  reason: z.enum(['schedule', 'sync-now', 're-scan', 'count-check', 'backfill']).optional(),
  window: z
    .object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      /** Which of an order's times the window is about; last update unless stated. */
      by: z.enum(['updated', 'created']).optional(),
      /** Set when the pull goes on: the partner's cursor, valid only with the same bounds and sites. */
      pageToken: z.string().min(1).optional(),
      siteIds: z.array(z.string().min(1)).min(1).optional(),
      /** The earliest change met so far that could not be stored; the watermark must not pass it. */
      unseenFrom: z.iso.datetime().optional(),
      /** Sites that the partner refused so far: no watermark of a channel with one of them may move. */
      refusedSites: z.array(z.string().min(1)).min(1).optional(),
      /** The window is a slice of a longer span that ends here: the next slice follows it. */
      goesOnUntil: z.iso.datetime().optional(),
    })
    .optional(),
});
