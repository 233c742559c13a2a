import type { ShipmentKey } from '../../../shared/domain/shipment.ts';
import type { ShipmentLabels } from '../../../shared/ports/shipment-labels.ts';

/** The labels' semantics without a bucket. */
export class MemoryShipmentLabels implements ShipmentLabels {
  readonly files = new Map<string, Uint8Array>();

  async keep(
    shipmentKey: ShipmentKey,
    format: 'PDF' | 'ZPL',
    labels: readonly Uint8Array[],
  ): Promise<readonly string[]> {
    return labels.map((label, index) => {
      const key = `${shipmentKey}/${index + 1}.${format.toLowerCase()}`;
      this.files.set(key, label);
      return key;
    });
  }

  async linkTo(labelKey: string) {
    return { url: `https://files.example.org/${labelKey}`, validMs: 300_000 };
  }

  async deleteFor(shipmentKey: ShipmentKey): Promise<void> {
    for (const key of this.files.keys()) if (key.startsWith(`${shipmentKey}/`)) this.files.delete(key);
  }
}
