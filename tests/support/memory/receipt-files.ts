import { createHash } from 'node:crypto';
import type { ReceiptFile } from '../../../shared/domain/receipt.ts';
import type { ReceiptFiles } from '../../../shared/ports/receipt-files.ts';

/** The receipts bucket's semantics without a bucket. */
export class MemoryReceiptFiles implements ReceiptFiles {
  readonly objects = new Map<string, Uint8Array>();

  async keep(key: string, pdf: Uint8Array): Promise<ReceiptFile> {
    const kept = this.objects.get(key) ?? pdf;
    this.objects.set(key, kept);
    return { key, sha256: createHash('sha256').update(kept).digest('hex'), sizeBytes: kept.byteLength };
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key);
  }
}
