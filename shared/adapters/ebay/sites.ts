import type { MarketplaceSite } from '../../ports/marketplace-sites.ts';

/** eBay docs, "Marketplace ID values": the European marketplaces, by ISO country. */
export const EBAY_SITES: readonly MarketplaceSite[] = [
  { siteId: 'EBAY_IT', name: 'eBay.it', country: 'IT', timeZone: 'Europe/Rome' },
  { siteId: 'EBAY_DE', name: 'eBay.de', country: 'DE', timeZone: 'Europe/Berlin' },
  { siteId: 'EBAY_FR', name: 'eBay.fr', country: 'FR', timeZone: 'Europe/Paris' },
  { siteId: 'EBAY_ES', name: 'eBay.es', country: 'ES', timeZone: 'Europe/Madrid' },
  { siteId: 'EBAY_AT', name: 'eBay.at', country: 'AT', timeZone: 'Europe/Vienna' },
  { siteId: 'EBAY_BE', name: 'eBay.be', country: 'BE', timeZone: 'Europe/Brussels' },
  { siteId: 'EBAY_NL', name: 'eBay.nl', country: 'NL', timeZone: 'Europe/Amsterdam' },
  { siteId: 'EBAY_IE', name: 'eBay.ie', country: 'IE', timeZone: 'Europe/Dublin' },
  { siteId: 'EBAY_PL', name: 'eBay.pl', country: 'PL', timeZone: 'Europe/Warsaw' },
  { siteId: 'EBAY_GB', name: 'eBay.co.uk', country: 'GB', timeZone: 'Europe/London' },
];
