import type { Account } from '../domain/account.ts';
import type { IssueDates } from '../domain/account-credentials.ts';
import type { Channel, ManomanoContract } from '../domain/channel.ts';
import {
  areContracts,
  type ChannelFault,
  countryCode,
  freeChannelId,
  isAccountId,
  isChannelId,
  isChannelName,
  isPast,
  takenSite,
  withIsoCountry,
} from '../domain/channel-settings.ts';
import type { Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { PartnerCredentials } from '../ports/credentials.ts';
import type { MarketplaceSites } from '../ports/marketplace-sites.ts';
import { noteActivity } from './acting.ts';
import { type CredentialsRefused, type SaveCredentialsDeps, saveCredentials } from './save-credentials.ts';

/** A first pull reaches this far back unless the operator says otherwise. */
const FIRST_PULL_MS = 30 * 24 * 3_600_000;

export interface OpenChannelDeps extends SaveCredentialsDeps {
  readonly sites: MarketplaceSites;
}

export interface ChannelToOpen {
  /** Made of marketplace and country when left out. */
  readonly channelId?: string | undefined;
  /** The site's public name when left out. */
  readonly name?: string | undefined;
  readonly marketplace: Marketplace;
  /** Country of sale, ISO 3166-1 alpha-2, or UK. */
  readonly country: string;
  readonly accountId: string;
  /** ManoMano only: at least one. */
  readonly contracts?: readonly ManomanoContract[] | undefined;
  /** From which last-update instant the first pull starts; 30 days back when left out. */
  readonly ordersFrom?: string | undefined;
}

export interface CredentialsForChannel {
  readonly secrets: PartnerCredentials;
  readonly issued?: IssueDates | undefined;
  readonly storeUntested?: boolean | undefined;
}

export type OpenedChannel =
  | {
      readonly outcome: 'opened';
      readonly channel: Channel;
      /** Undefined when its credentials are still to come. */
      readonly account: Account | undefined;
    }
  | { readonly outcome: 'invalid'; readonly faults: readonly ChannelFault[] }
  | { readonly outcome: 'id-taken'; readonly channelId: string }
  /** Another channel of the account already covers one of the sites: an order would belong to two channels. */
  | { readonly outcome: 'site-taken'; readonly siteId: string; readonly by: string }
  | { readonly outcome: 'no-credentials' }
  | { readonly outcome: 'credentials-refused'; readonly refused: CredentialsRefused };

/**
 * Opens a channel with every switch off.
 * @param signIn the account's credentials: tested and stored before there is a channel, so that a channel that exists can
 *   sign in. `stored` expects the account to have some, from its first channel; `later` opens the channel without.
 */
export async function openChannel(
  deps: OpenChannelDeps,
  wanted: ChannelToOpen,
  signIn: CredentialsForChannel | 'stored' | 'later',
): Promise<OpenedChannel> {
  const { channels, accounts, credentials, clock } = deps;
  const faults = faultsOf(deps, wanted);
  const site = siteOf(deps.sites, wanted);
  if (faults.length > 0 || site === undefined) return { outcome: 'invalid', faults };

  const { marketplace, accountId } = wanted;
  const contracts = wanted.contracts?.map(withIsoCountry);
  const others = await channels.listChannels();
  const ids = new Set(others.map(({ channelId }) => channelId));
  const channel: Channel = {
    channelId: wanted.channelId ?? freeChannelId(marketplace, site.country, ids),
    name: (wanted.name ?? site.name).trim(),
    marketplace,
    accountId,
    siteIds:
      site.siteId === undefined ? (contracts ?? []).map(({ contractId }) => contractId) : [site.siteId],
    country: site.country,
    timeZone: site.timeZone,
    ordersSync: false,
    ...(contracts === undefined || contracts.length === 0 ? {} : { contracts }),
    ordersFrom: isoInstant(wanted.ordersFrom ?? clock.now() - FIRST_PULL_MS),
  };
  if (ids.has(channel.channelId)) return { outcome: 'id-taken', channelId: channel.channelId };
  const taken = takenSite(others, channel);
  if (taken !== undefined) return { outcome: 'site-taken', ...taken };

  if (typeof signIn === 'object') {
    const saved = await saveCredentials(deps, {
      ...signIn,
      marketplace,
      accountId,
      siteIds: channel.siteIds,
    });
    if (saved.outcome !== 'saved') return { outcome: 'credentials-refused', refused: saved };
  } else if (
    signIn === 'stored' &&
    (await credentials.getCredentials(marketplace, accountId)) === undefined
  ) {
    return { outcome: 'no-credentials' };
  }

  if ((await channels.createChannel(channel)) === 'exists') {
    return { outcome: 'id-taken', channelId: channel.channelId };
  }
  const meanwhile = takenSite(await channels.listChannels(), channel);
  if (meanwhile !== undefined) {
    // Somebody opened the same site at this moment under another id. Each of the two sees the other, or the later one
    // does; whoever sees one stands back, so that at most one stays.
    await channels.changeSettings(channel.channelId, { archivedAt: isoInstant(clock.now()) }, 1);
    return { outcome: 'site-taken', ...meanwhile };
  }
  await noteActivity(deps, {
    action: 'channel-opened',
    subject: `channel/${channel.channelId}`,
    after: {
      name: channel.name,
      marketplace,
      accountId,
      country: channel.country,
      siteIds: channel.siteIds,
      ordersFrom: channel.ordersFrom,
    },
  });
  return { outcome: 'opened', channel, account: await accounts.getAccount(marketplace, accountId) };
}

function faultsOf({ sites, clock }: OpenChannelDeps, wanted: ChannelToOpen): readonly ChannelFault[] {
  const { channelId, name, marketplace, accountId, contracts = [], ordersFrom } = wanted;
  const countries = sites[marketplace].map(({ country }) => country);
  return [
    ...(channelId === undefined || isChannelId(channelId) ? [] : ['channel-id' as const]),
    ...(name === undefined || isChannelName(name) ? [] : ['name' as const]),
    ...(siteOf(sites, wanted) ? [] : ['country' as const]),
    ...(isAccountId(marketplace, accountId) ? [] : ['account-id' as const]),
    ...(areContracts(marketplace, contracts.map(withIsoCountry), countries) ? [] : ['contracts' as const]),
    ...(ordersFrom === undefined || isPast(ordersFrom, clock.now()) ? [] : ['orders-from' as const]),
  ];
}

function siteOf(sites: MarketplaceSites, { marketplace, country }: ChannelToOpen) {
  const code = countryCode(country);
  return sites[marketplace].find((site) => site.country === code);
}
