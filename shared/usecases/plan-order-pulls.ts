import type { Marketplace } from '../domain/order.ts';
import { isPullDue } from '../domain/pull-pace.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { type AskForPullsDeps, pulledAccounts } from './pulled-accounts.ts';

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
  for (const { marketplace, accountId, channels, queue } of accounts) {
    if (!isPullDue(marketplace, channels, nowMs)) continue;
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
