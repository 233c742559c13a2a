import { orderId } from '../../shared/domain/order.ts';
import { newShipment, type Shipment, type ShipmentKey, shipmentKey } from '../../shared/domain/shipment.ts';
import type { ShippingConfirmation } from '../../shared/domain/shipping-confirmation.ts';

/** A shipment at BRT, with a label and nothing more, for one Amazon order; override what the test is about. */
export function aShipment(overrides: Partial<Omit<Shipment, 'shipmentKey'>> = {}): Shipment {
  const senderReference = overrides.senderReference ?? '202600000000001';
  const courier = overrides.courier ?? 'brt';
  return {
    ...newShipment(
      {
        courier,
        courierAccountId: '1020100',
        senderReference,
        orders: [{ orderId: orderId('amazon', '404-0000001-0000001'), lines: [] }],
        parcels: [{ trackingByParcelId: '068014200000001' }],
        nextCheckAt: '2026-11-20T10:05:00.000Z',
      },
      Date.parse('2026-11-20T10:00:00.000Z'),
    ),
    ...overrides,
    shipmentKey: shipmentKey(courier, senderReference),
  };
}

/** What Amazon is to be told of that shipment, once its number is known. */
export function aConfirmation(overrides: Partial<ShippingConfirmation> = {}): ShippingConfirmation {
  return {
    orderId: orderId('amazon', '404-0000001-0000001'),
    shipmentKey: 'brt:202600000000001' as ShipmentKey,
    packageNumber: 1,
    marketplace: 'amazon',
    marketplaceOrderId: '404-0000001-0000001',
    courier: 'brt',
    trackingNumber: '067138050000001',
    trackingUrl: 'https://vas.brt.it/vas/sped_det_show.hsm?Nspediz=067138050000001',
    shippedAt: '2026-11-20T17:00:00.000Z',
    lines: [],
    knownAt: '2026-11-20T18:00:00.000Z',
    state: 'wanted',
    attempts: 0,
    dueAt: '2026-11-20T18:02:00.000Z',
    version: 1,
    ...overrides,
  };
}
