import type { Channel } from '../domain/channel.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { CredentialStore, PartnerCredentials } from '../ports/credentials.ts';

/** A first pull reaches this far back unless the operator says otherwise. */
export const FIRST_PULL_MS = 30 * 24 * 3_600_000;

export interface OpenChannelDeps {
  readonly channels: ChannelStore;
  readonly credentials: CredentialStore;
}

export type OpenedChannel =
  | { readonly outcome: 'opened'; readonly channel: Channel }
  | { readonly outcome: 'id-taken' }
  /** Another channel of the account already covers one of the sites: an order would belong to two channels. */
  | { readonly outcome: 'site-taken'; readonly siteId: string; readonly by: string }
  | { readonly outcome: 'no-credentials' };

/**
 * Opens a channel with its order sync off. The credentials are stored before the channel: a channel that exists
 * can sign in. Without credentials the account must have some already, from its first channel.
 */
export async function openChannel(
  { channels, credentials }: OpenChannelDeps,
  wanted: Omit<Channel, 'ordersSync' | 'ordersWatermark'>,
  signIn: PartnerCredentials | undefined,
): Promise<OpenedChannel> {
  const channel: Channel = { ...wanted, ordersSync: false };
  const others = await channels.listChannels();
  if (others.some(({ channelId }) => channelId === channel.channelId)) return { outcome: 'id-taken' };
  for (const other of others) {
    if (other.marketplace !== channel.marketplace || other.accountId !== channel.accountId) continue;
    const siteId = channel.siteIds.find((site) => other.siteIds.includes(site));
    if (siteId !== undefined) return { outcome: 'site-taken', siteId, by: other.channelId };
  }
  if (signIn !== undefined) {
    await credentials.putCredentials(channel.marketplace, channel.accountId, signIn);
  } else if ((await credentials.getCredentials(channel.marketplace, channel.accountId)) === undefined) {
    return { outcome: 'no-credentials' };
  }
  const created = await channels.createChannel(channel);
  return created === 'exists' ? { outcome: 'id-taken' } : { outcome: 'opened', channel };
}

/** Switches the order sync of channels, all or none: answers the ids that are no channel, and then changes nothing. */
export async function switchOrdersSync(
  channels: ChannelStore,
  channelIds: readonly string[],
  on: boolean,
): Promise<readonly string[]> {
  const known = new Set((await channels.listChannels()).map(({ channelId }) => channelId));
  const missing = channelIds.filter((channelId) => !known.has(channelId));
  if (missing.length === 0) for (const channelId of channelIds) await channels.setOrdersSync(channelId, on);
  return missing;
}
