import type { ReceiptId } from '../../../shared/domain/receipt.ts';
import { hasFailed, lineOf, type ReceiptUpload } from '../../../shared/domain/receipt-upload.ts';
import type { ReceiptUploadStore, UploadPage } from '../../../shared/ports/receipt-upload-store.ts';

/** The store's semantics without a database: each method one atomic step. */
export class MemoryReceiptUploadStore implements ReceiptUploadStore {
  readonly #uploads = new Map<ReceiptId, ReceiptUpload>();

  async create(upload: ReceiptUpload): Promise<'created' | 'exists'> {
    if (this.#uploads.has(upload.receiptId)) return 'exists';
    this.#uploads.set(upload.receiptId, structuredClone({ ...upload, version: 1 }));
    return 'created';
  }

  async getMany(ids: readonly ReceiptId[]): Promise<ReadonlyMap<ReceiptId, ReceiptUpload>> {
    return new Map(
      ids.flatMap((id) => {
        const upload = this.#uploads.get(id);
        return upload === undefined ? [] : [[id, structuredClone(upload)] as const];
      }),
    );
  }

  async change(upload: ReceiptUpload, expectedVersion: number): Promise<'changed' | 'conflict'> {
    if (this.#uploads.get(upload.receiptId)?.version !== expectedVersion) return 'conflict';
    this.#uploads.set(upload.receiptId, structuredClone({ ...upload, version: expectedVersion + 1 }));
    return 'changed';
  }

  async listOpen(query: Parameters<ReceiptUploadStore['listOpen']>[0]): Promise<UploadPage> {
    const { marketplace, accountId, line, until } = query;
    return this.#page(
      query,
      'dueAt',
      (each) =>
        each.marketplace === marketplace &&
        each.accountId === accountId &&
        lineOf(each) === line &&
        (each.dueAt ?? '') <= until,
    );
  }

  async countWaiting(of: Parameters<ReceiptUploadStore['countWaiting']>[0]): Promise<number> {
    return [...this.#uploads.values()].filter(
      (each) =>
        each.marketplace === of.marketplace && each.accountId === of.accountId && each.state === 'wanted',
    ).length;
  }

  async listFailed(page: Parameters<ReceiptUploadStore['listFailed']>[0]): Promise<UploadPage> {
    return this.#page(page, 'endedAt', hasFailed);
  }

  #page(
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
    by: 'dueAt' | 'endedAt',
    isWanted: (upload: ReceiptUpload) => boolean,
  ): UploadPage {
    const placed = [...this.#uploads.values()]
      .filter(isWanted)
      .map((upload) => ({ place: `${upload[by]}#${upload.receiptId}`, upload }))
      .filter(({ place }) => cursor === undefined || place > cursor)
      .sort((a, b) => (a.place < b.place ? -1 : 1));
    const shown = placed.slice(0, limit);
    return {
      uploads: structuredClone(shown.map(({ upload }) => upload)),
      cursor: placed.length > limit ? shown.at(-1)?.place : undefined,
    };
  }
}
