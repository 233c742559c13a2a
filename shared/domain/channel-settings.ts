import type { Channel, ManomanoContract } from './channel.ts';
import type { Marketplace } from './order.ts';

/** Short, lower-case: it is part of object keys. */
const CHANNEL_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;
const NAME_LENGTH_MAX = 80;
/**
 * How an account is called at its marketplace; it is part of a parameter's name, so nothing else may stand in it.
 * Amazon: the Merchant Token. ManoMano says no id of its own: the operator gives the account a name.
 */
const ACCOUNT_ID: Readonly<Record<Marketplace, RegExp>> = {
  amazon: /^[A-Z0-9]{5,32}$/,
  ebay: /^[A-Za-z0-9_.-]{1,64}$/,
  manomano: /^[A-Za-z0-9_.-]{1,64}$/,
};
const CONTRACT_ID = /^\d{1,12}$/;

/** Settings that cannot be as they were asked for. */
export const CHANNEL_FAULTS = [
  'channel-id',
  'name',
  'country',
  'account-id',
  /** ManoMano needs at least one; the others have none; none stands twice. */
  'contracts',
  /** A carrier twice, or a name that its marketplace does not have. */
  'carriers',
  /** In the future, or no instant. */
  'orders-from',
  /** The first pull has been: what lies before it is for a backfill. */
  'orders-from-too-late',
] as const;
export type ChannelFault = (typeof CHANNEL_FAULTS)[number];

/** Sellers and marketplaces say UK for the country that ISO calls GB. */
export function countryCode(country: string): string {
  const code = country.toUpperCase();
  return code === 'UK' ? 'GB' : code;
}

export function withIsoCountry(contract: ManomanoContract): ManomanoContract {
  return { ...contract, country: countryCode(contract.country) };
}

export function isChannelId(channelId: string): boolean {
  return CHANNEL_ID.test(channelId);
}

export function isChannelName(name: string): boolean {
  return name.trim() !== '' && name.length <= NAME_LENGTH_MAX;
}

export function isAccountId(marketplace: Marketplace, accountId: string): boolean {
  return ACCOUNT_ID[marketplace].test(accountId);
}

/** @param countries where the marketplace sells */
export function areContracts(
  marketplace: Marketplace,
  contracts: readonly ManomanoContract[],
  countries: readonly string[],
): boolean {
  if (marketplace !== 'manomano') return contracts.length === 0;
  const ids = contracts.map(({ contractId }) => contractId);
  return (
    ids.length > 0 &&
    new Set(ids).size === ids.length &&
    contracts.every(({ contractId, country }) => CONTRACT_ID.test(contractId) && countries.includes(country))
  );
}

export function isPast(instant: string, nowMs: number): boolean {
  const ms = Date.parse(instant);
  return !Number.isNaN(ms) && ms <= nowMs;
}

/** `amazon-it`, or with a number behind it while that is taken. */
export function freeChannelId(marketplace: Marketplace, country: string, taken: ReadonlySet<string>): string {
  const plain = `${marketplace}-${country.toLowerCase()}`;
  for (let number = 1; ; number += 1) {
    const channelId = number === 1 ? plain : `${plain}-${number}`;
    if (!taken.has(channelId)) return channelId;
  }
}

/**
 * The site that another channel of the account covers already, and which: an order would belong to two channels.
 * An archived channel covers nothing any more.
 */
export function takenSite(
  channels: readonly Channel[],
  wanted: Pick<Channel, 'channelId' | 'marketplace' | 'accountId' | 'siteIds'>,
): { readonly siteId: string; readonly by: string } | undefined {
  for (const other of channels) {
    if (other.channelId === wanted.channelId || other.archivedAt !== undefined) continue;
    if (other.marketplace !== wanted.marketplace || other.accountId !== wanted.accountId) continue;
    const siteId = wanted.siteIds.find((site) => other.siteIds.includes(site));
    if (siteId !== undefined) return { siteId, by: other.channelId };
  }
  return undefined;
}
