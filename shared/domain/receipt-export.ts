import type { Money } from './money.ts';
import type { Receipt, VatTotal } from './receipt.ts';

/** One rate of one document; a document without amounts (void, failed) has one row without a rate. */
export interface ExportedRow {
  readonly receipt: Receipt;
  readonly vat: VatTotal | undefined;
}

/** All issued documents of one currency together, in minor units: what the rows have to add up to. */
export interface ControlTotal {
  readonly currency: string;
  readonly documents: number;
  readonly net: Money;
  readonly vat: Money;
  readonly gross: Money;
  /** Highest rate first. */
  readonly byRate: readonly VatTotal[];
}

/** Rows in the order of the documents. What was not issued is listed, so that no number is missing, and counts nothing. */
export function exportedRows(receipts: readonly Receipt[]): readonly ExportedRow[] {
  return receipts.flatMap((receipt): readonly ExportedRow[] =>
    receipt.state === 'issued'
      ? receipt.totals.byRate.map((vat) => ({ receipt, vat }))
      : [{ receipt, vat: undefined }],
  );
}

/** Computed from the documents' own totals, not from the rows: the one is a check of the other. */
export function controlTotals(receipts: readonly Receipt[]): readonly ControlTotal[] {
  const issued = receipts.filter(({ state }) => state === 'issued');
  return [...Map.groupBy(issued, ({ currency }) => currency)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, documents]) => {
      const sum = (of: (receipt: Receipt) => number): Money => ({
        amountMinor: documents.reduce((total, receipt) => total + of(receipt), 0),
        currency,
      });
      return {
        currency,
        documents: documents.length,
        net: sum(({ totals }) => totals.netMinor),
        vat: sum(({ totals }) => totals.vatMinor),
        gross: sum(({ totals }) => totals.grossMinor),
        byRate: ratesOf(documents),
      };
    });
}

function ratesOf(documents: readonly Receipt[]): readonly VatTotal[] {
  const groups = Map.groupBy(
    documents.flatMap(({ totals }) => totals.byRate),
    ({ rateHundredths, nature }) => `${rateHundredths}/${nature ?? ''}`,
  );
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const sum = (of: (rate: VatTotal) => number): number =>
        group.reduce((total, rate) => total + of(rate), 0);
      return [
        {
          rateHundredths: first.rateHundredths,
          nature: first.nature,
          netMinor: sum(({ netMinor }) => netMinor),
          vatMinor: sum(({ vatMinor }) => vatMinor),
          grossMinor: sum(({ grossMinor }) => grossMinor),
        },
      ];
    })
    .sort((one, other) => other.rateHundredths - one.rateHundredths);
}
