import type { ShipmentRefusalCode } from './shipment-refusal.ts';

/** What is wrong with a file of shipments as a whole, or with one of its rows. */
export const FILE_PROBLEMS = [
  // The file.
  'empty',
  'not-text',
  'no-header',
  'column-twice',
  'too-large',
  'damaged-quotes',
  // A row.
  'cut-off',
  'too-many-columns',
  'courier-unknown',
  'marketplace-unknown',
  'order-missing',
  'reference-malformed',
  'quantity-malformed',
  'line-missing',
  'date-malformed',
  'address-malformed',
  'rows-disagree',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

/** One row that registered nothing, and why. */
export interface RejectedShipmentRow {
  /** In the file, the header being 1. */
  readonly line: number;
  readonly code: FileProblem | ShipmentRefusalCode;
  readonly detail: string;
}

/** What became of an uploaded file of shipments. */
export interface ShipmentFile {
  readonly fileId: string;
  readonly objectKey: string;
  /** ISO instants. */
  readonly uploadedAt: string;
  readonly processedAt: string;
  /** Why the whole file was refused. */
  readonly refusal?: { readonly code: FileProblem; readonly detail: string } | undefined;
  readonly rows: number;
  /** Rows whose shipment is registered, by this file or before. */
  readonly acceptedRows: number;
  /** Shipments that this file brought. */
  readonly registered: number;
  /** Shipments that were here already. */
  readonly known: number;
  readonly rejectedRows: number;
  /** The first of them; all of them stand in the result file. */
  readonly rejected: readonly RejectedShipmentRow[];
  readonly resultKey: string;
}
