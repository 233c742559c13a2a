import type { OrderReader } from '../ports/order-source.ts';
import type { PersonalDataSource } from '../ports/personal-data-source.ts';

/** Personal data as the marketplace gives it, with the order: asked for one by one. */
export function personalDataFromOrders(reader: OrderReader): PersonalDataSource {
  return {
    ordersPerCallMax: 1,
    async fetch(requests) {
      const [request, another] = requests;
      if (request === undefined || another !== undefined)
        throw new RangeError('one order is asked for at a time');
      const { orderId, accountId, siteId, marketplaceOrderId } = request;
      const remote = await reader.fetchOrder({ accountId, siteId, marketplaceOrderId });
      if (remote === undefined) return new Map([[orderId, { outcome: 'not-visible' }]]);
      const { buyer } = remote;
      return new Map([
        [orderId, buyer?.state === 'present' ? { outcome: 'found', buyer } : { outcome: 'not-given', buyer }],
      ]);
    },
  };
}
