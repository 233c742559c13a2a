import { formatMinor, type Money } from './money.ts';
import { orderIdParts } from './order.ts';
import type { Shipment } from './shipment.ts';
import { makingProblemText, makingWarningText } from './texts/shipments/index.ts';
import { trackingUrl } from './tracking-url.ts';

/** A shipment as lists and pages show it: everything known of it, and nobody's name. */
export function shownShipment(shipment: Shipment) {
  const { trackingNumber, making } = shipment;
  return {
    shipmentKey: shipment.shipmentKey as string,
    courier: shipment.courier,
    courierAccountId: shipment.courierAccountId,
    senderReference: shipment.senderReference,
    alphanumericReference: shipment.alphanumericReference ?? null,
    orders: shipment.orders.map(({ orderId, lines }) => {
      const { marketplace, marketplaceOrderId } = orderIdParts(orderId);
      return { marketplace, orderNumber: marketplaceOrderId, lines };
    }),
    parcels: shipment.parcels.map(({ parcelId, trackingByParcelId }) => ({
      parcelId: parcelId ?? null,
      trackingByParcelId: trackingByParcelId ?? null,
    })),
    courierShipmentId: shipment.courierShipmentId?.id ?? null,
    otherShipmentId: shipment.otherShipmentId ?? null,
    trackingNumber: trackingNumber ?? null,
    trackingKnownAt: shipment.trackingKnownAt ?? null,
    trackingUrl: (trackingNumber === undefined ? undefined : trackingUrl(shipment, trackingNumber)) ?? null,
    carrierName: shipment.carrierName ?? null,
    state: shipment.state,
    createdAt: shipment.createdAt,
    shippedAt: shipment.shippedAt ?? null,
    deliveredAt: shipment.deliveredAt ?? null,
    nextCheckAt: shipment.nextCheckAt ?? null,
    making: making === undefined ? null : shownMaking(making),
    problems: (shipment.problems ?? []).map(({ kind, at, detail }) => ({ kind, at, detail: detail ?? null })),
    version: shipment.version,
  };
}

function shownMaking(making: NonNullable<Shipment['making']>) {
  const { problem } = making;
  return {
    state: making.state,
    parcelCount: making.parcelCount,
    weightGrams: making.weightGrams,
    volumeCm3: making.volumeCm3 ?? null,
    cashOnDelivery: shownMoney(making.cashOnDelivery),
    insuredValue: shownMoney(making.insuredValue),
    pickUpPointId: making.pickUpPointId ?? null,
    labelFormat: making.labelFormat,
    attempts: making.attempts,
    problem:
      problem === undefined
        ? null
        : { code: problem, it: makingProblemText(problem, 'it'), en: makingProblemText(problem, 'en') },
    warnings: making.warnings.map((code) => ({
      code,
      it: makingWarningText(code, 'it'),
      en: makingWarningText(code, 'en'),
    })),
    labels: making.labelKeys.length,
    madeAt: making.madeAt ?? null,
    confirmedAt: making.confirmedAt ?? null,
  };
}

function shownMoney(money: Money | undefined): { readonly amount: string; readonly currency: string } | null {
  return money === undefined
    ? null
    : { amount: formatMinor(money.amountMinor, money.currency), currency: money.currency };
}
