import { isoInstant } from '../domain/pull-window.ts';
import type { Language } from '../domain/texts/index.ts';
import type { ReceiptShelf } from '../ports/receipt-shelf.ts';
import type { TableWriter } from '../ports/table-writer.ts';
import { type Acting, noteActivity } from './acting.ts';
import { type ExportReceiptsDeps, exportReceipts, type ReceiptExport } from './export-receipts.ts';

export interface KeepExportDeps extends Acting {
  readonly receipts: ExportReceiptsDeps['receipts'];
  readonly shelf: Pick<ReceiptShelf, 'keepExport'>;
  /** Loaded when somebody exports: few do, and one of them is large. */
  readonly writerOf: (format: 'csv' | 'xlsx') => Promise<TableWriter>;
}

/** Writes the accountant's file and answers where it is for some minutes. */
export async function keepExport(
  deps: KeepExportDeps,
  wanted: {
    readonly from: string;
    readonly until: string;
    readonly format: 'csv' | 'xlsx';
    readonly language: Language;
  },
): Promise<
  Omit<ReceiptExport, 'bytes' | 'mediaType'> & { readonly url: string; readonly expiresAt: string }
> {
  const { format, language, ...period } = wanted;
  const writer = await deps.writerOf(format);
  const { bytes, mediaType, ...made } = await exportReceipts({ ...deps, writer }, period, language);
  const { url, validMs } = await deps.shelf.keepExport({ fileName: made.fileName, mediaType, bytes });
  await noteActivity(deps, {
    action: 'receipts-exported',
    subject: 'receipts',
    after: { ...wanted, documents: made.documents },
  });
  return { ...made, url, expiresAt: isoInstant(deps.clock.now() + validMs) };
}
