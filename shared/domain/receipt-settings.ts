import type { OrderStatus } from './order.ts';
import type { IssuerName, ReceiptLanguage } from './receipt.ts';
import { DEFAULT_RULES, type DocumentRule } from './receipt-rules.ts';

/** Who sells, as it stands on every document. The shop's own data, not a buyer's. */
export interface Seller {
  readonly legalName: string;
  /** Street and number, one line each. */
  readonly addressLines: readonly string[];
  readonly postalCode: string;
  readonly city: string;
  readonly province?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** With its country, `IT` and eleven digits: the key of the seller's series. */
  readonly vatNumber: string;
  readonly taxCode?: string | undefined;
  /** A company's entry in the register of companies, and its share capital, as art. 2250 c.c. wants them written. */
  readonly rea?: string | undefined;
  readonly shareCapital?: string | undefined;
  readonly email?: string | undefined;
}

/** A product that is not sold at its country's standard rate. */
export interface ProductRate {
  readonly sku: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Hundredths of a percent. */
  readonly rateHundredths: number;
}

/** Rates for what the marketplace does not say. */
export interface VatTable {
  /** The seller charges the VAT of the country of destination and declares it through the one-stop shop. */
  readonly oneStopShop: boolean;
  /** Per country (ISO 3166-1 alpha-2), hundredths of a percent. */
  readonly standardRates: Readonly<Record<string, number>>;
  readonly productRates: readonly ProductRate[];
}

/** How the other issuer is reached; its key stands with the credentials. */
export interface IssuerConnectionSettings {
  /** `https://` address under which the issuer's calls stand, without a slash at the end. */
  readonly baseUrl: string;
  /** The shop's account there. */
  readonly issuerAccountId: string;
}

/** What a shop has decided about its receipts. */
export interface ReceiptSettings {
  readonly seller: Seller;
  /** Object key of the logo in the receipts bucket (PNG or JPEG). */
  readonly logoKey?: string | undefined;
  /** The series of channels that name none of their own. */
  readonly series: string;
  /** In their order; what a document is decided by. */
  readonly rules: readonly DocumentRule[];
  readonly vat: VatTable;
  /** What stands on courtesy receipts instead of our own words, per language: the accountant's. */
  readonly courtesyNotes?: Readonly<Partial<Record<ReceiptLanguage, string>>> | undefined;
  readonly bitztobe?: IssuerConnectionSettings | undefined;
  /** Counts changes; the condition of every one. */
  readonly version: number;
}

/** When receipts are issued without anybody asking. */
export const AUTOMATIC_STATUSES = ['unshipped', 'shipped'] as const;
export type AutomaticStatus = (typeof AUTOMATIC_STATUSES)[number];

/** A channel's association with an issuer. Without one no receipt of its orders can be issued. */
export interface ReceiptAssociation {
  readonly issuer: IssuerName;
  /** Numbers of this channel run in this series; undefined: the shop's. */
  readonly series?: string | undefined;
  /** Issue by itself, as soon as an order reaches the status. */
  readonly automatic?:
    | {
        readonly status: AutomaticStatus;
        /** Orders placed before are left to people. ISO instant. */
        readonly from: string;
      }
    | undefined;
}

const DEFAULT_SERIES = 'RC';

/**
 * Standard rates of the EU countries, hundredths of a percent, as a start: rates change, and the shop's accountant has the
 * last word (European Commission, "VAT rates applied in the Member States").
 */
export const DEFAULT_STANDARD_RATES: Readonly<Record<string, number>> = {
  AT: 2000,
  BE: 2100,
  BG: 2000,
  CY: 1900,
  CZ: 2100,
  DE: 1900,
  DK: 2500,
  EE: 2400,
  ES: 2100,
  FI: 2550,
  FR: 2000,
  GR: 2400,
  HR: 2500,
  HU: 2700,
  IE: 2300,
  IT: 2200,
  LT: 2100,
  LU: 1700,
  LV: 2100,
  MT: 1800,
  NL: 2100,
  PL: 2300,
  PT: 2300,
  RO: 2100,
  SE: 2500,
  SI: 2200,
  SK: 2300,
};

/** What a shop starts with once it has said who it is. */
export function defaultReceiptSettings(seller: Seller): ReceiptSettings {
  return {
    seller,
    series: DEFAULT_SERIES,
    rules: DEFAULT_RULES,
    vat: { oneStopShop: false, standardRates: DEFAULT_STANDARD_RATES, productRates: [] },
    version: 1,
  };
}

/** Whether an order that stands here is to get its receipt without anybody asking. */
export function isAutomaticallyDue(
  association: ReceiptAssociation | undefined,
  order: { readonly status: OrderStatus; readonly purchasedAt: string },
): boolean {
  const automatic = association?.automatic;
  if (automatic === undefined || order.purchasedAt < automatic.from) return false;
  return automatic.status === 'shipped'
    ? order.status === 'shipped'
    : ['unshipped', 'partly-shipped', 'shipped'].includes(order.status);
}

/** The language of a country's documents. */
export function receiptLanguage(country: string): ReceiptLanguage {
  return country === 'IT' ? 'it' : 'en';
}
