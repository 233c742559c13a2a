import type { DocumentRule } from './receipt-rules.ts';
import type { ReceiptSettings } from './receipt-settings.ts';
import { EU_COUNTRIES } from './vat-treatment.ts';

/** Why settings of receipts are not taken; each has a sentence in `texts/receipt-settings`. */
export const RECEIPT_SETTING_PROBLEMS = [
  // What was written.
  'vat-number-malformed',
  'vat-number-of-another-country',
  'rule-id-malformed',
  'rule-twice',
  'rule-country-malformed',
  'rule-without-effect',
  'own-rate-missing',
  'oss-rate-missing',
  'rate-zero',
  'product-rate-twice',
  'logo-no-picture',
  'logo-damaged',
  'logo-kind',
  'logo-dimensions',
  'address-not-allowed',
  'series-of-the-issuer',
  // How things stand.
  'channel-not-here',
  'channel-archived',
  'seller-data-missing',
  'connection-missing',
  'connection-in-use',
  'changed-meanwhile',
  // The issuer.
  'key-missing',
  'key-refused',
  'issuer-throttled',
  'issuer-unavailable',
  'issuer-refused',
] as const;
export type ReceiptSettingProblem = (typeof RECEIPT_SETTING_PROBLEMS)[number];

export interface ReceiptSettingFault {
  readonly problem: ReceiptSettingProblem;
  /** Dotted path of what it is about. */
  readonly field: string;
  /** What it is about, in the shop's own words: a rule, a country, a SKU. */
  readonly about: string;
}

const RULE_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Everything that is wrong with settings, in their order. Empty: they can be used. */
export function receiptSettingFaults({
  seller,
  rules,
  vat,
}: Pick<ReceiptSettings, 'seller' | 'rules' | 'vat'>): readonly ReceiptSettingFault[] {
  return [...sellerFaults(seller), ...ruleFaults(rules), ...rateFaults(seller.country, vat)];
}

function sellerFaults({ country, vatNumber }: ReceiptSettings['seller']): ReceiptSettingFault[] {
  const field = 'seller.vatNumber';
  const prefix = country === 'GR' ? 'EL' : country;
  if (!/^[A-Z]{2}[0-9A-Z]{2,13}$/.test(vatNumber)) {
    return [{ problem: 'vat-number-malformed', field, about: vatNumber }];
  }
  if (!vatNumber.startsWith(prefix)) {
    return [{ problem: 'vat-number-of-another-country', field, about: country }];
  }
  return country === 'IT' && !isItalianVatNumber(vatNumber.slice(2))
    ? [{ problem: 'vat-number-malformed', field, about: vatNumber }]
    : [];
}

/** Eleven digits, the last of them a check of the others (DM 23 December 1976: Luhn's formula). */
function isItalianVatNumber(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function ruleFaults(rules: readonly DocumentRule[]): ReceiptSettingFault[] {
  const faults: ReceiptSettingFault[] = [];
  const seen = new Set<string>();
  /** The rule that always holds: what comes after it is never asked. */
  let always: string | undefined;
  for (const [at, rule] of rules.entries()) {
    const { ruleId, document: _, countries = [], ...conditions } = rule;
    const fault = (problem: ReceiptSettingProblem, field: string, about = ruleId) =>
      faults.push({ problem, field: `rules.${at}${field}`, about });
    if (!RULE_ID.test(ruleId)) fault('rule-id-malformed', '.ruleId');
    if (seen.has(ruleId)) fault('rule-twice', '.ruleId');
    seen.add(ruleId);
    const malformed = countries.find((country) => !/^[A-Z]{2}$/.test(country));
    if (malformed !== undefined) fault('rule-country-malformed', '.countries', malformed);
    const lists = [rule.countries, rule.marketplaces];
    if (always !== undefined || lists.some((list) => list?.length === 0)) fault('rule-without-effect', '');
    const unconditional =
      rule.countries === undefined && Object.values(conditions).every((condition) => condition === undefined);
    if (unconditional) always ??= ruleId;
  }
  return faults;
}

function rateFaults(own: string, vat: ReceiptSettings['vat']): ReceiptSettingFault[] {
  const { standardRates, productRates, oneStopShop } = vat;
  const faults: ReceiptSettingFault[] = [];
  const field = 'vat.standardRates';
  if (standardRates[own] === undefined) faults.push({ problem: 'own-rate-missing', field, about: own });
  // With the one-stop shop any of them may be asked for.
  const missing = oneStopShop ? EU_COUNTRIES.filter((country) => standardRates[country] === undefined) : [];
  for (const about of missing) if (about !== own) faults.push({ problem: 'oss-rate-missing', field, about });
  for (const [country, rate] of Object.entries(standardRates)) {
    if (rate === 0) faults.push({ problem: 'rate-zero', field: `${field}.${country}`, about: country });
  }
  const seen = new Set<string>();
  for (const [at, { sku, country, rateHundredths }] of productRates.entries()) {
    const name = `${sku} (${country})`;
    const place = `vat.productRates.${at}`;
    if (seen.has(name)) faults.push({ problem: 'product-rate-twice', field: place, about: name });
    seen.add(name);
    if (rateHundredths === 0) faults.push({ problem: 'rate-zero', field: place, about: name });
  }
  return faults;
}
