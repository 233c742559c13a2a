import { type ChannelView, channelView } from '../domain/channel-view.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { Clock } from '../ports/clock.ts';

export {
  type ChannelView,
  SYNC_SWITCHES,
  type SyncSwitch,
} from '../domain/channel-view.ts';

export interface ShowChannelDeps {
  readonly channels: ChannelStore;
  readonly accounts: AccountStore;
  readonly clock: Clock;
}

/** A channel as people see it; undefined when there is none. */
export async function showChannel(
  { channels, accounts, clock }: ShowChannelDeps,
  channelId: string,
): Promise<ChannelView | undefined> {
  const channel = await channels.getChannel(channelId);
  if (channel === undefined) return undefined;
  const account = await accounts.getAccount(channel.marketplace, channel.accountId);
  return channelView(channel, account, clock.now());
}

/** Every channel, archived ones too, as people see it. */
export async function showChannels({
  channels,
  accounts,
  clock,
}: ShowChannelDeps): Promise<readonly ChannelView[]> {
  const [found, known] = await Promise.all([channels.listChannels(), accounts.listAccounts()]);
  return found.map((channel) => {
    const account = known.find(
      ({ marketplace, accountId }) => marketplace === channel.marketplace && accountId === channel.accountId,
    );
    return channelView(channel, account, clock.now());
  });
}
