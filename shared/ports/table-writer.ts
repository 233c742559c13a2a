import type { Money } from '../domain/money.ts';

/** Text is always text: nothing in it is ever computed by the program that opens the file. */
export type Cell = string | number | Money | { readonly day: string } | null;

/** A table that a person opens in a spreadsheet program. */
export interface Sheet {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Writes tables as a file of one format. */
export interface TableWriter {
  readonly mediaType: string;
  /** Without the point. */
  readonly extension: string;
  write(sheets: readonly Sheet[]): Promise<Uint8Array>;
}
