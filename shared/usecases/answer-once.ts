import type { Clock } from '../ports/clock.ts';
import type { IdempotencyStore, KeptAnswer } from '../ports/idempotency-store.ts';

export interface AnswerOnceDeps {
  readonly requests: IdempotencyStore;
  readonly clock: Clock;
}

export type { KeptAnswer };

export type AnsweredOnce =
  | { readonly state: 'answered'; readonly answer: KeptAnswer }
  | { readonly state: 'in-progress' }
  /** The key was used for another request. */
  | { readonly state: 'other-request' };

/**
 * Does a request once per key: what was answered is answered again. What was refused changed nothing and what failed may
 * not have been done: both may be tried again under the same key.
 */
export async function answerOnce(
  { requests, clock }: AnswerOnceDeps,
  { key, fingerprint }: { readonly key: string; readonly fingerprint: string },
  run: () => Promise<KeptAnswer>,
): Promise<AnsweredOnce> {
  const claim = await requests.begin(key, fingerprint, clock.now());
  if (claim.state === 'done') return { state: 'answered', answer: claim.answer };
  if (claim.state !== 'begun') return claim;
  let answer: KeptAnswer;
  try {
    answer = await run();
  } catch (error) {
    await requests.abandon(key, fingerprint);
    throw error;
  }
  await requests.finish(key, fingerprint, answer, clock.now());
  return { state: 'answered', answer };
}
