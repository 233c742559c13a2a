import type { Channel } from '../domain/channel.ts';
import type { OrderId } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ReceiptProblem } from '../domain/receipt.ts';
import { dueReceipt, receiptDone, receiptRefused } from '../domain/receipt-schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderStore } from '../ports/order-store.ts';
import { type IssueReceiptsDeps, issueReceipts } from './issue-receipts.ts';

/** Receipts issued together: one transaction takes their numbers. */
const PAGE_RECEIPTS = 25;
/** Issuing a page may take this long, another issuer's answers included. */
const PAGE_TIME_MS = 60_000;
/** Orders looked at per query when a channel's are gone through. */
const PAGE_ORDERS = 100;

export interface IssueDueReceiptsDeps extends IssueReceiptsDeps {
  readonly followUps: FollowUpStore;
}

export interface DueReceiptFacts {
  /** Issued, or on their way by themselves. */
  readonly done: number;
  /** Tried again later. */
  readonly waiting: number;
  /** Left to a person by this run: ids only. */
  readonly failures: readonly { readonly orderId: OrderId; readonly problem: ReceiptProblem }[];
}

/**
 * Issues the receipts that are due without anybody asking. What stands in the way of one is kept with it, tried again while
 * it may pass or be corrected, and stops no other.
 */
export async function issueDueReceipts(
  deps: IssueDueReceiptsDeps,
  remainingMs: () => number,
): Promise<DueReceiptFacts> {
  const counts = { done: 0, waiting: 0 };
  const failures: DueReceiptFacts['failures'][number][] = [];
  const until = isoInstant(deps.clock.now());
  let cursor: string | undefined;
  do {
    if (remainingMs() < PAGE_TIME_MS) break;
    const page = await deps.followUps.listDue({ kind: 'receipt', until, limit: PAGE_RECEIPTS, cursor });
    const requests = page.followUps.map(({ orderId }) => ({ orderId, requestedBy: 'system' }));
    const outcomes = await issueReceipts(deps, requests);
    for (const [at, followUp] of page.followUps.entries()) {
      const outcome = outcomes[at];
      if (outcome === undefined) continue;
      const refused = outcome.outcome === 'refused';
      const next = refused
        ? receiptRefused(followUp, outcome.problem, outcome.receipt !== undefined, deps.clock.now())
        : receiptDone(followUp);
      // Another run that was faster found the same.
      if ((await deps.followUps.change(next, followUp.version)) === 'conflict') continue;
      if (next.state === 'done') counts.done += 1;
      if (next.state === 'waiting') counts.waiting += 1;
      if (refused && (next.state === 'refused' || next.state === 'gave-up')) {
        failures.push({ orderId: followUp.orderId, problem: outcome.problem });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { ...counts, failures };
}

/**
 * Has the receipts issued of a channel's orders that are here already: automatic issuing was switched on, or from an earlier
 * day. What was asked for before is not asked for again. At least one page is gone through.
 * @returns where to go on when the time was up; undefined when the channel was gone through
 */
export async function requestReceiptsOfChannel(
  deps: { readonly orders: OrderStore; readonly followUps: FollowUpStore; readonly clock: Clock },
  channel: Channel,
  remainingMs: () => number,
  from?: string,
): Promise<string | undefined> {
  const start = channel.receipts?.automatic?.from;
  if (start === undefined) return undefined;
  let cursor = from;
  do {
    const { channelId } = channel;
    const page = await deps.orders.listOrders({ channelId, limit: PAGE_ORDERS, cursor });
    const due = page.records.flatMap(({ order }) => {
      const followUp = order && dueReceipt(order, channel, deps.clock.now());
      return followUp === undefined ? [] : [followUp];
    });
    await Promise.all(due.map((followUp) => deps.followUps.ensure(followUp)));
    // Newest purchase first: behind one from before the start there is nothing more.
    if (page.records.some(({ order }) => order !== undefined && order.purchasedAt < start)) return undefined;
    cursor = page.cursor;
  } while (cursor !== undefined && remainingMs() >= PAGE_TIME_MS);
  return cursor;
}
