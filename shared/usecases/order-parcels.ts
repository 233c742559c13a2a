import { UnexpectedAnswerError } from '../domain/errors.ts';
import type { OrderId } from '../domain/order.ts';
import type { OrderParcel } from '../domain/order-parcels.ts';
import type { ConfirmationStore, ShipmentStore } from '../ports/shipment-store.ts';

export interface OrderParcelsDeps {
  readonly shipments: Pick<ShipmentStore, 'packagesOfMany' | 'getMany'>;
  readonly confirmations: Pick<ConfirmationStore, 'getMany'>;
}

/**
 * The parcels of several orders by their package numbers, as of this moment: nothing of them is kept beside the orders
 * that could be behind. A handful of requests, however many orders. Orders without parcels are absent.
 * @throws UnexpectedAnswerError for a package whose shipment is not there: what nobody can follow is not left out
 */
export async function parcelsOf(
  { shipments, confirmations }: OrderParcelsDeps,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, readonly OrderParcel[]>> {
  const packages = await shipments.packagesOfMany(orderIds);
  if (packages.length === 0) return new Map();
  const [found, told] = await Promise.all([
    shipments.getMany(packages.map(({ shipmentKey }) => shipmentKey)),
    confirmations.getMany(packages),
  ]);
  const byKey = new Map(found.map((shipment) => [shipment.shipmentKey, shipment] as const));
  const toldOf = new Map(told.map((each) => [`${each.orderId}#${each.shipmentKey}`, each] as const));
  const parcels = new Map<OrderId, OrderParcel[]>();
  for (const { orderId, shipmentKey } of packages.toSorted((a, b) => a.packageNumber - b.packageNumber)) {
    const shipment = byKey.get(shipmentKey);
    if (shipment === undefined) {
      throw new UnexpectedAnswerError(
        'dynamodb',
        `package of ${orderId} without its shipment ${shipmentKey}`,
      );
    }
    const confirmation = toldOf.get(`${orderId}#${shipmentKey}`);
    parcels.set(orderId, [...(parcels.get(orderId) ?? []), { shipment, confirmation }]);
  }
  return parcels;
}
