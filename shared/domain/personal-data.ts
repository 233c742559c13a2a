import type { FollowUp } from './follow-up.ts';
import type { Order } from './order.ts';
import { isoInstant } from './pull-window.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Amazon lets personal data be kept for 30 days after delivery (SP-API docs, Data Protection Policy). The job deletes
 * after 27; what it missed the table ends by itself two days later.
 */
const KEPT_AFTER_DELIVERY_MS = 27 * DAY_MS;
/** While no delivery date is stated: a month of delivery at most, and the days after it. */
const KEPT_AFTER_PURCHASE_MS = 60 * DAY_MS;

/** How much later than our own date the store may end a row by itself, in milliseconds. */
export const NET_AFTER_END_MS = 2 * DAY_MS;

/** When the personal data of an order must be gone. ISO instant. */
export function personalDataEnd(order: Pick<Order, 'purchasedAt' | 'deliverBy' | 'deliveredAt'>): string {
  const { deliveredAt, deliverBy, purchasedAt } = order;
  if (deliveredAt !== undefined) return endAfterDelivery(deliveredAt);
  if (deliverBy.latest !== undefined) return endAfterDelivery(deliverBy.latest);
  return isoInstant(Date.parse(purchasedAt) + KEPT_AFTER_PURCHASE_MS);
}

/** When the personal data of an order delivered at this instant must be gone. ISO instant. */
function endAfterDelivery(deliveredAt: string): string {
  return isoInstant(Date.parse(deliveredAt) + KEPT_AFTER_DELIVERY_MS);
}

/** After how long a missing name is asked for again; then every hour of the first day. */
const FIRST_TRIES_MS = [5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
/** How long it is asked for when nobody waits to ship. */
const TRIED_MS = DAY_MS;
/** After the first day, while the order still has to be shipped. */
const LATER_EVERY_MS = 12 * HOUR_MS;
/** Always once more, this long before the parcel has to leave. */
const BEFORE_DEADLINE_MS = [6 * HOUR_MS, HOUR_MS];
/** What nobody can get at the moment (key refused, module not matched) is looked at this often. */
export const PARKED_MS = HOUR_MS;
/** A source's wish to be left alone is heeded up to here: the order is waiting. */
const RETRY_AFTER_MAX_MS = HOUR_MS;
const RETRY_AFTER_MIN_MS = MINUTE_MS;
/** An outage is no answer and ends nothing, but not for ever. */
const OUTAGE_MAX_MS = 14 * DAY_MS;

/** When an order without personal data is asked for again; undefined when it has been asked for often enough. */
export function nextTry(
  { wantedAt, deadline }: Pick<FollowUp, 'wantedAt' | 'deadline'>,
  nowMs: number,
): string | undefined {
  const wantedMs = Date.parse(wantedAt);
  const sinceMs = nowMs - wantedMs;
  const tries = [
    ...FIRST_TRIES_MS.filter((afterMs) => afterMs > sinceMs).map((afterMs) => wantedMs + afterMs),
    ...(sinceMs < TRIED_MS ? [following(wantedMs, sinceMs, HOUR_MS)] : []),
  ];
  if (deadline !== undefined) {
    const deadlineMs = Date.parse(deadline);
    const laterMs = following(wantedMs, sinceMs, LATER_EVERY_MS);
    if (sinceMs >= TRIED_MS && laterMs < deadlineMs) tries.push(laterMs);
    tries.push(...BEFORE_DEADLINE_MS.map((beforeMs) => deadlineMs - beforeMs).filter((at) => at > nowMs));
  }
  return tries.length === 0 ? undefined : isoInstant(Math.min(...tries));
}

function following(wantedMs: number, sinceMs: number, everyMs: number): number {
  return wantedMs + (Math.floor(Math.max(0, sinceMs) / everyMs) + 1) * everyMs;
}

/** What was learnt about one order, as far as its follow-up is concerned. */
export type PersonalDataResult =
  | { readonly result: 'found' }
  | { readonly result: 'not-visible' | 'not-given' }
  | { readonly result: 'expired' | 'not-needed' }
  | { readonly result: 'being-fetched' | 'throttled'; readonly retryAfterMs: number }
  | { readonly result: 'unavailable' | 'unexpected-answer' }
  /** The trouble is of the account or the module, not of this order. */
  | { readonly result: 'key-refused' | 'account-suspended' | 'module-not-matched' | 'not-configured' };

const PARKED: readonly PersonalDataResult['result'][] = [
  'key-refused',
  'account-suspended',
  'module-not-matched',
  'not-configured',
];

/** Whether a follow-up waits for a person to put right an account or a match. */
export function isParked({ state, problem }: FollowUp): boolean {
  return state === 'waiting' && PARKED.some((result) => result === problem);
}

/** The follow-up after what was learnt at this instant. */
export function afterResult(followUp: FollowUp, learnt: PersonalDataResult, nowMs: number): FollowUp {
  const { problem: _, dueAt: __, ...kept } = followUp;
  const tried = { ...kept, attempts: followUp.attempts + 1 };
  switch (learnt.result) {
    case 'found':
      return { ...tried, state: 'done' };
    case 'not-needed':
      return { ...tried, state: 'gave-up', problem: learnt.result };
    case 'expired':
      return { ...tried, state: 'refused', problem: learnt.result, ...untilDeadline(followUp, nowMs) };
    case 'not-visible':
    case 'not-given': {
      const dueAt = nextTry(followUp, nowMs);
      return dueAt === undefined
        ? { ...tried, state: 'gave-up', problem: learnt.result, ...untilDeadline(followUp, nowMs) }
        : { ...tried, state: 'waiting', problem: learnt.result, dueAt };
    }
    case 'being-fetched':
    case 'throttled': {
      const waitMs = Math.min(RETRY_AFTER_MAX_MS, Math.max(RETRY_AFTER_MIN_MS, learnt.retryAfterMs));
      return outlasting(tried, followUp, learnt.result, nowMs + waitMs, nowMs);
    }
    case 'unavailable':
    case 'unexpected-answer': {
      const dueAt = nextTry(followUp, nowMs);
      const dueMs = dueAt === undefined ? nowMs + HOUR_MS : Date.parse(dueAt);
      return outlasting(tried, followUp, learnt.result, dueMs, nowMs);
    }
    default:
      return outlasting(kept, followUp, learnt.result, nowMs + PARKED_MS, nowMs);
  }
}

/** Tried again at the instant, or before a parcel has to leave, whichever is first; after two weeks it is enough. */
function outlasting(
  kept: Omit<FollowUp, 'problem' | 'dueAt'>,
  { wantedAt, deadline }: FollowUp,
  problem: string,
  dueMs: number,
  nowMs: number,
): FollowUp {
  const endMs = Math.max(Date.parse(wantedAt), deadline === undefined ? 0 : Date.parse(deadline));
  if (nowMs - endMs > OUTAGE_MAX_MS) return { ...kept, state: 'gave-up', problem };
  const beforeDeadline = BEFORE_DEADLINE_MS.map((beforeMs) => Date.parse(deadline ?? '') - beforeMs);
  const first = Math.min(dueMs, ...beforeDeadline.filter((at) => at > nowMs));
  return { ...kept, state: 'waiting', problem, dueAt: isoInstant(first) };
}

/** What is settled without a name stays in the list of what is due until the parcel had to leave: it is counted there. */
function untilDeadline({ deadline }: FollowUp, nowMs: number): { readonly dueAt?: string } {
  return deadline !== undefined && Date.parse(deadline) > nowMs ? { dueAt: deadline } : {};
}
