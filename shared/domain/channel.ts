import type { CarrierChoice } from './carrier-map.ts';
import type { Marketplace } from './order.ts';
import type { ReceiptAssociation } from './receipt-settings.ts';

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
  /** The other switches; each undefined counts as off. */
  readonly trackingSync?: boolean | undefined;
  readonly receiptsSync?: boolean | undefined;
  readonly listingsSync?: boolean | undefined;
  /** ManoMano: the contracts behind `siteIds`, one per country and delivery type. */
  readonly contracts?: readonly ManomanoContract[] | undefined;
  /** Where the personal data of this channel's orders comes from; undefined: with the order, as the marketplace gives it. */
  readonly personalDataModule?: PersonalDataModule | undefined;
  /** Who issues receipts for this channel's orders; undefined: nobody can. */
  readonly receipts?: ReceiptAssociation | undefined;
  /** Where the marketplace is told of a carrier in other words than our table's; undefined: nowhere. */
  readonly carriers?: readonly CarrierChoice[] | undefined;
  /** Set when the channel was closed: it is kept for its orders and does nothing any more. ISO instant. */
  readonly archivedAt?: string | undefined;
  /** Counts changes of the settings; the condition of every change. Undefined counts as 1. */
  readonly version?: number | undefined;
  /** Orders changed before this instant have been pulled; undefined before the first complete pull. */
  readonly ordersWatermark?: string | undefined;
  /** When the last complete pull ended. ISO instant. */
  readonly ordersPulledAt?: string | undefined;
  /** From which last-update instant the first pull starts. */
  readonly ordersFrom: string;
}

/** ManoMano gives one contract per country and delivery type (Toolbox, Settings, API keys). */
export interface ManomanoContract {
  /** Digits; also the channel's site id. */
  readonly contractId: string;
  readonly country: string;
  /** `MMF`: ManoMano ships; we never do. */
  readonly deliveryType: 'SELF' | 'MMF';
}

/** A module of a provider account, matched to one channel. */
export interface PersonalDataModule {
  readonly providerAccountId: string;
  readonly moduleId: string;
}

/** The settings a person may change; the rest is the pulls' own. */
export type ChannelSettings = Pick<
  Channel,
  | 'name'
  | 'ordersSync'
  | 'trackingSync'
  | 'receiptsSync'
  | 'listingsSync'
  | 'contracts'
  | 'personalDataModule'
  | 'receipts'
  | 'carriers'
  | 'archivedAt'
  | 'siteIds'
  | 'ordersFrom'
>;

/** Currency of the marketplaces by country of sale; the others in Europe sell in euro. */
const CURRENCY_BY_COUNTRY: Readonly<Record<string, string>> = { GB: 'GBP', SE: 'SEK', PL: 'PLN', TR: 'TRY' };

/** The currency in which a channel of a country sells, ISO 4217. */
export function currencyOfCountry(country: string): string {
  return CURRENCY_BY_COUNTRY[country] ?? 'EUR';
}
