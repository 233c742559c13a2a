import { type Receipt, type ReceiptKind, type ReceiptLine, receiptIdParts } from '../../domain/receipt.ts';
import type { ReceiptBuyer } from '../../domain/receipt-buyer.ts';
import type { VatTreatment } from '../../domain/vat-treatment.ts';
import type { Credit, NewReceipt, RemoteReceipt } from './schemas.ts';

/** Our words and the contract's. */
export const KIND: Readonly<Record<ReceiptKind, RemoteReceipt['kind']>> = {
  'courtesy-receipt': 'COURTESY_RECEIPT',
  'courtesy-reversal': 'COURTESY_REVERSAL',
  'electronic-invoice': 'EINVOICE',
  'credit-note': 'CREDIT_NOTE',
};
const LINE_KIND: Readonly<Record<ReceiptLine['kind'], NewReceipt['lines'][number]['kind']>> = {
  item: 'ITEM',
  shipping: 'SHIPPING',
  'gift-wrap': 'GIFT_WRAP',
  discount: 'DISCOUNT',
  other: 'OTHER',
};
const TREATMENT: Readonly<Record<VatTreatment, NewReceipt['vatTreatment']>> = {
  domestic: 'DOMESTIC',
  'one-stop-shop': 'ONE_STOP_SHOP',
  'reverse-charge': 'REVERSE_CHARGE',
  export: 'EXPORT',
};
const REASON = { refund: 'REFUND', return: 'RETURN', cancelled: 'CANCELLED', mistake: 'MISTAKE' } as const;

/** Names a request for good: made of what it is about, the same on every try. */
export function idempotencyKey({ receiptId, sellerId, channelId, marketplaceOrderId }: Receipt): string {
  const { family, request } = receiptIdParts(receiptId) ?? { family: 'sale', request: '1' };
  return [sellerId, channelId, marketplaceOrderId, family, request].join(':');
}

export function newReceipt(
  receipt: Receipt,
  kind: NewReceipt['kind'],
  issuerAccountId: string,
  buyer: ReceiptBuyer | undefined,
): NewReceipt {
  const { channelId: channel, marketplace, marketplaceOrderId, purchasedAt } = receipt;
  return {
    issuerAccountId,
    externalReference: { channel, marketplace, marketplaceOrderId, purchasedAt },
    kind,
    issueDate: receipt.issueDate,
    language: receipt.language,
    currency: receipt.currency,
    ...(buyer === undefined ? {} : { buyer: buyerOf(buyer) }),
    vatTreatment: TREATMENT[receipt.vatTreatment],
    vatCountry: receipt.vatCountry,
    ...figuresOf(receipt),
    payment: { method: 'MARKETPLACE' },
  };
}

export function creditOf(receipt: Receipt): Credit {
  const { reason = 'refund' } = receipt.reverses ?? {};
  return { issueDate: receipt.issueDate, reason: REASON[reason], ...figuresOf(receipt) };
}

function figuresOf({ lines, totals }: Receipt): Pick<NewReceipt, 'lines' | 'totals'> {
  return {
    lines: lines.map((line) => ({
      number: line.lineNumber,
      kind: LINE_KIND[line.kind],
      sku: line.sku,
      description: line.title?.slice(0, 500),
      quantity: line.quantity,
      unitGross: line.unitGrossMinor,
      discountGross: Math.min(line.discountMinor, 0),
      gross: line.grossMinor,
      net: line.netMinor,
      vat: line.vatMinor,
      vatRate: line.rateHundredths,
      vatNature: line.nature,
    })),
    totals: {
      gross: totals.grossMinor,
      net: totals.netMinor,
      vat: totals.vatMinor,
      byRate: totals.byRate.map(({ rateHundredths, nature, grossMinor, netMinor, vatMinor }) => ({
        vatRate: rateHundredths,
        vatNature: nature,
        gross: grossMinor,
        net: netMinor,
        vat: vatMinor,
      })),
    },
  };
}

function buyerOf({ billingAddress, deliveryAddress, ...buyer }: ReceiptBuyer): NewReceipt['buyer'] {
  return {
    ...buyer,
    ...(billingAddress === undefined ? {} : { billingAddress: addressOf(billingAddress) }),
    ...(deliveryAddress === undefined ? {} : { deliveryAddress: addressOf(deliveryAddress) }),
  };
}

function addressOf(address: NonNullable<ReceiptBuyer['billingAddress']>) {
  return { ...address, lines: [...address.lines] };
}
