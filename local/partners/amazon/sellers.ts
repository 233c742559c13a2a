import type { z } from 'zod';
import { parseQuery } from './query.ts';
import { participationsQuerySchema, participationsResponseSchema } from './schemas.ts';

/** The European marketplaces as Amazon describes them. Source: SP-API models, sellers.json, Marketplace. */
const MARKETPLACES = [
  ['APJ6JRA9NG5V4', 'Amazon.it', 'IT', 'EUR', 'it_IT', 'www.amazon.it'],
  ['A1PA6795UKMFR9', 'Amazon.de', 'DE', 'EUR', 'de_DE', 'www.amazon.de'],
  ['A13V1IB3VIYZZH', 'Amazon.fr', 'FR', 'EUR', 'fr_FR', 'www.amazon.fr'],
  ['A1RKKUPIHCS9HS', 'Amazon.es', 'ES', 'EUR', 'es_ES', 'www.amazon.es'],
] as const;

/** `getMarketplaceParticipations`: every marketplace of the seller's region, and whether the seller takes part in it. */
export function participations(
  query: URLSearchParams,
  participatesIn: readonly string[],
  storeName: string,
): z.infer<typeof participationsResponseSchema> {
  parseQuery(participationsQuerySchema, query);
  return participationsResponseSchema.parse({
    payload: MARKETPLACES.map(([id, name, countryCode, currency, language, domainName]) => ({
      marketplace: {
        id,
        name,
        countryCode,
        defaultCurrencyCode: currency,
        defaultLanguageCode: language,
        domainName,
      },
      participation: { isParticipating: participatesIn.includes(id), hasSuspendedListings: false },
      storeName,
    })),
  });
}
