import type { ReversalReason } from '../../receipt.ts';

/** The words on a receipt's page: the buyer reads them, and the shop's accountant. */
export interface ReceiptPageTexts {
  readonly titles: { readonly receipt: string; readonly reversal: string };
  readonly number: string;
  readonly date: string;
  readonly vatNumber: string;
  readonly taxCode: string;
  readonly register: string;
  readonly shareCapital: string;
  readonly buyer: string;
  readonly buyerUnknown: string;
  readonly deliveredTo: string;
  readonly order: string;
  readonly orderedOn: string;
  readonly paidThrough: (marketplace: string) => string;
  readonly reverses: (numberText: string, date: string) => string;
  readonly reasons: Readonly<Record<ReversalReason, string>>;
  readonly columns: {
    readonly sku: string;
    readonly description: string;
    readonly quantity: string;
    readonly unitPrice: string;
    readonly discount: string;
    readonly rate: string;
    readonly total: string;
  };
  readonly lineKinds: Readonly<Record<'shipping' | 'gift-wrap' | 'discount' | 'other' | 'item', string>>;
  readonly vatSummary: string;
  readonly taxable: string;
  readonly vat: string;
  readonly total: string;
  readonly vatIncluded: string;
  readonly vatOf: (country: string) => string;
  readonly reverseCharge: string;
  readonly export: string;
  readonly courtesyNote: string;
  readonly page: (page: number, of: number) => string;
}
