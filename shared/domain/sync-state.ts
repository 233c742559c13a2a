import type { Account } from './account.ts';
import type { Channel } from './channel.ts';
import { lagMsOf } from './pull-window.ts';

/** How a channel's orders stand to its marketplace. */
export interface SyncState {
  /** Whether pulls are asked for at all: switched on, not archived, not revoked. */
  readonly pulled: boolean;
  /** The marketplace said that the authorisation is gone; everything is caught up after it is renewed. */
  readonly revoked: boolean;
  /** How far behind the marketplace; before the first complete pull, behind the instant it begins at. */
  readonly lagMs: number;
  /** When the last pull ended that brought the channel forward. ISO instant. */
  readonly lastCompletePullAt: string | undefined;
}

/** @param account the channel's, when its credentials were ever stored */
export function syncState(
  channel: Channel,
  account: Pick<Account, 'health'> | undefined,
  nowMs: number,
): SyncState {
  const revoked = isRevoked(account);
  return {
    pulled: isSynced(channel) && !revoked,
    revoked,
    lagMs: lagMsOf(channel, nowMs),
    lastCompletePullAt: channel.ordersPulledAt,
  };
}

/** Whether a channel's orders are wanted: switched on, and not closed. */
export function isSynced(channel: Pick<Channel, 'ordersSync' | 'archivedAt'>): boolean {
  return channel.ordersSync && channel.archivedAt === undefined;
}

/** Whether the account's pulls wait until a person renews its authorisation. */
export function isRevoked(account: Pick<Account, 'health'> | undefined): boolean {
  return account?.health.state === 'revoked';
}
