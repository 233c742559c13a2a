import type { Customisation } from '../../../shared/domain/customisation.ts';
import type { OrderId } from '../../../shared/domain/order.ts';
import type { CustomisationFiles, CustomisedLine } from '../../../shared/ports/customisation-files.ts';
import type { CustomisationPackage } from '../../../shared/ports/customisation-source.ts';

/** Kept customisations without a bucket. */
export class MemoryCustomisationFiles implements CustomisationFiles {
  readonly kept = new Map<string, { readonly orderId: OrderId; readonly contents: CustomisationPackage }>();

  async keep(line: CustomisedLine, contents: CustomisationPackage): Promise<void> {
    this.kept.set(keyOf(line), { orderId: line.orderId, contents });
  }

  async read(line: CustomisedLine): Promise<Customisation | undefined> {
    return this.kept.get(keyOf(line))?.contents.customisation;
  }

  async linkTo(line: CustomisedLine, fileName: string): Promise<string> {
    return `memory://${keyOf(line)}/${fileName}`;
  }

  async deleteFor(orderId: OrderId): Promise<void> {
    for (const [key, kept] of this.kept) if (kept.orderId === orderId) this.kept.delete(key);
  }
}

function keyOf({ orderId, orderLineId }: CustomisedLine): string {
  return `${orderId}/${orderLineId}`;
}
