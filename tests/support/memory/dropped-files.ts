import { createHash } from 'node:crypto';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import type { DroppedFile, DroppedFiles } from '../../../shared/ports/dropped-files.ts';

/** A folder in memory. `put` is what a person does; the rest is what the port offers. */
export class MemoryDroppedFiles<Result> implements DroppedFiles<Result> {
  readonly #files = new Map<string, { readonly file: DroppedFile; readonly bytes: Uint8Array }>();
  readonly results = new Map<string, Result>();

  put(objectKey: string, contents: string | Uint8Array, uploadedAt: string): DroppedFile {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
    const etag = createHash('md5').update(bytes).digest('hex');
    const file = {
      fileId: `${uploadedAt} ${etag}`,
      objectKey,
      fileName: objectKey.slice(objectKey.lastIndexOf('/') + 1),
      uploadedAt,
      sizeBytes: bytes.length,
      etag,
    };
    this.#files.set(objectKey, { file, bytes });
    return file;
  }

  async find(objectKey: string): Promise<DroppedFile | undefined> {
    return this.#files.get(objectKey)?.file;
  }

  async read({ objectKey, etag }: DroppedFile): Promise<Uint8Array> {
    const stored = this.#files.get(objectKey);
    if (stored?.file.etag !== etag) throw new UnavailableError('memory', 'the object was overwritten');
    return stored.bytes;
  }

  async *list(): AsyncIterable<DroppedFile> {
    for (const { file } of this.#files.values()) yield file;
  }

  async resultOf(fileId: string): Promise<Result | undefined> {
    return this.results.get(fileId);
  }

  async keepResult(fileId: string, result: Result): Promise<void> {
    this.results.set(fileId, result);
  }

  async listResults({ limit, after }: { readonly limit: number; readonly after?: string | undefined }) {
    const ids = [...this.results.keys()]
      .filter((id) => after === undefined || id < after)
      .sort()
      .reverse();
    const shown = ids.slice(0, limit);
    return {
      results: shown.flatMap((id) => this.results.get(id) ?? []),
      next: ids.length > limit ? shown.at(-1) : undefined,
    };
  }
}
