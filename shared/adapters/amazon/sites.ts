import type { MarketplaceSite } from '../../ports/marketplace-sites.ts';

/** SP-API docs, "Marketplace IDs": the European marketplaces, by ISO country. */
export const AMAZON_SITES: readonly MarketplaceSite[] = [
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
