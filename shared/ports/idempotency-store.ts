/** What a caller got for a request, so that the same request again gets it again. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON text; undefined where the answer had no body. */
  readonly body?: string | undefined;
  readonly etag?: string | undefined;
}

export type IdempotencyClaim =
  /** Nobody did this yet, or whoever began it is gone: do it, then `finish` or `abandon`. */
  | { readonly state: 'begun' }
  | { readonly state: 'in-progress' }
  /** The key was used for another request. */
  | { readonly state: 'other-request' }
  | { readonly state: 'done'; readonly answer: KeptAnswer };

/** Requests that create something, by the key that their caller gave them. */
export interface IdempotencyStore {
  /**
   * @param key the caller's key, together with whoever the caller is
   * @param fingerprint hash of what the request asks for
   * @param nowMs with it an old key is free again, and a request whose worker vanished may be repeated
   */
  begin(key: string, fingerprint: string, nowMs: number): Promise<IdempotencyClaim>;
  /** Keeps the answer of a request that was begun. */
  finish(key: string, fingerprint: string, answer: KeptAnswer, nowMs: number): Promise<void>;
  /** Forgets a request that was begun and did not succeed: it may be repeated at once. */
  abandon(key: string, fingerprint: string): Promise<void>;
}

/** How long an answer is kept for a repeated request. */
export const ANSWER_KEPT_MS = 24 * 3_600_000;
/** Longer than a request can run (API Gateway ends it after 30 s): whoever holds a claim for longer is gone. */
export const CLAIM_HELD_MS = 60_000;
