import { earlier, firstSlice, isoInstant, SETTLING_MS } from '../domain/pull-window.ts';
import type { BackgroundReason } from './pull-orders.ts';
import { type AskForPullsDeps, type PulledAccount, pulledAccounts } from './pulled-accounts.ts';

const DAY_MS = 86_400_000;
/** Every night: changes that became visible later than the overlap of a pull reaches back. */
const RE_SCAN_DAYS = 5;
/** Once a week, by date of creation: orders that no pull by last change has ever brought. */
const COUNT_CHECK_DAYS = 30;
/** Monday. The nightly call comes at half past two in Italy, when it is the same day in UTC. */
const COUNT_CHECK_WEEKDAY = 1;

export interface PlannedReScans {
  /** `<marketplace>/<accountId>` of each. */
  readonly reScans: readonly string[];
  readonly countChecks: readonly string[];
}

/**
 * Asks, per account, for a second look at days already pulled: every night at what changed, once a week at what was
 * created. Both work in the background. Channels that have not ended their first pull are left to it.
 */
export async function planReScans(deps: AskForPullsDeps): Promise<PlannedReScans> {
  const { accounts } = await pulledAccounts(deps);
  const nowMs = deps.clock.now();
  const counts = new Date(nowMs).getUTCDay() === COUNT_CHECK_WEEKDAY;
  const reScans: string[] = [];
  const countChecks: string[] = [];
  for (const account of accounts) {
    const key = `${account.marketplace}/${account.accountId}`;
    if (await ask(account, 're-scan', RE_SCAN_DAYS, nowMs)) reScans.push(key);
    if (counts && (await ask(account, 'count-check', COUNT_CHECK_DAYS, nowMs))) countChecks.push(key);
  }
  return { reScans, countChecks };
}

async function ask(
  { marketplace, accountId, channels, queue }: PulledAccount,
  reason: BackgroundReason,
  days: number,
  nowMs: number,
): Promise<boolean> {
  const pulled = channels.filter(({ ordersWatermark }) => ordersWatermark !== undefined);
  // Never further back than the operator wanted orders from.
  const wantedFrom = pulled.map(({ ordersFrom }) => ordersFrom).reduce(earlier, undefined);
  if (wantedFrom === undefined) return false;
  const fromMs = Math.max(nowMs - days * DAY_MS, Date.parse(wantedFrom));
  const untilMs = nowMs - SETTLING_MS;
  if (fromMs >= untilMs) return false;
  await queue.send({
    type: 'order-pull-requested',
    version: 1,
    correlationId: `${reason}/${isoInstant(nowMs).slice(0, 10)}/${marketplace}/${accountId}`,
    marketplace,
    accountId,
    reason,
    window: {
      ...firstSlice({ from: isoInstant(fromMs), until: isoInstant(untilMs) }),
      ...(reason === 'count-check' ? { by: 'created' as const } : {}),
      siteIds: pulled.flatMap(({ siteIds }) => siteIds),
    },
  });
  return true;
}
