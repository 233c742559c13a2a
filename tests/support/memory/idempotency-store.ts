import {
  ANSWER_KEPT_MS,
  CLAIM_HELD_MS,
  type IdempotencyClaim,
  type IdempotencyStore,
  type KeptAnswer,
} from '../../../shared/ports/idempotency-store.ts';

interface Row {
  readonly fingerprint: string;
  readonly untilMs: number;
  readonly answer: KeptAnswer | undefined;
}

/** The idempotency store's semantics without a database. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #rows = new Map<string, Row>();

  async begin(key: string, fingerprint: string, nowMs: number): Promise<IdempotencyClaim> {
    const row = this.#rows.get(key);
    if (row === undefined || row.untilMs <= nowMs) {
      this.#rows.set(key, { fingerprint, untilMs: nowMs + CLAIM_HELD_MS, answer: undefined });
      return { state: 'begun' };
    }
    if (row.fingerprint !== fingerprint) return { state: 'other-request' };
    return row.answer === undefined ? { state: 'in-progress' } : { state: 'done', answer: row.answer };
  }

  async finish(key: string, fingerprint: string, answer: KeptAnswer, nowMs: number): Promise<void> {
    const row = this.#rows.get(key);
    if (row?.fingerprint !== fingerprint || row.answer !== undefined) return;
    this.#rows.set(key, { fingerprint, untilMs: nowMs + ANSWER_KEPT_MS, answer: structuredClone(answer) });
  }

  async abandon(key: string, fingerprint: string): Promise<void> {
    const row = this.#rows.get(key);
    if (row?.fingerprint === fingerprint && row.answer === undefined) this.#rows.delete(key);
  }
}
