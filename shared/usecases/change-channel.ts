import type { ActivityValue } from '../domain/activity.ts';
import { areCarrierChoices, type CarrierChoice } from '../domain/carrier-map.ts';
import type { Channel, ChannelSettings, ManomanoContract } from '../domain/channel.ts';
import {
  areContracts,
  type ChannelFault,
  isChannelName,
  isPast,
  takenSite,
  withIsoCountry,
} from '../domain/channel-settings.ts';
import { SETTING_OF, type SyncSwitch } from '../domain/channel-view.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { ChannelStore } from '../ports/channel-store.ts';
import type { MarketplaceSites } from '../ports/marketplace-sites.ts';
import { type Acting, noteActivity } from './acting.ts';

/** Tries of a change that does not depend on what others set meanwhile. */
const TRIES_MAX = 5;

export interface ChangeChannelDeps extends Acting {
  readonly channels: ChannelStore;
  readonly sites: MarketplaceSites;
}

/** What a person may change of an open channel; what is left out stays. */
export interface ChannelChanges {
  readonly name?: string | undefined;
  /** ManoMano only; replaces all of them. */
  readonly contracts?: readonly ManomanoContract[] | undefined;
  /** What the marketplace is told of carriers in other words than our table's; replaces all of them. */
  readonly carriers?: readonly CarrierChoice[] | undefined;
  /** Only before the first complete pull. */
  readonly ordersFrom?: string | undefined;
}

export type ChangedChannel =
  | {
      readonly outcome: 'changed';
      readonly channel: Channel;
      /** Contracts whose orders from before now come only with a backfill. */
      readonly addedSiteIds: readonly string[];
    }
  | { readonly outcome: 'invalid'; readonly faults: readonly ChannelFault[] }
  | { readonly outcome: 'site-taken'; readonly siteId: string; readonly by: string }
  | NotChanged;

export type NotChanged =
  | { readonly outcome: 'unknown-channel' }
  | { readonly outcome: 'archived' }
  /** Somebody else changed it since: nothing was changed, `channel` is what stands now. */
  | { readonly outcome: 'conflict'; readonly channel: Channel };

/** Changes a channel's settings, when they are still those of `expectedVersion`. */
export async function changeChannel(
  deps: ChangeChannelDeps,
  channelId: string,
  { name, contracts: given, carriers, ordersFrom }: ChannelChanges,
  expectedVersion: number,
): Promise<ChangedChannel> {
  const { channels, sites, clock } = deps;
  const channel = await channels.getChannel(channelId);
  if (channel === undefined) return { outcome: 'unknown-channel' };
  if (channel.archivedAt !== undefined) return { outcome: 'archived' };
  if (versionOf(channel) !== expectedVersion) return { outcome: 'conflict', channel };

  const contracts = given?.map(withIsoCountry);
  const faults = faultsOf(channel, { name, contracts, carriers, ordersFrom }, sites, clock.now());
  if (faults.length > 0) return { outcome: 'invalid', faults };
  const siteIds = contracts?.map(({ contractId }) => contractId);
  const settings: Partial<ChannelSettings> = {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(contracts === undefined || siteIds === undefined ? {} : { contracts, siteIds }),
    ...(carriers === undefined ? {} : { carriers }),
    ...(ordersFrom === undefined ? {} : { ordersFrom: isoInstant(ordersFrom) }),
  };
  const wanted = { ...channel, ...settings };
  const taken = takenSite(await channels.listChannels(), wanted);
  if (taken !== undefined) return { outcome: 'site-taken', ...taken };

  if ((await channels.changeSettings(channelId, settings, expectedVersion)) === 'conflict') {
    return conflictOf(channels, channelId);
  }
  await noteActivity(deps, {
    action: 'channel-changed',
    subject: `channel/${channelId}`,
    before: valuesOf(settings, channel),
    after: valuesOf(settings, wanted),
  });
  return {
    outcome: 'changed',
    channel: { ...wanted, version: expectedVersion + 1 },
    addedSiteIds: wanted.siteIds.filter((siteId) => !channel.siteIds.includes(siteId)),
  };
}

/**
 * Closes a channel: every switch off, its sites free for another channel. Its orders, fees and reports stay. A pull under
 * way ends by itself. Archiving what is archived changes nothing.
 * @param expectedVersion undefined: whatever the settings are
 */
export async function archiveChannel(
  deps: ChangeChannelDeps,
  channelId: string,
  expectedVersion?: number,
): Promise<{ readonly outcome: 'archived-now'; readonly channel: Channel } | NotChanged> {
  const archived = await changeWhatever(deps, channelId, expectedVersion, (channel) => {
    if (channel.archivedAt !== undefined) return 'done';
    return {
      ordersSync: false,
      trackingSync: false,
      receiptsSync: false,
      listingsSync: false,
      archivedAt: isoInstant(deps.clock.now()),
    };
  });
  if (archived.outcome !== 'changed') return archived;
  if (archived.before !== undefined) {
    await noteActivity(deps, {
      action: 'channel-archived',
      subject: `channel/${channelId}`,
      before: { ordersSync: archived.before.ordersSync, siteIds: archived.before.siteIds },
    });
  }
  return { outcome: 'archived-now', channel: archived.channel };
}

export interface SwitchSyncDeps extends ChangeChannelDeps {
  readonly accounts: AccountStore;
}

export type SwitchedSync =
  | { readonly outcome: 'switched'; readonly channel: Channel }
  /** A switch goes on only when the account's credentials have been saved. */
  | { readonly outcome: 'no-credentials' }
  | NotChanged;

/**
 * Switches one kind of sync of a channel. Switching to where it stands changes nothing.
 * @param expectedVersion undefined: whatever the other settings are
 */
export async function switchSync(
  deps: SwitchSyncDeps,
  channelId: string,
  which: SyncSwitch,
  on: boolean,
  expectedVersion?: number,
): Promise<SwitchedSync> {
  const setting = SETTING_OF[which];
  const channel = await deps.channels.getChannel(channelId);
  if (channel === undefined) return { outcome: 'unknown-channel' };
  if (channel.archivedAt !== undefined) return { outcome: 'archived' };
  if (on && (await deps.accounts.getAccount(channel.marketplace, channel.accountId)) === undefined) {
    return { outcome: 'no-credentials' };
  }
  const switched = await changeWhatever(deps, channelId, expectedVersion, (current) => {
    if (current.archivedAt !== undefined) return 'archived';
    return (current[setting] ?? false) === on ? 'done' : { [setting]: on };
  });
  if (switched.outcome !== 'changed') return switched;
  if (switched.before !== undefined) {
    await noteActivity(deps, {
      action: `${which}-sync-switched-${on ? 'on' : 'off'}`,
      subject: `channel/${channelId}`,
      before: { [setting]: !on },
      after: { [setting]: on },
    });
  }
  return { outcome: 'switched', channel: switched.channel };
}

/** Makes a change that depends on nothing but the channel as it stands, on whichever version that is. */
async function changeWhatever(
  { channels }: ChangeChannelDeps,
  channelId: string,
  expectedVersion: number | undefined,
  decide: (channel: Channel) => Partial<ChannelSettings> | 'done' | 'archived',
): Promise<
  | { readonly outcome: 'changed'; readonly channel: Channel; readonly before: Channel | undefined }
  | NotChanged
> {
  for (let tries = 1; ; tries += 1) {
    const channel = await channels.getChannel(channelId);
    if (channel === undefined) return { outcome: 'unknown-channel' };
    const version = versionOf(channel);
    if (expectedVersion !== undefined && version !== expectedVersion) return { outcome: 'conflict', channel };
    const decided = decide(channel);
    if (decided === 'archived') return { outcome: 'archived' };
    if (decided === 'done') return { outcome: 'changed', channel, before: undefined };
    if ((await channels.changeSettings(channelId, decided, version)) === 'changed') {
      return {
        outcome: 'changed',
        channel: { ...channel, ...decided, version: version + 1 },
        before: channel,
      };
    }
    if (expectedVersion !== undefined || tries === TRIES_MAX) return conflictOf(channels, channelId);
  }
}

async function conflictOf(channels: ChannelStore, channelId: string): Promise<NotChanged> {
  const channel = await channels.getChannel(channelId);
  return channel === undefined ? { outcome: 'unknown-channel' } : { outcome: 'conflict', channel };
}

function faultsOf(
  { marketplace, ordersWatermark }: Channel,
  { name, contracts, carriers, ordersFrom }: ChannelChanges,
  sites: MarketplaceSites,
  nowMs: number,
): readonly ChannelFault[] {
  const countries = sites[marketplace].map(({ country }) => country);
  const faults: ChannelFault[] = [];
  if (name !== undefined && !isChannelName(name)) faults.push('name');
  if (contracts !== undefined && !areContracts(marketplace, contracts, countries)) faults.push('contracts');
  if (carriers !== undefined && !areCarrierChoices(marketplace, carriers)) faults.push('carriers');
  if (ordersFrom !== undefined && !isPast(ordersFrom, nowMs)) faults.push('orders-from');
  else if (ordersFrom !== undefined && ordersWatermark !== undefined) faults.push('orders-from-too-late');
  return faults;
}

function valuesOf(changed: Partial<ChannelSettings>, channel: Channel): Record<string, ActivityValue> {
  return {
    ...(changed.name === undefined ? {} : { name: channel.name }),
    ...(changed.siteIds === undefined ? {} : { siteIds: channel.siteIds }),
    ...(changed.carriers === undefined
      ? {}
      : { carriers: (channel.carriers ?? []).map(({ carrier, code }) => `${carrier} → ${code}`) }),
    ...(changed.ordersFrom === undefined ? {} : { ordersFrom: channel.ordersFrom }),
  };
}

function versionOf({ version }: Channel): number {
  return version ?? 1;
}
