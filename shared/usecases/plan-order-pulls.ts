import type { Channel } from '../domain/channel.ts';
import type { Marketplace } from '../domain/order.ts';
import { isPullDue } from '../domain/pull-pace.ts';
import { firstSlice, isoInstant, pulledTogether, unseenSpan } from '../domain/pull-window.ts';
import { type AskForPullsDeps, type PulledAccount, pulledAccounts } from './pulled-accounts.ts';

export interface PlannedPulls {
  readonly requested: readonly { readonly marketplace: Marketplace; readonly accountId: string }[];
  /** `<marketplace>/<accountId>` whose authorisation a person must renew first. */
  readonly revoked: readonly string[];
  /** Channels switched on at a marketplace we cannot pull from. */
  readonly unsupportedChannels: readonly string[];
}

/**
 * Asks for one pull per seller account that has at least one channel switched on and is due by its marketplace's pace.
 * Safe to repeat: a second pull of an account finds the first one's lease and stands back.
 */
export async function planOrderPulls(deps: AskForPullsDeps): Promise<PlannedPulls> {
  const { accounts, revoked, unsupportedChannels } = await pulledAccounts(deps);
  const nowMs = deps.clock.now();
  const requested: { marketplace: Marketplace; accountId: string }[] = [];
  for (const account of accounts) {
    const { marketplace, accountId, channels, queue } = account;
    const { together, apart } = pulledTogether(channels);
    for (const channel of apart) await askToCatchUp(account, channel, nowMs);
    if (!isPullDue(marketplace, together, nowMs)) continue;
    await queue.send({
      type: 'order-pull-requested',
      version: 1,
      correlationId: `${isoInstant(nowMs)}/${marketplace}/${accountId}`,
      marketplace,
      accountId,
    });
    requested.push({ marketplace, accountId });
  }
  return { requested, revoked, unsupportedChannels };
}

/** How often a channel far behind is tried, and how often the schedule ticks: the first tick of the quarter is meant. */
const CATCH_UP_EVERY_MS = 15 * 60_000;
const TICK_MS = 4 * 60_000;

/**
 * A channel far behind the others is caught up in the background, slice by slice; another job of it is left out while one
 * runs. It may be behind because its marketplace refuses it, so it is not tried with every tick.
 */
async function askToCatchUp(
  { marketplace, accountId, queue }: PulledAccount,
  channel: Channel,
  nowMs: number,
): Promise<void> {
  const span = unseenSpan(channel, nowMs);
  if (span === undefined || nowMs % CATCH_UP_EVERY_MS >= TICK_MS) return;
  await queue.send({
    type: 'order-pull-requested',
    version: 1,
    correlationId: `catch-up/${isoInstant(nowMs)}/${channel.channelId}`,
    marketplace,
    accountId,
    reason: 're-scan',
    window: { ...firstSlice(span), siteIds: [...channel.siteIds] },
  });
}
