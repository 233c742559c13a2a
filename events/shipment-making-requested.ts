import * as z from 'zod';

/** Look after a shipment that is being made. It is read anew: one that has come to an end meanwhile is left as it is. */
export const shipmentMakingRequestedSchema = z.object({
  type: z.literal('shipment-making-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  shipmentKey: z.string().min(1),
});
