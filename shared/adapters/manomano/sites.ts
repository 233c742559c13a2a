import type { MarketplaceSite } from '../../ports/marketplace-sites.ts';

/** Where ManoMano sells. What is asked for orders is the seller's contract in the country, so no site has an id. */
export const MANOMANO_SITES: readonly MarketplaceSite[] = [
  { siteId: undefined, name: 'ManoMano.it', country: 'IT', timeZone: 'Europe/Rome' },
  { siteId: undefined, name: 'ManoMano.fr', country: 'FR', timeZone: 'Europe/Paris' },
  { siteId: undefined, name: 'ManoMano.es', country: 'ES', timeZone: 'Europe/Madrid' },
  { siteId: undefined, name: 'ManoMano.de', country: 'DE', timeZone: 'Europe/Berlin' },
  { siteId: undefined, name: 'ManoMano.co.uk', country: 'GB', timeZone: 'Europe/London' },
];
