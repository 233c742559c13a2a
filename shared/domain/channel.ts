import type { Marketplace } from './order.ts';

/** A shop's presence on one marketplace in one or more countries, with the switches an operator sets. */
export interface Channel {
  /** Short, lower-case, part of object keys: `amazon-it`. */
  readonly channelId: string;
  readonly name: string;
  readonly marketplace: Marketplace;
  /** Seller account at the marketplace; several channels may share one. */
  readonly accountId: string;
  /** The partner's ids of the national marketplaces this channel covers. */
  readonly siteIds: readonly string[];
  /** Country of sale, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA zone in which the account's days are cut. */
  readonly timeZone: string;
  /** Off until the operator switches it on. */
  readonly ordersSync: boolean;
  /** Orders changed before this instant have been pulled; undefined before the first complete pull. */
  readonly ordersWatermark?: string | undefined;
  /** From which last-update instant the first pull starts. */
  readonly ordersFrom: string;
}

/** Currency of the marketplaces by country of sale; the others in Europe sell in euro. */
const CURRENCY_BY_COUNTRY: Readonly<Record<string, string>> = { GB: 'GBP', SE: 'SEK', PL: 'PLN', TR: 'TRY' };

/** The currency in which a channel of a country sells, ISO 4217. */
export function currencyOfCountry(country: string): string {
  return CURRENCY_BY_COUNTRY[country] ?? 'EUR';
}
