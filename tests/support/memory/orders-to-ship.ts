import type { Shipment } from '../../../shared/domain/shipment.ts';
import { awaitsScan, shipByDeadline } from '../../../shared/domain/shipping-deadline.ts';
import type { OrdersToShip, ShipmentsToScan } from '../../../shared/ports/orders-to-ship.ts';
import type { ShipmentStore } from '../../../shared/ports/shipment-store.ts';
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

/** The shipments to scan of a memory store: looks at every shipment. */
export function memoryShipmentsToScan(shipments: Pick<ShipmentStore, 'list'>): ShipmentsToScan {
  const knownAt = ({ trackingKnownAt }: Shipment): string => trackingKnownAt ?? '';
  return {
    async list({ since, limit }) {
      const all: Shipment[] = [];
      let cursor: string | undefined;
      do {
        const page = await shipments.list({ limit: 1000, cursor });
        all.push(...page.shipments);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return all
        .filter((each) => awaitsScan(each) && knownAt(each) >= since)
        .sort((a, b) => (knownAt(a) < knownAt(b) ? 1 : -1))
        .slice(0, limit);
    },
  };
}
