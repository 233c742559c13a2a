import * as z from 'zod';

/** Tell a marketplace how an order travels. The confirmation itself is read anew from where it is stored. */
export const shippingConfirmationRequestedSchema = z.object({
  type: z.literal('shipping-confirmation-requested'),
  version: z.literal(1),
  /** Follows the work from the trigger to the partner's call. */
  correlationId: z.string().min(1),
  marketplace: z.enum(['amazon', 'ebay', 'manomano']),
  orderId: z.string().min(1),
  shipmentKey: z.string().min(1),
});
