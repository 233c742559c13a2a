/** What people put beside the receipts and take away from them. */
export interface ReceiptShelf {
  /** Keeps the shop's logo under what it is made of: documents that were asked for before keep theirs. */
  keepLogo(picture: Uint8Array, mediaType: 'image/png' | 'image/jpeg'): Promise<{ readonly key: string }>;
  /** @param key of an issued PDF */
  linkToPdf(key: string, fileName: string): Promise<FileLink>;
  /** Keeps an export in place of the last one of its name. It holds nothing personal. */
  keepExport(file: {
    readonly fileName: string;
    readonly mediaType: string;
    readonly bytes: Uint8Array;
  }): Promise<FileLink>;
}

/** Whoever has the address has the file, until it expires. */
export interface FileLink {
  readonly url: string;
  readonly validMs: number;
}
