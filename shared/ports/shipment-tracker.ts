import type { Shipment } from '../domain/shipment.ts';
import type { TrackingFound } from '../domain/tracking.ts';

/** Whatever a courier may know a shipment by. */
export type TrackingRefs = Pick<
  Shipment,
  | 'courierAccountId'
  | 'senderReference'
  | 'alphanumericReference'
  | 'parcels'
  | 'courierShipmentId'
  | 'trackingNumber'
  | 'createdAt'
>;

/** `not-yet` is an ordinary answer: a courier says the same of what does not exist and of what it has not read yet. */
export type TrackingAnswer = { readonly found: 'not-yet' } | ({ readonly found: 'yes' } & TrackingFound);

/** Asks a courier where a shipment is. */
export interface ShipmentTracker {
  /**
   * Asks once, as a rule with one call of the courier's allowance; retries are the caller's.
   * @throws UnexpectedAnswerError for an answer whose shape nobody knows: never a made-up state
   * @throws CourierRefusedError when a person has to do something: credentials, a reference that is not unique
   */
  track(refs: TrackingRefs): Promise<TrackingAnswer>;
}
