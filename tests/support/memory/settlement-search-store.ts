import type { SettlementSearchStore } from '../../../shared/ports/settlement-finder.ts';

/** The settlement search store's semantics without a database. */
export class MemorySettlementSearchStore implements SettlementSearchStore {
  readonly #searches = new Map<string, { searchedAt: string; doneUntil?: string | undefined }>();
  /** By `<accountId>/<reportId>`. */
  readonly done = new Map<string, { readonly at: string; readonly objectKey: string | undefined }>();

  async beginSearch(accountId: string, now: string, notSince: string) {
    const known = this.#searches.get(accountId);
    if (known !== undefined && known.searchedAt >= notSince) return 'too-soon' as const;
    this.#searches.set(accountId, { ...known, searchedAt: now });
    return { doneUntil: known?.doneUntil };
  }

  async noteDoneUntil(accountId: string, doneUntil: string): Promise<void> {
    const known = this.#searches.get(accountId);
    if (known?.doneUntil !== undefined && known.doneUntil >= doneUntil) return;
    this.#searches.set(accountId, { searchedAt: known?.searchedAt ?? '', doneUntil });
  }

  async isDone(accountId: string, reportId: string): Promise<boolean> {
    return this.done.has(`${accountId}/${reportId}`);
  }

  async noteDone(
    accountId: string,
    reportId: string,
    outcome: { readonly at: string; readonly objectKey: string | undefined },
  ): Promise<void> {
    const key = `${accountId}/${reportId}`;
    if (!this.done.has(key)) this.done.set(key, outcome);
  }
}
