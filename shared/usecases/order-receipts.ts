import type { OrderId } from '../domain/order.ts';
import { type Receipt, type ReceiptId, receiptId } from '../domain/receipt.ts';
import { reversibleMinor } from '../domain/receipt-reversal.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';

export interface OrderReceiptsDeps {
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
}

/** The receipt or invoice that an order has, as a line of a list shows it. */
export interface OrderReceipt {
  /** Names it among its order's: `sale-1`. */
  readonly receipt: string;
  readonly kind: Receipt['kind'];
  readonly state: Receipt['state'];
  readonly number: string | null;
  /** All of it was taken back. */
  readonly reversed: boolean;
}

/**
 * The last sale document of several orders, as of this moment. One request for all of them, and one more for those whose
 * document came to nothing or was taken back: only these can have a successor. Orders without one are absent.
 */
export async function receiptsOf(
  { receipts }: OrderReceiptsDeps,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, OrderReceipt>> {
  const found = new Map<OrderId, OrderReceipt>();
  let open = [...new Set(orderIds)];
  for (let sequence = 1; open.length > 0; sequence += 1) {
    const idOf = (order: OrderId): ReceiptId => receiptId(order, 'sale', String(sequence));
    const documents = await receipts.getMany(open.map(idOf));
    open = open.filter((order) => {
      const document = documents.get(idOf(order));
      if (document === undefined) return false;
      const shown = shownIn(document, sequence);
      found.set(order, shown);
      return shown.reversed || shown.state === 'void' || shown.state === 'failed';
    });
  }
  return found;
}

function shownIn(document: Receipt, sequence: number): OrderReceipt {
  const { kind, state, number } = document;
  return {
    receipt: `sale-${sequence}`,
    kind,
    state,
    number: number?.text ?? null,
    reversed: state === 'issued' && reversibleMinor(document) <= 0,
  };
}
