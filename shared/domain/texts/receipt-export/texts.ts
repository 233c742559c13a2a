import type { ReceiptKind, ReceiptState } from '../../receipt.ts';

/** The words of the accountant's export. */
export interface ReceiptExportTexts {
  readonly sheets: { readonly documents: string; readonly totals: string };
  readonly head: readonly [
    date: string,
    number: string,
    kind: string,
    state: string,
    channel: string,
    marketplace: string,
    order: string,
    country: string,
    rate: string,
    nature: string,
    net: string,
    vat: string,
    gross: string,
    currency: string,
    reverses: string,
  ];
  readonly totalsHead: readonly [
    currency: string,
    rate: string,
    nature: string,
    documents: string,
    net: string,
    vat: string,
    gross: string,
  ];
  readonly allRates: string;
  readonly kinds: Readonly<Record<ReceiptKind, string>>;
  readonly states: Readonly<Record<ReceiptState, string>>;
}
