import { shipByDeadline } from '../../../shared/domain/shipping-deadline.ts';
import type { OrdersToShip } from '../../../shared/ports/orders-to-ship.ts';
import type { MemoryOrderStore } from './order-store.ts';

/** The orders to ship of a memory store: looks at every order. */
export function memoryOrdersToShip(orders: Pick<MemoryOrderStore, 'all'>): OrdersToShip {
  return {
    async list({ limit, after = '' }) {
      const behind = orders
        .all()
        .flatMap((record) => {
          const deadline = record.order && shipByDeadline(record.order);
          return deadline ? [{ position: `${deadline.until}#${record.orderId}`, record }] : [];
        })
        .filter(({ position }) => position > after)
        .sort((a, b) => (a.position < b.position ? -1 : 1));
      return { found: behind.slice(0, limit), more: behind.length > limit };
    },
  };
}
