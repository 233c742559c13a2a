import type { OrderId } from '../domain/order.ts';
import { type Receipt, type ReceiptId, receiptId } from '../domain/receipt.ts';
import { reversibleMinor } from '../domain/receipt-reversal.ts';
import type { ReceiptUpload } from '../domain/receipt-upload.ts';
import { receiptUploadText } from '../domain/texts/receipt-uploads/index.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { ReceiptUploadStore } from '../ports/receipt-upload-store.ts';

export interface OrderReceiptsDeps {
  readonly receipts: Pick<ReceiptStore, 'getMany'>;
  readonly receiptUploads: Pick<ReceiptUploadStore, 'getMany'>;
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
  /** What became of it at the order's marketplace; null when it is not wanted there, or not yet. */
  readonly upload: {
    readonly state: ReceiptUpload['state'];
    readonly why: ReturnType<typeof receiptUploadText>;
  } | null;
}

/**
 * The last sale document of several orders, as of this moment. One request for all of them, and one more for those whose
 * document came to nothing or was taken back: only these can have a successor; and one for their uploads. Orders without one
 * are absent.
 */
export async function receiptsOf(
  { receipts, receiptUploads }: OrderReceiptsDeps,
  orderIds: readonly OrderId[],
): Promise<ReadonlyMap<OrderId, OrderReceipt>> {
  const found = new Map<OrderId, Omit<OrderReceipt, 'upload'> & { readonly receiptId: ReceiptId }>();
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
  const ids = [...found.values()].map(({ receiptId: id }) => id);
  const uploaded = ids.length === 0 ? new Map<ReceiptId, ReceiptUpload>() : await receiptUploads.getMany(ids);
  return new Map(
    [...found].map(([order, { receiptId: id, ...shown }]) => {
      const upload = uploaded.get(id);
      const became = upload === undefined ? null : { state: upload.state, why: receiptUploadText(upload) };
      return [order, { ...shown, upload: became }];
    }),
  );
}

function shownIn(document: Receipt, sequence: number) {
  const { receiptId: id, kind, state, number } = document;
  return {
    receiptId: id,
    receipt: `sale-${sequence}`,
    kind,
    state,
    number: number?.text ?? null,
    reversed: state === 'issued' && reversibleMinor(document) <= 0,
  };
}
