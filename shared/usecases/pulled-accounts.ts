import type { Channel } from '../domain/channel.ts';
import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isRevoked, isSynced } from '../domain/sync-state.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { OrderPullJob } from './pull-orders.ts';

/** What asking for a pull needs, whoever asks. */
export interface AskForPullsDeps {
  readonly channels: ChannelStore;
  readonly accounts: AccountStore;
  /** Where the pulls of a marketplace are worked; a marketplace without one is not pulled yet. */
  readonly queues: Readonly<Partial<Record<Marketplace, JobQueue<OrderPullJob>>>>;
  readonly clock: Clock;
}

/** A seller account with at least one channel switched on. */
export interface PulledAccount {
  readonly marketplace: Marketplace;
  readonly accountId: string;
  /** Those that are switched on and not closed. */
  readonly channels: readonly Channel[];
  readonly queue: JobQueue<OrderPullJob>;
}

/**
 * The accounts to pull from. One whose authorisation is revoked is left out: its watermarks stay where they are, and the
 * first pull after the renewal catches everything up.
 */
export async function pulledAccounts(deps: AskForPullsDeps): Promise<{
  readonly accounts: readonly PulledAccount[];
  /** `<marketplace>/<accountId>` of those that wait for a person. */
  readonly revoked: readonly string[];
  /** Channels switched on at a marketplace we cannot pull from. */
  readonly unsupportedChannels: readonly string[];
}> {
  const [all, known] = await Promise.all([deps.channels.listChannels(), deps.accounts.listAccounts()]);
  const synced = all.filter(isSynced);
  const revokedKeys = new Set(known.filter(isRevoked).map(keyOf));
  const byAccount = Map.groupBy(synced, keyOf);
  const accounts: PulledAccount[] = [];
  for (const marketplace of MARKETPLACES) {
    const queue = deps.queues[marketplace];
    if (queue === undefined) continue;
    for (const [key, channels] of byAccount) {
      const [first] = channels;
      if (first?.marketplace !== marketplace || revokedKeys.has(key)) continue;
      accounts.push({ marketplace, accountId: first.accountId, channels, queue });
    }
  }
  return {
    accounts,
    revoked: [...byAccount.keys()].filter((key) => revokedKeys.has(key)),
    unsupportedChannels: synced
      .filter(({ marketplace }) => deps.queues[marketplace] === undefined)
      .map(({ channelId }) => channelId),
  };
}

function keyOf({ marketplace, accountId }: { marketplace: Marketplace; accountId: string }): string {
  return `${marketplace}/${accountId}`;
}
