import type { Marketplace } from './order.ts';
import { isEuCountry } from './vat-treatment.ts';

/** What an order gets. */
export const DOCUMENTS = ['none', 'courtesy-receipt', 'electronic-invoice'] as const;
export type DocumentWanted = (typeof DOCUMENTS)[number];

export const BUYER_KINDS = ['consumer', 'business'] as const;
export type BuyerKind = (typeof BUYER_KINDS)[number];

/** Where the goods go, seen from the seller. */
export const DESTINATIONS = ['domestic', 'eu', 'outside-eu'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/** What a decision is made of. */
export interface DocumentFacts {
  readonly marketplace: Marketplace;
  readonly buyer: BuyerKind;
  /** Of the delivery, ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly sellerCountry: string;
  /** The seller declares sales to other countries through the one-stop shop. */
  readonly oneStopShop: boolean;
  /** The buyer asked for an invoice, not later than the purchase. */
  readonly invoiceRequested: boolean;
}

/**
 * One rule, as configured. Every condition that is named must hold; a rule without conditions always does. The first
 * rule that holds decides.
 */
export interface DocumentRule {
  /** Short, lower-case: stored with each document it decided. */
  readonly ruleId: string;
  readonly document: DocumentWanted;
  readonly marketplaces?: readonly Marketplace[] | undefined;
  readonly buyer?: BuyerKind | undefined;
  readonly destination?: Destination | undefined;
  /** ISO 3166-1 alpha-2; narrower than `destination`. */
  readonly countries?: readonly string[] | undefined;
  readonly oneStopShop?: boolean | undefined;
  readonly invoiceRequested?: boolean | undefined;
}

/** Why a person decided otherwise than the rules. */
export const OVERRIDE_REASONS = ['buyer-asked-later', 'accountant', 'correction'] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];

export interface DocumentOverride {
  readonly document: Exclude<DocumentWanted, 'none'>;
  readonly reason: OverrideReason;
}

/** What was decided, by which rule, from what; stored with the document. */
export interface DocumentDecision {
  readonly document: DocumentWanted;
  /** Undefined when no rule held. */
  readonly ruleId: string | undefined;
  readonly facts: DocumentFacts;
  /** Set when a person decided otherwise. */
  readonly override?: OverrideReason | undefined;
}

/**
 * What holds until the accountant says otherwise: a consumer in Italy or in the EU gets a courtesy receipt (distance
 * sales need no document: art. 22 DPR 633/72; under the one-stop shop no invoice either: art. 74-quinquies), who asked in
 * time, a business, and whoever is outside the EU an electronic invoice.
 */
export const DEFAULT_RULES: readonly DocumentRule[] = [
  { ruleId: 'invoice-requested', invoiceRequested: true, document: 'electronic-invoice' },
  { ruleId: 'business', buyer: 'business', document: 'electronic-invoice' },
  { ruleId: 'outside-eu', destination: 'outside-eu', document: 'electronic-invoice' },
  { ruleId: 'eu-consumer-oss', destination: 'eu', oneStopShop: true, document: 'courtesy-receipt' },
  { ruleId: 'consumer', document: 'courtesy-receipt' },
];

/** Which document an order gets. Without a rule that holds: none. */
export function decideDocument(
  facts: DocumentFacts,
  rules: readonly DocumentRule[],
  override?: DocumentOverride,
): DocumentDecision {
  const rule = rules.find((each) => holds(each, facts));
  const decided = { ruleId: rule?.ruleId, facts };
  return override === undefined
    ? { document: rule?.document ?? 'none', ...decided }
    : { document: override.document, ...decided, override: override.reason };
}

function destinationOf({
  country,
  sellerCountry,
}: Pick<DocumentFacts, 'country' | 'sellerCountry'>): Destination {
  if (country === sellerCountry) return 'domestic';
  return isEuCountry(country) ? 'eu' : 'outside-eu';
}

function holds(rule: DocumentRule, facts: DocumentFacts): boolean {
  return (
    (rule.marketplaces === undefined || rule.marketplaces.includes(facts.marketplace)) &&
    (rule.buyer === undefined || rule.buyer === facts.buyer) &&
    (rule.destination === undefined || rule.destination === destinationOf(facts)) &&
    (rule.countries === undefined || rule.countries.includes(facts.country)) &&
    (rule.oneStopShop === undefined || rule.oneStopShop === facts.oneStopShop) &&
    (rule.invoiceRequested === undefined || rule.invoiceRequested === facts.invoiceRequested)
  );
}
