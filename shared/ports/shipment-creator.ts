import type { Money } from '../domain/money.ts';
import type { Recipient } from '../domain/recipient.ts';

export type { Recipient };

/** Under which keys a courier finds a shipment that it was told to make. */
export interface SenderReferences {
  readonly courierAccountId: string;
  /** Stored before the first attempt. */
  readonly senderReference: string;
  readonly alphanumericReference?: string | undefined;
}

/** What is to be carried; for whom is told beside it. */
export interface ShipmentRequest extends SenderReferences {
  readonly parcelCount: number;
  /** All parcels together. */
  readonly weightGrams: number;
  readonly volumeCm3?: number | undefined;
  /** What the driver collects from the recipient. */
  readonly cashOnDelivery?: Money | undefined;
  readonly insuredValue?: Money | undefined;
  /** The pick-up point the buyer chose, by the courier's id. */
  readonly pickUpPointId?: string | undefined;
  /** For the driver. */
  readonly notes?: string | undefined;
  readonly labelFormat: LabelFormat;
}

export type LabelFormat = 'PDF' | 'ZPL';

export interface CreatedShipment {
  readonly parcels: readonly {
    readonly parcelId: string;
    readonly trackingByParcelId: string;
    /** A file of the wanted format. */
    readonly label: Uint8Array;
  }[];
  readonly warnings: readonly ShipmentWarning[];
}

/** The shipment exists, and somebody should look at it before the goods leave. */
export type ShipmentWarning =
  /** The courier has written the address its own way: personal data. */
  | {
      readonly kind: 'address-normalised';
      readonly address: Pick<Recipient, 'name' | 'postcode' | 'city'> & { readonly province: string };
    }
  | { readonly kind: 'pick-up-point-differs' }
  /** A warning that nobody has told us of. */
  | { readonly kind: 'other'; readonly code: number };

/**
 * Makes shipments at a courier. Each call asks once.
 *
 * After an `UnavailableError` from `create` nobody knows whether the shipment exists: `delete` it, which is content with
 * one that was never made, and create it again under the same references.
 */
export interface ShipmentCreator {
  /** @throws CourierRefusedError when a person has to change something; `reason` says what */
  create(request: ShipmentRequest, recipient: Recipient): Promise<CreatedShipment>;
  /** For contracts in which the courier waits for it. */
  confirm(references: SenderReferences): Promise<'confirmed' | 'already-confirmed'>;
  delete(references: SenderReferences): Promise<'deleted' | 'never-existed'>;
}
