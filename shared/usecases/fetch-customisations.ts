import type { Buyer } from '../domain/buyer.ts';
import type { CustomisationProblem } from '../domain/customisation.ts';
import { nextCustomisationTry } from '../domain/customisation-schedule.ts';
import { PartnerError, RejectedError, ThrottledError } from '../domain/errors.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import type { BuyerStore } from '../ports/buyer-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { CustomisationFiles } from '../ports/customisation-files.ts';
import { type CustomisationSource, RefusedCustomisation } from '../ports/customisation-source.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';
import type { OrderReader } from '../ports/order-source.ts';
import type { OrderStore } from '../ports/order-store.ts';
import type { QuotaPlan, QuotaStore } from '../ports/quota.ts';

/** Follow-ups looked at per query. */
const PAGE_FOLLOW_UPS = 25;
/** A package of the largest size may take this long; with less time left, the rest is for the next run. */
const PACKAGE_TIME_MS = 60_000;
/** A picker needs it before: unfetched this long before the ship-by date, it is an alarm. */
const URGENT_MS = 24 * 3_600_000;

export interface FetchCustomisationsDeps {
  readonly followUps: FollowUpStore;
  readonly orders: Pick<OrderStore, 'getMany' | 'setCustomisationMissing'>;
  readonly buyers: BuyerStore;
  /** Asks for one order again: its file may be named by now. */
  readonly reader: OrderReader;
  readonly quota: QuotaStore;
  readonly getOrder: { readonly operation: string; readonly plan: QuotaPlan };
  readonly source: CustomisationSource;
  readonly files: CustomisationFiles;
  readonly clock: Clock;
}

export interface CustomisationFacts {
  readonly fetched: number;
  readonly waiting: number;
  readonly gaveUp: number;
  readonly refused: number;
  /** Not there, and the order is to be shipped within a day. */
  readonly urgent: number;
  /** Lines given up or refused by this run: ids only. */
  readonly failures: readonly {
    readonly orderId: string;
    readonly orderLineId: string;
    readonly problem: CustomisationProblem;
  }[];
}

type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'not-wanted' }
  | { readonly state: 'not-yet'; readonly problem: CustomisationProblem; readonly retryAfterMs?: number }
  | { readonly state: 'refused'; readonly problem: CustomisationProblem };

/**
 * Fetches the customisations that are due: finds the file's address with the buyer or asks the marketplace for it again,
 * downloads and reads the package, keeps it, and notes how it went. A package is kept before its follow-up is closed, so
 * a crash in between fetches it once more, over the same names; and what is missing is noted on the order before that too.
 *
 * One line's failure never stops the others; an address without a file, or none at all, is tried for a day.
 */
export async function fetchCustomisations(
  deps: FetchCustomisationsDeps,
  remainingMs: () => number,
): Promise<CustomisationFacts> {
  const counts = { fetched: 0, waiting: 0, gaveUp: 0, refused: 0, urgent: 0 };
  const failures: CustomisationFacts['failures'][number][] = [];
  const until = new Date(deps.clock.now()).toISOString();
  let cursor: string | undefined;
  do {
    const page = await deps.followUps.listDue({
      kind: 'customisation',
      until,
      limit: PAGE_FOLLOW_UPS,
      cursor,
    });
    for (const followUp of page.followUps) {
      if (remainingMs() < PACKAGE_TIME_MS) return { ...counts, failures };
      const outcome = await fetchOne(deps, followUp);
      const next = followUpAfter(followUp, outcome, deps.clock.now());
      await noteOnOrder(deps, next);
      if ((await deps.followUps.change(next, followUp.version)) === 'conflict') {
        // Another run was faster: the order is to say what that one found.
        await noteOnOrder(deps, (await deps.followUps.get(followUp)) ?? next);
        continue;
      }
      if (next.state === 'done' && outcome.state === 'done') counts.fetched += 1;
      if (next.state === 'waiting') counts.waiting += 1;
      if (next.state === 'gave-up') counts.gaveUp += 1;
      if (next.state === 'refused') counts.refused += 1;
      if (next.state !== 'done' && isUrgent(next, deps.clock.now())) counts.urgent += 1;
      if ((next.state === 'gave-up' || next.state === 'refused') && 'problem' in outcome) {
        const { orderId, orderLineId } = followUp;
        failures.push({ orderId, orderLineId, problem: outcome.problem });
      }
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { ...counts, failures };
}

async function fetchOne(deps: FetchCustomisationsDeps, followUp: FollowUp): Promise<Outcome> {
  try {
    const order = (await deps.orders.getMany([followUp.orderId])).get(followUp.orderId)?.order;
    if (order !== undefined && ['cancelled', 'refunded'].includes(order.status))
      return { state: 'not-wanted' };

    let buyer = await deps.buyers.getBuyer(followUp.orderId);
    if (buyer?.state === 'deleted') return { state: 'not-wanted' };
    let url = urlOf(buyer, followUp);
    if (url === undefined || followUp.attempts > 0) {
      // Addresses may change or run out, so a second try always asks for a fresh one.
      const asked = await askAgain(deps, followUp);
      if ('retryAfterMs' in asked) return { state: 'not-yet', problem: 'no-file-named', ...asked };
      buyer = asked.buyer ?? buyer;
      url = urlOf(buyer, followUp);
    }
    if (url === undefined) {
      return { state: 'not-yet', problem: buyer?.state === 'refused' ? 'not-permitted' : 'no-file-named' };
    }
    const contents = await deps.source.fetchPackage(url);
    await deps.files.keep(followUp, contents);
    return { state: 'done' };
  } catch (error) {
    if (error instanceof RefusedCustomisation) {
      // A package cut off on its way is unreadable too: only a hostile one is refused at once.
      return error.problem === 'hostile-package'
        ? { state: 'refused', problem: error.problem }
        : { state: 'not-yet', problem: error.problem };
    }
    if (error instanceof ThrottledError) {
      return { state: 'not-yet', problem: 'not-downloadable', retryAfterMs: error.retryAfterMs };
    }
    if (error instanceof RejectedError && error.partner === 'dynamodb') throw error;
    if (error instanceof PartnerError) return { state: 'not-yet', problem: 'not-downloadable' };
    throw error;
  }
}

async function askAgain(
  deps: FetchCustomisationsDeps,
  followUp: FollowUp,
): Promise<{ readonly buyer: Buyer | undefined } | { readonly retryAfterMs: number }> {
  const { marketplace, accountId, siteId, marketplaceOrderId } = followUp;
  const bucket = `${marketplace}/${accountId}/${deps.getOrder.operation}`;
  const call = await deps.quota.take(bucket, deps.getOrder.plan, deps.clock.now());
  if (!call.granted) return { retryAfterMs: call.retryAfterMs };
  const remote = await deps.reader.fetchOrder({ accountId, siteId, marketplaceOrderId });
  if (remote?.buyer === undefined) return { buyer: undefined };
  await deps.buyers.putBuyer(remote.buyer);
  return { buyer: remote.buyer };
}

function urlOf(buyer: Buyer | undefined, { orderLineId }: FollowUp): string | undefined {
  return buyer?.lines.find((line) => line.orderLineId === orderLineId)?.customisationUrl;
}

function followUpAfter(followUp: FollowUp, outcome: Outcome, nowMs: number): FollowUp {
  const attempts = followUp.attempts + 1;
  const closed = { ...followUp, attempts, dueAt: undefined };
  if (outcome.state === 'done') return { ...closed, state: 'done', problem: undefined };
  if (outcome.state === 'not-wanted') return { ...closed, state: 'done', problem: 'not-wanted' };
  if (outcome.state === 'refused') return { ...closed, state: 'refused', problem: outcome.problem };
  const tryAt = nextCustomisationTry(followUp.wantedAt, attempts, nowMs);
  if (tryAt === undefined) return { ...closed, state: 'gave-up', problem: outcome.problem };
  const earliestMs = nowMs + (outcome.retryAfterMs ?? 0);
  const dueAt = earliestMs > Date.parse(tryAt) ? new Date(earliestMs).toISOString() : tryAt;
  return { ...followUp, attempts, state: 'waiting', problem: outcome.problem, dueAt };
}

/** Notes on the order whether a customisation of it is missing, by its stored lines and this one. */
async function noteOnOrder(
  { followUps, orders, clock }: FetchCustomisationsDeps,
  line: FollowUp,
): Promise<void> {
  const others = (await followUps.ofOrder(line.orderId)).filter(
    ({ kind, orderLineId }) => kind === 'customisation' && orderLineId !== line.orderLineId,
  );
  const missing = [line, ...others].some((each) => isMissing(each, clock.now()));
  await orders.setCustomisationMissing(line.orderId, missing);
}

function isMissing(followUp: FollowUp, nowMs: number): boolean {
  const { state } = followUp;
  return state === 'gave-up' || state === 'refused' || (state === 'waiting' && isUrgent(followUp, nowMs));
}

function isUrgent({ deadline }: FollowUp, nowMs: number): boolean {
  return deadline !== undefined && Date.parse(deadline) - nowMs < URGENT_MS;
}
