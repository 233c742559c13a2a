import { UnavailableError } from '../domain/errors.ts';
import type { OrderId } from '../domain/order.ts';
import type { ShipmentKey } from '../domain/shipment.ts';
import type { ShipmentLabels } from '../ports/shipment-labels.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';

/** Tracking and people change a shipment too. */
const WRITES_MAX = 5;

export interface DeleteLabelsDeps {
  readonly shipments: Pick<ShipmentStore, 'packagesOf' | 'get' | 'change'>;
  readonly labels: Pick<ShipmentLabels, 'deleteFor'>;
}

/** Deletes the labels of all shipments that an order travels in: they name its buyer. Repeating it is harmless. */
export async function deleteLabelsOf(deps: DeleteLabelsDeps, orderId: OrderId): Promise<void> {
  for (const { shipmentKey } of await deps.shipments.packagesOf(orderId)) {
    // The files first: while they are there, the shipment says so.
    await deps.labels.deleteFor(shipmentKey);
    await forgetLabels(deps, shipmentKey);
  }
}

async function forgetLabels({ shipments }: DeleteLabelsDeps, key: ShipmentKey): Promise<void> {
  for (let write = 0; write < WRITES_MAX; write += 1) {
    const shipment = await shipments.get(key);
    if (shipment?.making === undefined || shipment.making.labelKeys.length === 0) return;
    const without = { ...shipment, making: { ...shipment.making, labelKeys: [] } };
    if ((await shipments.change(without, shipment.version)) === 'changed') return;
  }
  throw new UnavailableError('dynamodb', `shipment ${key} keeps being changed by others`);
}
