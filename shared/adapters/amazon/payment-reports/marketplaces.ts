/** Currency in which a marketplace's money is stated, by its name in the files' marketplace column. */
const MARKETPLACE_CURRENCY: Readonly<Record<string, string>> = {
  'amazon.it': 'EUR',
  'amazon.de': 'EUR',
  'amazon.fr': 'EUR',
  'amazon.es': 'EUR',
  'amazon.nl': 'EUR',
  'amazon.ie': 'EUR',
  'amazon.com.be': 'EUR',
  'amazon.co.uk': 'GBP',
  'amazon.se': 'SEK',
  'amazon.pl': 'PLN',
  'amazon.com.tr': 'TRY',
  'amazon.com': 'USD',
  'amazon.ca': 'CAD',
  'amazon.com.mx': 'MXN',
  'amazon.com.br': 'BRL',
  'amazon.com.au': 'AUD',
  'amazon.co.jp': 'JPY',
  'amazon.in': 'INR',
  'amazon.sg': 'SGD',
  'amazon.ae': 'AED',
  'amazon.sa': 'SAR',
  'amazon.eg': 'EGP',
  'amazon.co.za': 'ZAR',
};

const CURRENCIES: ReadonlySet<string> = new Set(Object.values(MARKETPLACE_CURRENCY));

/** Currencies whose marketplaces print a decimal comma; Ireland is the exception. */
const COMMA_CURRENCIES: ReadonlySet<string> = new Set(['EUR', 'SEK', 'PLN', 'TRY', 'BRL']);
const POINT_MARKETPLACES: ReadonlySet<string> = new Set(['amazon.ie']);

/** Undefined for empty and unknown names: other channels have names of their own. @param marketplace lower case */
export function currencyOfMarketplace(marketplace: string): string | undefined {
  return Object.hasOwn(MARKETPLACE_CURRENCY, marketplace) ? MARKETPLACE_CURRENCY[marketplace] : undefined;
}

/** The one marketplace currency named in a text, or undefined when there is none or more than one. */
export function currencyNamedIn(text: string): string | undefined {
  const named = new Set(text.match(/\b[A-Z]{3}\b/g)?.filter((word) => CURRENCIES.has(word)));
  return named.size === 1 ? [...named][0] : undefined;
}

/** The decimal mark usual for a currency and, where known, a marketplace; for files whose cells decide nothing. */
export function usualDecimalMark(currency: string, marketplace?: string): ',' | '.' {
  if (marketplace !== undefined && POINT_MARKETPLACES.has(marketplace)) return '.';
  return COMMA_CURRENCIES.has(currency) ? ',' : '.';
}
