import type { RemoteOrder, UnreadableOrder } from '../../ports/order-source.ts';
import { problemOf } from './answer.ts';
import { mapOrder } from './order-mapper.ts';
import { brokenOrderSchema, remoteOrderSchema } from './schemas.ts';

/** All we store of an order, asked for with the order itself: at Amazon's rates nothing may need a call of its own. */
export const INCLUDED_DATA = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
] as const;

/** One order of an answer, or what could still be read of it. */
export function readOrder(accountId: string, remote: unknown): RemoteOrder | UnreadableOrder {
  const parsed = remoteOrderSchema.safeParse(remote);
  if (!parsed.success) return { ...idOf(remote), problem: problemOf(parsed.error.issues) };
  try {
    return mapOrder(accountId, parsed.data);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...idOf(remote), problem: error.message };
  }
}

function idOf(remote: unknown): Pick<UnreadableOrder, 'marketplaceOrderId' | 'updatedAt'> {
  const { data } = brokenOrderSchema.safeParse(remote);
  return {
    marketplaceOrderId: data?.orderId,
    updatedAt: data?.lastUpdatedTime && new Date(data.lastUpdatedTime).toISOString(),
  };
}
