import type { Receipt } from '../domain/receipt.ts';
import {
  type ControlTotal,
  controlTotals,
  type ExportedRow,
  exportedRows,
} from '../domain/receipt-export.ts';
import type { Language } from '../domain/texts/index.ts';
import { RECEIPT_EXPORT_TEXTS } from '../domain/texts/receipt-export/index.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { Cell, Sheet, TableWriter } from '../ports/table-writer.ts';

const PAGE_SIZE = 500;
/** An accountant asks for a month, a quarter or a year. */
const EXPORT_MONTHS_MAX = 12;
/** About ten seconds of reading and 60 MB; a shop with more exports month by month. */
const EXPORT_DOCUMENTS_MAX = 20_000;

/** More documents than one file takes. */
export class ExportTooLargeError extends RangeError {}

export interface ExportReceiptsDeps {
  readonly receipts: Pick<ReceiptStore, 'ofMonth'>;
  readonly writer: TableWriter;
}

export interface ReceiptExport {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly documents: number;
  readonly totals: readonly ControlTotal[];
}

/**
 * The documents of some months as a file for the accountant: one row per document and VAT rate, and on a sheet of their
 * own the totals that the rows have to add up to.
 * @param period first and last month, `YYYY-MM`
 * @throws RangeError when the months are in the wrong order or more than a year
 * @throws ExportTooLargeError when there are more than 20,000 documents
 */
export async function exportReceipts(
  { receipts: store, writer }: ExportReceiptsDeps,
  period: { readonly from: string; readonly until: string },
  language: Language,
): Promise<ReceiptExport> {
  const receipts: Receipt[] = [];
  for (const month of monthsOf(period)) {
    let cursor: string | undefined;
    do {
      const page = await store.ofMonth({ month, limit: PAGE_SIZE, cursor });
      receipts.push(...page.receipts);
      if (receipts.length > EXPORT_DOCUMENTS_MAX) throw new ExportTooLargeError('too many documents');
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  const totals = controlTotals(receipts);
  const { from, until } = period;
  return {
    fileName: `receipts-${from === until ? from : `${from}-${until}`}.${writer.extension}`,
    mediaType: writer.mediaType,
    bytes: await writer.write([
      documentsSheet(exportedRows(receipts), language),
      totalsSheet(totals, language),
    ]),
    documents: receipts.length,
    totals,
  };
}

function documentsSheet(rows: readonly ExportedRow[], language: Language): Sheet {
  const { sheets, head, kinds, states } = RECEIPT_EXPORT_TEXTS[language];
  return {
    name: sheets.documents,
    head,
    rows: rows.map(({ receipt, vat }): readonly Cell[] => {
      const { currency } = receipt;
      const money = (amountMinor: number | undefined) =>
        amountMinor === undefined ? null : { amountMinor, currency };
      return [
        { day: receipt.issueDate },
        receipt.number?.text ?? null,
        kinds[receipt.kind],
        states[receipt.state],
        receipt.channelId,
        receipt.marketplace,
        receipt.marketplaceOrderId,
        receipt.destinationCountry,
        vat === undefined ? null : vat.rateHundredths / 100,
        vat?.nature ?? null,
        money(vat?.netMinor),
        money(vat?.vatMinor),
        money(vat?.grossMinor),
        currency,
        receipt.reverses?.numberText ?? null,
      ];
    }),
  };
}

function totalsSheet(totals: readonly ControlTotal[], language: Language): Sheet {
  const { sheets, totalsHead, allRates } = RECEIPT_EXPORT_TEXTS[language];
  return {
    name: sheets.totals,
    head: totalsHead,
    rows: totals.flatMap(({ currency, documents, net, vat, gross, byRate }): readonly (readonly Cell[])[] => [
      ...byRate.map(({ rateHundredths, nature, netMinor, vatMinor, grossMinor }): readonly Cell[] => [
        currency,
        rateHundredths / 100,
        nature ?? null,
        null,
        { amountMinor: netMinor, currency },
        { amountMinor: vatMinor, currency },
        { amountMinor: grossMinor, currency },
      ]),
      [currency, allRates, null, documents, net, vat, gross],
    ]),
  };
}

function monthsOf({ from, until }: { readonly from: string; readonly until: string }): readonly string[] {
  const months: string[] = [];
  for (let month = from; month <= until; month = monthAfter(month)) {
    months.push(month);
    if (months.length > EXPORT_MONTHS_MAX) throw new RangeError('an export is of a year at most');
  }
  if (months.length === 0) throw new RangeError('the period ends before it begins');
  return months;
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
