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
