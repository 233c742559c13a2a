import type { Courier, CourierShipmentId, Parcel, Shipment, ShippedOrder } from './shipment.ts';
import { ShipmentRefusedError } from './shipment-refusal.ts';

/** What somebody says of a shipment that was made elsewhere. */
export interface Registration {
  readonly courier: Courier;
  readonly courierAccountId?: string | undefined;
  /** Our own reference, as the courier was given it. */
  readonly reference?: string | undefined;
  /** The numbers on the labels. */
  readonly parcelNumbers: readonly string[];
  /** The courier's number of the shipment. */
  readonly trackingNumber?: string | undefined;
  readonly carrierName?: string | undefined;
  readonly trackingUrl?: string | undefined;
  /** ISO instant. */
  readonly shippedAt?: string | undefined;
  readonly orders: readonly ShippedOrder[];
}

/** What a courier and we know the shipment by. */
export interface RegisteredIdentity {
  readonly senderReference: string;
  readonly parcels: readonly Parcel[];
  readonly courierShipmentId?: CourierShipmentId | undefined;
  /** Definitive: the marketplace can be told at once. */
  readonly trackingNumber?: string | undefined;
}

/** BRT takes references of at most this length; what stands in the place of one is longer, so that none can be the same. */
const BRT_REFERENCE_CHARS_MAX = 15;
const BRT_SHIPMENT_ID = /^\d{12}$/;
const BRT_PARCEL_TRACKED = /^\d{15}$/;
const BRT_PARCEL_BARCODE = /^[A-Za-z0-9]{18}$/;
/** Of the couriers whose numbers have many forms: what fits into a key and onto a label. */
const NUMBER = /^[A-Za-z0-9][\w.-]{3,39}$/;

/**
 * What a registered shipment is known by: our reference where there is one, else the first number.
 * @throws ShipmentRefusedError when that is nothing, or no number of the courier's
 */
export function registeredIdentity(registration: Registration): RegisteredIdentity {
  return registration.courier === 'brt' ? brtIdentity(registration) : otherIdentity(registration);
}

function brtIdentity({ reference, parcelNumbers, trackingNumber }: Registration): RegisteredIdentity {
  if (reference !== undefined && reference.length > BRT_REFERENCE_CHARS_MAX) {
    throw new ShipmentRefusedError('number-malformed', 'reference');
  }
  if (trackingNumber !== undefined && !BRT_SHIPMENT_ID.test(trackingNumber)) {
    throw new ShipmentRefusedError('number-malformed', 'trackingNumber');
  }
  const parcels = parcelNumbers.map((number) => {
    if (BRT_PARCEL_TRACKED.test(number)) return { trackingByParcelId: number };
    if (BRT_PARCEL_BARCODE.test(number)) return { parcelId: number };
    throw new ShipmentRefusedError('number-malformed', 'parcelNumbers');
  });
  const [parcel] = parcelNumbers;
  const senderReference =
    reference ??
    (parcel === undefined ? undefined : `parcel-${parcel}`) ??
    (trackingNumber === undefined ? undefined : `number-${trackingNumber}`);
  if (senderReference === undefined) throw new ShipmentRefusedError('nothing-to-know-it-by');
  return {
    senderReference,
    parcels,
    // Of which year it is BRT says with the first answer.
    ...(trackingNumber === undefined
      ? {}
      : { courierShipmentId: { id: trackingNumber, year: undefined }, trackingNumber }),
  };
}

function otherIdentity(registration: Registration): RegisteredIdentity {
  const { courier, reference, parcelNumbers, carrierName } = registration;
  const trackingNumber = registration.trackingNumber ?? parcelNumbers[0];
  if (trackingNumber === undefined) throw new ShipmentRefusedError('nothing-to-know-it-by');
  for (const number of [trackingNumber, ...parcelNumbers]) {
    if (!NUMBER.test(number)) throw new ShipmentRefusedError('number-malformed', 'trackingNumber');
  }
  if (courier === 'manual' && carrierName === undefined) throw new ShipmentRefusedError('carrier-missing');
  return {
    senderReference: reference ?? trackingNumber,
    parcels: parcelNumbers.map((parcelId) => ({ parcelId })),
    trackingNumber,
  };
}

/** Whether a shipment that is here already is the one that is being registered: by any of its names. */
export function isSameShipment(
  shipment: Pick<
    Shipment,
    'courier' | 'senderReference' | 'parcels' | 'courierShipmentId' | 'trackingNumber'
  >,
  courier: Courier,
  identity: RegisteredIdentity,
): boolean {
  if (shipment.courier !== courier) return false;
  const parcelNames = (parcels: readonly Parcel[]) =>
    parcels.flatMap(({ parcelId, trackingByParcelId }) => [parcelId ?? [], trackingByParcelId ?? []].flat());
  const known = [
    ...parcelNames(shipment.parcels),
    ...[shipment.courierShipmentId?.id ?? [], shipment.trackingNumber ?? []].flat(),
  ];
  const named = [...parcelNames(identity.parcels), identity.trackingNumber ?? []].flat();
  return shipment.senderReference === identity.senderReference || named.some((name) => known.includes(name));
}

/** Whether a registration says of a shipment's orders what is stored of it. */
export function carriesTheSame(
  stored: readonly ShippedOrder[],
  registered: readonly ShippedOrder[],
): boolean {
  const spelled = (orders: readonly ShippedOrder[]) =>
    orders
      .map(
        ({ orderId, lines }) =>
          `${orderId} ${lines.map(({ orderLineId, quantity }) => `${orderLineId} ${quantity}`).sort()}`,
      )
      .sort()
      .join('\n');
  return spelled(stored) === spelled(registered);
}
