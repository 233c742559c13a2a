import type { ShipmentKey } from '../domain/shipment.ts';
import type { LabelFormat } from './shipment-creator.ts';

/** Labels name the recipient: they stand with the personal files, and end with the buyer's data. */
export interface ShipmentLabels {
  /**
   * Stores the labels of a shipment, in the order of its parcels; those of another attempt are replaced.
   * @returns where each stands
   */
  keep(
    shipmentKey: ShipmentKey,
    format: LabelFormat,
    labels: readonly Uint8Array[],
  ): Promise<readonly string[]>;
  /** An address that gives one label for some minutes, as a download. */
  linkTo(labelKey: string): Promise<{ readonly url: string; readonly validMs: number }>;
  /** Deletes every label of a shipment. Repeating it is harmless. */
  deleteFor(shipmentKey: ShipmentKey): Promise<void>;
}
