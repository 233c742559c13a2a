/** A national Amazon marketplace we can open a channel on. */
export interface AmazonSite {
  readonly siteId: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** In which the account's days are cut. */
  readonly timeZone: string;
}

/** SP-API docs, "Marketplace IDs": the European marketplaces, by ISO country. */
const SITES: readonly AmazonSite[] = [
  { siteId: 'APJ6JRA9NG5V4', name: 'Amazon.it', country: 'IT', timeZone: 'Europe/Rome' },
  { siteId: 'A1PA6795UKMFR9', name: 'Amazon.de', country: 'DE', timeZone: 'Europe/Berlin' },
  { siteId: 'A13V1IB3VIYZZH', name: 'Amazon.fr', country: 'FR', timeZone: 'Europe/Paris' },
  { siteId: 'A1RKKUPIHCS9HS', name: 'Amazon.es', country: 'ES', timeZone: 'Europe/Madrid' },
  { siteId: 'A1805IZSGTT6HS', name: 'Amazon.nl', country: 'NL', timeZone: 'Europe/Amsterdam' },
  { siteId: 'AMEN7PMS3EDWL', name: 'Amazon.com.be', country: 'BE', timeZone: 'Europe/Brussels' },
  { siteId: 'A28R8C7NBKEWEA', name: 'Amazon.ie', country: 'IE', timeZone: 'Europe/Dublin' },
  { siteId: 'A2NODRKZP88ZB9', name: 'Amazon.se', country: 'SE', timeZone: 'Europe/Stockholm' },
  { siteId: 'A1C3SOZRARQ6R3', name: 'Amazon.pl', country: 'PL', timeZone: 'Europe/Warsaw' },
  { siteId: 'A1F83G8C2ARO7P', name: 'Amazon.co.uk', country: 'GB', timeZone: 'Europe/London' },
];

/** Sellers and Amazon say UK for the country that ISO calls GB. */
export const AMAZON_COUNTRIES: readonly string[] = SITES.map(({ country }) =>
  country === 'GB' ? 'UK' : country,
);

/** The marketplace of a country, in either spelling of the United Kingdom; undefined where we open none. */
export function amazonSite(country: string): AmazonSite | undefined {
  const wanted = country.toUpperCase() === 'UK' ? 'GB' : country.toUpperCase();
  return SITES.find((site) => site.country === wanted);
}
