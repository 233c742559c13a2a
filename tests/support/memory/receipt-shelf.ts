import type { FileLink, ReceiptShelf } from '../../../shared/ports/receipt-shelf.ts';

/** The shelf's semantics without buckets. */
export class MemoryReceiptShelf implements ReceiptShelf {
  readonly logos: Uint8Array[] = [];
  readonly exports = new Map<string, Uint8Array>();

  async keepLogo(picture: Uint8Array): Promise<{ readonly key: string }> {
    this.logos.push(picture);
    return { key: `logos/${this.logos.length}.png` };
  }

  async linkToPdf(key: string, fileName: string): Promise<FileLink> {
    return { url: `https://files.example/${key}?name=${fileName}`, validMs: 300_000 };
  }

  async keepExport({ fileName, bytes }: Parameters<ReceiptShelf['keepExport']>[0]): Promise<FileLink> {
    this.exports.set(fileName, bytes);
    return { url: `https://files.example/${fileName}`, validMs: 300_000 };
  }
}
