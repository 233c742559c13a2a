import type { OrderId } from '../../../shared/domain/order.ts';
import { numberText, type Receipt, type ReceiptId, yearOf } from '../../../shared/domain/receipt.ts';
import type { ReceiptSettings } from '../../../shared/domain/receipt-settings.ts';
import type { ReceiptSettingsStore } from '../../../shared/ports/receipt-settings-store.ts';
import type {
  ReceiptDraft,
  ReceiptStore,
  SeriesState,
  StoredDraft,
} from '../../../shared/ports/receipt-store.ts';

/** The receipt store's semantics without a database. */
export class MemoryReceiptStore implements ReceiptStore {
  readonly #receipts = new Map<ReceiptId, Receipt>();
  readonly #series = new Map<string, SeriesState>();

  async create(drafts: readonly ReceiptDraft[]): Promise<readonly StoredDraft[]> {
    if (new Set(drafts.map(({ receiptId }) => receiptId)).size !== drafts.length) {
      throw new RangeError('one document twice in one call');
    }
    return drafts.map((draft) => this.#createOne(draft));
  }

  async createReversal(
    draft: ReceiptDraft,
    { receiptId, expectedVersion, reversedByLine }: Parameters<ReceiptStore['createReversal']>[1],
  ): Promise<StoredDraft | 'conflict'> {
    const existing = this.#receipts.get(draft.receiptId);
    if (existing !== undefined) return { state: 'exists', receipt: structuredClone(existing) };
    const original = this.#receipts.get(receiptId);
    if (original?.version !== expectedVersion) return 'conflict';
    this.#receipts.set(receiptId, { ...original, reversedByLine, version: expectedVersion + 1 });
    return this.#createOne(draft);
  }

  async change(receipt: Receipt, beside?: Receipt): Promise<'changed' | 'conflict'> {
    const changes = beside === undefined ? [receipt] : [receipt, beside];
    const holds = changes.every(
      ({ receiptId, version }) => this.#receipts.get(receiptId)?.version === version,
    );
    if (!holds) return 'conflict';
    for (const each of changes) {
      this.#receipts.set(each.receiptId, { ...structuredClone(each), version: each.version + 1 });
    }
    return 'changed';
  }

  async getMany(ids: readonly ReceiptId[]): Promise<ReadonlyMap<ReceiptId, Receipt>> {
    return new Map(
      ids.flatMap((id) => {
        const receipt = this.#receipts.get(id);
        return receipt === undefined ? [] : [[id, structuredClone(receipt)] as const];
      }),
    );
  }

  async ofOrder(orderId: OrderId): Promise<readonly Receipt[]> {
    return this.#all()
      .filter((receipt) => receipt.orderId === orderId)
      .sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1));
  }

  async ofMonth({ month, limit, cursor }: Parameters<ReceiptStore['ofMonth']>[0]) {
    const { page, next } = pageOf(
      this.#all()
        .filter(({ issueDate }) => issueDate.startsWith(`${month}-`))
        .map((receipt) => ({ key: placeOf(receipt), receipt })),
      limit,
      cursor,
    );
    return { receipts: page, cursor: next };
  }

  async listDue({ until, limit, cursor }: Parameters<ReceiptStore['listDue']>[0]) {
    const { page, next } = pageOf(
      this.#all()
        .filter(({ dueAt }) => dueAt !== undefined && dueAt <= until)
        .map((receipt) => ({ key: `${receipt.dueAt}#${receipt.receiptId}`, receipt })),
      limit,
      cursor,
    );
    return { receipts: page, cursor: next };
  }

  async listSeries(): Promise<readonly SeriesState[]> {
    return [...this.#series].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => ({ ...state }));
  }

  #all(): Receipt[] {
    return [...this.#receipts.values()].map((receipt) => structuredClone(receipt));
  }

  #createOne({ series, ...draft }: ReceiptDraft): StoredDraft {
    const existing = this.#receipts.get(draft.receiptId);
    if (existing !== undefined) return { state: 'exists', receipt: structuredClone(existing) };
    const started = { attempts: 0, version: 1 };
    let receipt: Receipt = { ...structuredClone(draft), ...started, state: 'requested' };
    if (series !== undefined) {
      const year = yearOf(draft.issueDate);
      const name = `${draft.sellerId}#${series}#${year}`;
      const counter = this.#series.get(name);
      const sequence = (counter?.last ?? 0) + 1;
      const issueDate = [draft.issueDate, counter?.lastIssueDate ?? ''].sort().at(-1) ?? draft.issueDate;
      const number = { text: numberText(sequence, series, year), series, year, sequence };
      receipt = { ...receipt, issueDate, number, state: 'numbered' };
      this.#series.set(name, {
        sellerId: draft.sellerId,
        series,
        year,
        last: sequence,
        lastIssueDate: issueDate,
      });
    }
    this.#receipts.set(receipt.receiptId, receipt);
    return { state: 'created', receipt: structuredClone(receipt) };
  }
}

export class MemoryReceiptSettingsStore implements ReceiptSettingsStore {
  #settings: ReceiptSettings | undefined;

  constructor(settings?: ReceiptSettings) {
    this.#settings = settings;
  }

  async getSettings(): Promise<ReceiptSettings | undefined> {
    return structuredClone(this.#settings);
  }

  async putSettings(settings: ReceiptSettings, expectedVersion: number): Promise<'stored' | 'conflict'> {
    if ((this.#settings?.version ?? 0) !== expectedVersion) return 'conflict';
    this.#settings = { ...structuredClone(settings), version: expectedVersion + 1 };
    return 'stored';
  }
}

function placeOf({ issueDate, number, receiptId }: Receipt): string {
  const place =
    number?.sequence === undefined
      ? (number?.text ?? '')
      : `${number.series}#${String(number.sequence).padStart(9, '0')}`;
  return `${issueDate}#${place}#${receiptId}`;
}

function pageOf(
  entries: readonly { readonly key: string; readonly receipt: Receipt }[],
  limit: number,
  cursor: string | undefined,
): { readonly page: readonly Receipt[]; readonly next: string | undefined } {
  const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
  const from = cursor === undefined ? 0 : sorted.findIndex(({ key }) => key > cursor);
  const shown = from < 0 ? [] : sorted.slice(from, from + limit);
  return {
    page: shown.map(({ receipt }) => receipt),
    next: from >= 0 && from + limit < sorted.length ? shown.at(-1)?.key : undefined,
  };
}
