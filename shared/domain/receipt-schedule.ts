import type { Channel } from './channel.ts';
import { dueAtOnce, type FollowUp } from './follow-up.ts';
import type { Order } from './order.ts';
import { isoInstant } from './pull-window.ts';
import type { ReceiptProblem } from './receipt.ts';
import { isAutomaticallyDue } from './receipt-settings.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What stands in an automatic receipt's way is waited for so long: names come late, and settings are corrected. */
const WANTED_MS = 30 * DAY_MS;
/** What usually passes by itself within the hour is looked at more often. */
const PASSING: readonly ReceiptProblem[] = [
  'order-not-here',
  'order-not-ready',
  'buyer-waiting',
  'amounts-missing',
];
const PASSING_PAUSE_MS = 10 * MINUTE_MS;
const PASSING_OFTEN_MS = 6 * HOUR_MS;

/** Answers that end it: no receipt is due, and nobody has to do anything. */
const SETTLED: readonly ReceiptProblem[] = ['not-due', 'order-cancelled', 'order-refunded', 'nothing-to-pay'];

/** The receipt that an order is to get without anybody asking; undefined when it is not, or not yet. */
export function dueReceipt(
  order: Order,
  { receipts, receiptsSync }: Pick<Channel, 'receipts' | 'receiptsSync'>,
  nowMs: number,
): FollowUp | undefined {
  return receiptsSync === true && isAutomaticallyDue(receipts, order)
    ? dueAtOnce('receipt', order.orderId, order, isoInstant(nowMs))
    : undefined;
}

/** A follow-up after its receipt was issued, or is on its way by itself. */
export function receiptDone(followUp: FollowUp): FollowUp {
  return {
    ...followUp,
    state: 'done',
    attempts: followUp.attempts + 1,
    dueAt: undefined,
    problem: undefined,
  };
}

/**
 * A follow-up after its receipt was refused: settled, to be tried again, or left to a person.
 * @param hasDocument a document came to nothing; a person retries it
 */
export function receiptRefused(
  followUp: FollowUp,
  problem: ReceiptProblem,
  hasDocument: boolean,
  nowMs: number,
): FollowUp {
  const tried = { ...followUp, attempts: followUp.attempts + 1, problem, dueAt: undefined };
  if (SETTLED.includes(problem)) return { ...tried, state: 'done' };
  if (hasDocument) return { ...tried, state: 'refused' };
  const sinceMs = nowMs - Date.parse(followUp.wantedAt);
  if (sinceMs >= WANTED_MS) return { ...tried, state: 'gave-up' };
  const often = PASSING.includes(problem) && sinceMs < PASSING_OFTEN_MS;
  return { ...tried, state: 'waiting', dueAt: isoInstant(nowMs + (often ? PASSING_PAUSE_MS : HOUR_MS)) };
}
