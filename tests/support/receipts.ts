import { orderId } from '../../shared/domain/order.ts';
import { type Receipt, type ReceiptLine, receiptId } from '../../shared/domain/receipt.ts';
import {
  defaultReceiptSettings,
  type ReceiptSettings,
  type Seller,
} from '../../shared/domain/receipt-settings.ts';
import { totalsOf, vatContained } from '../../shared/domain/vat.ts';
import type { ReceiptDraft } from '../../shared/ports/receipt-store.ts';

/** An invented shop. */
const SELLER: Seller = {
  legalName: 'Bottega Inventata Srl',
  addressLines: ['Via Inventata 1'],
  postalCode: '00000',
  city: 'Cittainventata',
  province: 'XX',
  country: 'IT',
  vatNumber: 'IT00000000000',
  rea: 'XX-000000',
  email: 'ufficio@bottega.example',
};

export function receiptSettings(overrides: Partial<ReceiptSettings> = {}): ReceiptSettings {
  return { ...defaultReceiptSettings(SELLER), ...overrides };
}

/** A line with the VAT its amount contains. */
export function receiptLine(overrides: Partial<ReceiptLine> = {}): ReceiptLine {
  const grossMinor = overrides.grossMinor ?? 2490;
  const rateHundredths = overrides.rateHundredths ?? 2200;
  const vatMinor = vatContained(grossMinor, rateHundredths);
  return {
    lineNumber: 1,
    kind: 'item',
    sku: 'MUG-BLUE',
    title: 'Blue mug',
    quantity: 1,
    unitGrossMinor: grossMinor,
    discountMinor: 0,
    ...overrides,
    grossMinor,
    rateHundredths,
    netMinor: grossMinor - vatMinor,
    vatMinor,
  };
}

/** A document about to be stored, to be numbered by us. */
export function aDraft(overrides: Partial<ReceiptDraft> & { readonly request?: string } = {}): ReceiptDraft {
  const { request = '1', ...fields } = overrides;
  const order = fields.orderId ?? orderId('amazon', '404-0000001-0000001');
  const lines = fields.lines ?? [receiptLine()];
  return {
    receiptId: receiptId(order, 'sale', request),
    orderId: order,
    marketplace: 'amazon',
    marketplaceOrderId: order.slice(order.indexOf(':') + 1),
    channelId: 'amazon-it',
    siteName: 'Amazon.it',
    purchasedAt: '2026-11-20T08:00:00.000Z',
    kind: 'courtesy-receipt',
    issuer: 'built-in',
    sellerId: SELLER.vatNumber,
    series: 'RC',
    issueDate: '2026-11-23',
    language: 'it',
    currency: 'EUR',
    lines,
    totals: totalsOf(lines),
    vatTreatment: 'domestic',
    vatCountry: 'IT',
    destinationCountry: 'IT',
    business: false,
    buyerShown: 'named',
    decision: {
      document: 'courtesy-receipt',
      ruleId: 'consumer',
      facts: {
        marketplace: 'amazon',
        buyer: 'consumer',
        country: 'IT',
        sellerCountry: 'IT',
        oneStopShop: false,
        invoiceRequested: false,
      },
    },
    requestedBy: 'operator-1',
    requestedAt: '2026-11-23T09:00:00.000Z',
    dueAt: '2026-11-23T09:05:00.000Z',
    ...fields,
  };
}

/** A numbered document. */
export function aReceipt(overrides: Partial<Receipt> = {}): Receipt {
  const { series: _, ...draft } = aDraft();
  return {
    ...draft,
    number: { text: '1/RC/2026', series: 'RC', year: 2026, sequence: 1 },
    state: 'numbered',
    attempts: 0,
    version: 1,
    ...overrides,
  };
}
