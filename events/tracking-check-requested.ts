import * as z from 'zod';

/** Ask one courier where some shipments are. The shipments are read anew: one that is not due any more is left out. */
export const trackingCheckRequestedSchema = z.object({
  type: z.literal('tracking-check-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  courier: z.enum(['brt', 'gls', 'dhl', 'poste', 'ups']),
  shipmentKeys: z.array(z.string().min(1)).min(1).max(25),
  /** Their numbers are wanted by a marketplace, or by a person: these may use the last calls of the allowance. */
  urgent: z.boolean(),
  /** A check whose follower has come since is left to that one. */
  plannedAt: z.iso.datetime(),
});
