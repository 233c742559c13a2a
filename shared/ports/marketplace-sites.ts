import type { Marketplace } from '../domain/order.ts';

/** Where a marketplace sells in one country. */
export interface MarketplaceSite {
  /** The partner's id of it; undefined where contracts take its place (ManoMano). */
  readonly siteId: string | undefined;
  /** Its public name: `Amazon.it`. */
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA zone in which an account's days are cut there. */
  readonly timeZone: string;
}

/** The countries in which channels can be opened, by marketplace. */
export type MarketplaceSites = Readonly<Record<Marketplace, readonly MarketplaceSite[]>>;
