import type { AccountFindings } from '../../domain/account.ts';
import { PartnerError, RejectedError } from '../../domain/errors.ts';
import type { AccountProbe } from '../../ports/account-probe.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PartnerCredentials } from '../../ports/credentials.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { parseAnswer } from './answer.ts';
import { type AmazonClient, amazonCredentialsSchema, createAmazonClient } from './client.ts';
import { participationsAnswerSchema, remoteOrderSchema, searchOrdersAnswerSchema } from './schemas.ts';
import { SEARCH_ORDERS_QUOTA } from './search-orders.ts';
import { AMAZON_SITES } from './sites.ts';

/** SP-API docs, Sellers API v1, getMarketplaceParticipations, "Usage Plan". */
export const PARTICIPATIONS_QUOTA: QuotaPlan = { ratePerSecond: 0.016, burst: 15 };
/** Roles by Amazon's own names (SP-API docs, "Roles in the Selling Partner API"). */
const ORDER_ROLE = 'Inventory and Order Tracking';
const PERSONAL_DATA_ROLE = 'Direct-to-Consumer Delivery (Restricted)';
/** Orders looked at for what Amazon shows of the people behind them: recent, so that nothing was taken away again. */
const LOOKED_AT_MAX = 20;
const LOOKED_BACK_MS = 30 * 86_400_000;
/** Statuses in which Amazon shows the buyer to those who may see them. */
const STATUSES_WITH_BUYER = ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'];

/**
 * What an account's credentials lead to: its marketplaces and, from the last orders, the roles that are missing. Two
 * calls. Amazon names no seller id anywhere, so the findings hold none.
 */
export function createAmazonAccountProbe(clock: Clock, create = createAmazonClient): AccountProbe {
  return {
    async probe(credentials, siteIds) {
      const client = clientOf(credentials, clock, create);
      const { sites, shopName } = await participations(client, siteIds);
      const usable = siteIds.filter((siteId) => sites.some((site) => site.siteId === siteId && site.active));
      return {
        shopName,
        sites,
        missing: usable.length === 0 ? [] : await missingRoles(client, usable, clock),
      };
    },
  };
}

/**
 * Whether an account still lets us in, and where it sells. One call, of an operation that pulls do not use: fit to be
 * asked every quarter of an hour, but says nothing of missing roles.
 */
export function createAmazonHealthProbe(clock: Clock, create = createAmazonClient): AccountProbe {
  return {
    async probe(credentials, siteIds) {
      const found = await participations(clientOf(credentials, clock, create), siteIds);
      return { ...found, missing: [] };
    },
  };
}

function clientOf(
  credentials: PartnerCredentials,
  clock: Clock,
  create: typeof createAmazonClient,
): AmazonClient {
  const parsed = amazonCredentialsSchema.safeParse(credentials);
  if (parsed.success) return create(parsed.data, clock);
  throw new RejectedError('amazon', 'amazon: the credentials are not complete', { status: 401 });
}

async function participations(
  client: AmazonClient,
  wanted: readonly string[],
): Promise<Pick<AccountFindings, 'sites' | 'shopName'>> {
  const operation = 'getMarketplaceParticipations';
  const answer = await client.call({
    operation,
    documentedRatePerSecond: PARTICIPATIONS_QUOTA.ratePerSecond,
  });
  const { payload } = parseAnswer(operation, participationsAnswerSchema, answer);
  const sites = payload.map(({ marketplace, participation }) => ({
    siteId: marketplace.id,
    name: marketplace.name,
    active: participation.isParticipating,
  }));
  const absent = [...new Set(wanted)]
    .filter((siteId) => !sites.some((site) => site.siteId === siteId))
    .map((siteId) => ({ siteId, name: nameOf(siteId), active: false }));
  const shop =
    payload.find(({ marketplace }) => wanted.includes(marketplace.id)) ??
    payload.find(({ participation }) => participation.isParticipating);
  return { sites: [...sites, ...absent], shopName: shop?.storeName?.trim() || undefined };
}

function nameOf(siteId: string): string {
  return AMAZON_SITES.find((site) => site.siteId === siteId)?.name ?? siteId;
}

/**
 * Only what an answer shows: a refused search, or orders past payment of which none names a person. A shop that sold
 * nothing lately, or a search that cannot be made now, leaves it open.
 */
async function missingRoles(
  client: AmazonClient,
  siteIds: readonly string[],
  clock: Clock,
): Promise<readonly string[]> {
  const operation = 'searchOrders';
  try {
    const answer = await client.call({
      operation,
      documentedRatePerSecond: SEARCH_ORDERS_QUOTA.ratePerSecond,
      query: {
        createdAfter: new Date(clock.now() - LOOKED_BACK_MS).toISOString(),
        marketplaceIds: siteIds,
        fulfilledBy: ['MERCHANT'],
        fulfillmentStatuses: STATUSES_WITH_BUYER,
        includedData: ['BUYER', 'RECIPIENT'],
        maxResultsPerPage: LOOKED_AT_MAX,
      },
    });
    const named = parseAnswer(operation, searchOrdersAnswerSchema, answer).orders.flatMap(namesSomebody);
    return named.length > 0 && !named.includes(true) ? [PERSONAL_DATA_ROLE] : [];
  } catch (error) {
    if (error instanceof RejectedError && error.status === 403) return [ORDER_ROLE];
    if (error instanceof PartnerError) return [];
    throw error;
  }
}

function namesSomebody(remote: unknown): boolean[] {
  const { data } = remoteOrderSchema.safeParse(remote);
  if (data === undefined) return [];
  const address = data.recipient?.deliveryAddress;
  return [[data.buyer?.buyerName, address?.name, address?.addressLine1].some((text) => text?.trim())];
}
