import type * as z from 'zod';
import type { AccountFindings } from '../../domain/account.ts';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { AccountProbe } from '../../ports/account-probe.ts';
import type { Clock } from '../../ports/clock.ts';
import { createEbayClient, type EbayClient, type EbayScope, usableCredentials } from './client.ts';
import { getOrdersAnswerSchema, userSchema } from './schemas.ts';
import { EBAY_SITES } from './sites.ts';

const ALL_SCOPES: readonly EbayScope[] = [
  'sell.fulfillment',
  'sell.inventory',
  'sell.finances',
  'commerce.identity.readonly',
];

/**
 * Who the credentials belong to and what the seller consented to. One sign-in and two calls when nothing is missing;
 * otherwise a sign-in for each permission too, since eBay refuses them all together and does not say which.
 *
 * An eBay account sells on every site: there is none to activate. Missing permissions have eBay's names; `signing key`
 * is what refunds and finances need besides.
 */
export function createEbayAccountProbe(clock: Clock, create = createEbayClient): AccountProbe {
  return {
    async probe(stored, siteIds) {
      const credentials = usableCredentials(stored);
      const { client, granted } = await consented((scopes) => create(credentials, clock, scopes));
      const may = (scope: EbayScope) => granted.includes(scope);
      const readsOrders = may('sell.fulfillment') && (await lastOrder(client));
      const user = may('commerce.identity.readonly') ? await identity(client) : undefined;
      const missing = ALL_SCOPES.filter(
        (scope) => !may(scope) || (scope === 'sell.fulfillment' && !readsOrders),
      );
      const hasSigningKey =
        credentials.signingKeyJwe !== undefined && credentials.signingPrivateKey !== undefined;
      return {
        accountId: user?.userId,
        shopName: user?.username?.trim() || undefined,
        sites: [...new Set(siteIds)].map(siteFound),
        missing: [...missing, ...(hasSigningKey ? [] : ['signing key'])],
      };
    },
  };
}

/** What may be asked for, and a client that asks for just that. */
async function consented(
  clientFor: (scopes: readonly EbayScope[]) => EbayClient,
): Promise<{ readonly client: EbayClient; readonly granted: readonly EbayScope[] }> {
  const all = clientFor(ALL_SCOPES);
  if (await isGranted(all)) return { client: all, granted: ALL_SCOPES };
  const granted: EbayScope[] = [];
  for (const scope of ALL_SCOPES) if (await isGranted(clientFor([scope]))) granted.push(scope);
  return { client: clientFor(granted), granted };
}

async function isGranted(client: EbayClient): Promise<boolean> {
  return (await allowed(client.signIn().then(() => true))) === true;
}

/** Whether orders may be read; how many there are does not matter. */
async function lastOrder(client: EbayClient): Promise<boolean> {
  const answer = await allowed(
    client.call('getOrders', (api) =>
      api.sell.fulfillment.api({ returnResponse: true }).getOrders({ limit: 1 }),
    ),
  );
  if (answer === undefined) return false;
  if (getOrdersAnswerSchema.safeParse(answer.data).success) return true;
  throw new UnexpectedAnswerError('ebay', 'ebay getOrders: not a page of orders');
}

async function identity(client: EbayClient): Promise<z.infer<typeof userSchema> | undefined> {
  const answer = await allowed(
    client.call('getUser', (api) => api.commerce.identity.api({ returnResponse: true }).getUser()),
  );
  if (answer === undefined) return undefined;
  const user = userSchema.safeParse(answer.data);
  if (user.success) return user.data;
  throw new UnexpectedAnswerError('ebay', 'ebay getUser: not a user');
}

/** What was asked for; undefined when the consent does not reach that far. */
async function allowed<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RejectedError && error.status === 403) return undefined;
    throw error;
  }
}

function siteFound(siteId: string): AccountFindings['sites'][number] {
  const site = EBAY_SITES.find((known) => known.siteId === siteId);
  return { siteId, name: site?.name ?? siteId, active: site !== undefined };
}
