import { createHash } from 'node:crypto';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import type { ReportedEntry, ReportFiles, ReportObject } from '../../../shared/ports/report-files.ts';

/** A bucket in memory. `put` is what a person does; the rest is what the port offers. */
export class MemoryReportFiles implements ReportFiles {
  readonly objects = new Map<string, { readonly object: ReportObject; readonly bytes: Uint8Array }>();
  readonly copies = new Map<string, Uint8Array>();
  readonly #entries = new Map<string, string>();
  /** Bytes handed out per piece: small ones find readers that need whole lines. */
  pieceBytes = 4096;

  put(objectKey: string, contents: string | Uint8Array, uploadedAt: string): ReportObject {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
    const object = {
      objectKey,
      uploadedAt: `${uploadedAt.slice(0, 19)}.000Z`,
      etag: createHash('md5').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
    };
    this.objects.set(objectKey, { object, bytes });
    return object;
  }

  async find(objectKey: string): Promise<ReportObject | undefined> {
    return this.objects.get(objectKey)?.object;
  }

  async *read(object: ReportObject): AsyncIterable<Uint8Array> {
    const stored = this.objects.get(object.objectKey);
    if (stored?.object.etag !== object.etag)
      throw new UnavailableError('memory', 'the object was overwritten');
    for (let at = 0; at < stored.bytes.length; at += this.pieceBytes) {
      yield stored.bytes.subarray(at, at + this.pieceBytes);
    }
  }

  async *list(): AsyncIterable<ReportObject> {
    for (const { object } of this.objects.values()) yield object;
  }

  async keepObject(reportId: string, object: ReportObject): Promise<void> {
    await this.keepCopy(reportId, this.read(object));
  }

  async keepCopy(reportId: string, contents: AsyncIterable<Uint8Array>): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of contents) pieces.push(piece);
    this.copies.set(reportId, Buffer.concat(pieces));
  }

  async keepEntries(reportId: string, entries: Iterable<ReportedEntry>): Promise<void> {
    this.#entries.set(reportId, JSON.stringify([...entries]));
  }

  async *readEntries(reportId: string): AsyncIterable<ReportedEntry> {
    yield* JSON.parse(this.#entries.get(reportId) ?? '[]');
  }
}
