import * as z from 'zod';
import { PartnerError, RejectedError } from '../../domain/errors.ts';
import type { PlanLine } from '../../domain/listing-plan.ts';
import { formatMinor, parseDecimal } from '../../domain/money.ts';
import type { ListingPusher, PushResult, ShownListing } from '../../ports/listing-pusher.ts';
import type { CallGate } from '../../ports/listing-source.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { AMAZON_LISTING_PLANS } from './listings.ts';

/** Listings told one after the other before their results are stored: a second at Amazon's rate. */
const TOLD_TOGETHER = 5;
/** SP-API docs, searchListingsItems: identifiers of one call. */
const NAMED_MAX = 20;
/** Fits every listing whose offer alone is changed (Listings Items API, "productType" of an offer-only submission). */
const ANY_PRODUCT = 'PRODUCT';
/** Amazon's name of the seller's own warehouse. */
const MERCHANT = 'DEFAULT';

const submissionSchema = z.object({
  status: z.string(),
  submissionId: z.string(),
  issues: z.array(z.object({ code: z.string(), severity: z.string() })).nullish(),
});
const decimal = z.union([z.string(), z.number().transform(String)]).pipe(z.string().regex(/^\d+(?:\.\d+)?$/));
const foundSchema = z.object({
  items: z.array(
    z.object({
      sku: z.string(),
      offers: z
        .array(
          z.object({
            marketplaceId: z.string(),
            offerType: z.string(),
            price: z.object({ currencyCode: z.string(), amount: decimal }),
          }),
        )
        .nullish(),
      fulfillmentAvailability: z
        .array(z.object({ fulfillmentChannelCode: z.string(), quantity: z.int().nonnegative().nullish() }))
        .nullish(),
    }),
  ),
});

/**
 * Tells Amazon prices and quantities, one listing a call. Amazon takes a change and works on it: the listing itself tells
 * when it is done.
 * Source: SP-API docs, Listings Items API v2021-08-01, patchListingsItem and searchListingsItems.
 */
export function createAmazonListingPusher(
  clientOf: (accountId: string) => Promise<AmazonClient>,
): ListingPusher {
  return {
    pushMax: TOLD_TOGETHER,
    showMax: NAMED_MAX,

    async push(accountId, lines, gate) {
      const client = await clientOf(accountId);
      const results: PushResult[] = [];
      try {
        for (const line of lines) results.push(await patch(client, accountId, line, gate));
      } catch (error) {
        // What was answered counts; of the rest nobody knows, and it is looked at.
        if (!(error instanceof PartnerError) || results.length === 0) throw error;
      }
      return results;
    },

    async show(accountId, lines, gate) {
      const client = await clientOf(accountId);
      const shown = new Map<string, ShownListing>();
      for (const [siteId, own] of Map.groupBy(lines, ({ listing }) => listing.siteId)) {
        for (const [key, listing] of await find(client, accountId, siteId, own, gate))
          shown.set(key, listing);
      }
      return shown;
    },
  };
}

async function patch(
  client: AmazonClient,
  sellerId: string,
  line: PlanLine,
  gate: CallGate,
): Promise<PushResult> {
  const { listing, listingKey } = line;
  await gate('patchListingsItem');
  try {
    const answer = await client.call({
      operation: 'patchListingsItem',
      documentedRatePerSecond: AMAZON_LISTING_PLANS.patchListingsItem.ratePerSecond,
      path: { sellerId, sku: listing.sku ?? '' },
      query: { marketplaceIds: [listing.siteId] },
      body: { productType: listing.productType ?? ANY_PRODUCT, patches: patchesOf(line) },
    });
    const { status, issues } = parseAnswer('patchListingsItem', submissionSchema, answer);
    if (status === 'ACCEPTED') return { listingKey, outcome: 'accepted' };
    const error = issues?.find(({ severity }) => severity === 'ERROR');
    return { listingKey, outcome: 'refused', code: error?.code ?? status };
  } catch (error) {
    // Of this listing only: the others may be taken.
    if (error instanceof RejectedError && error.status !== 401 && error.status !== 403) {
      return { listingKey, outcome: 'refused', code: String(error.status ?? 'rejected') };
    }
    throw error;
  }
}

function patchesOf({ listing: { siteId }, to: { price, quantity } }: PlanLine): readonly object[] {
  const patches: object[] = [];
  if (price !== undefined) {
    patches.push({
      op: 'replace',
      path: '/attributes/purchasable_offer',
      value: [
        {
          marketplace_id: siteId,
          currency: price.currency,
          // A JSON number, as Amazon's schema wants it: the shortest decimal that is it.
          our_price: [
            { schedule: [{ value_with_tax: Number(formatMinor(price.amountMinor, price.currency)) }] },
          ],
        },
      ],
    });
  }
  if (quantity !== undefined) {
    patches.push({
      op: 'replace',
      path: '/attributes/fulfillment_availability',
      value: [{ fulfillment_channel_code: MERCHANT, quantity }],
    });
  }
  return patches;
}

async function find(
  client: AmazonClient,
  sellerId: string,
  siteId: string,
  lines: readonly PlanLine[],
  gate: CallGate,
): Promise<ReadonlyMap<string, ShownListing>> {
  await gate('searchListingsItems');
  const answer = await client.call({
    operation: 'searchListingsItems',
    documentedRatePerSecond: AMAZON_LISTING_PLANS.searchListingsItems.ratePerSecond,
    path: { sellerId },
    query: {
      marketplaceIds: [siteId],
      identifiers: lines.map(({ listing }) => listing.sku ?? ''),
      identifiersType: 'SKU',
      includedData: ['offers', 'fulfillmentAvailability'],
      pageSize: NAMED_MAX,
    },
  });
  const { items } = parseAnswer('searchListingsItems', foundSchema, answer);
  const bySku = new Map(items.map((item) => [item.sku, item]));
  return new Map(
    lines.map(({ listingKey, listing }) => {
      const item = bySku.get(listing.sku ?? '');
      if (item === undefined) return [listingKey, undefined];
      const price = item.offers?.find(
        (offer) => offer.marketplaceId === siteId && offer.offerType === 'B2C',
      )?.price;
      const quantity = item.fulfillmentAvailability?.find(
        (each) => each.fulfillmentChannelCode === MERCHANT,
      )?.quantity;
      return [
        listingKey,
        {
          price: price && {
            amountMinor: parseDecimal(price.amount, price.currencyCode),
            currency: price.currencyCode,
          },
          quantity: quantity ?? undefined,
        },
      ];
    }),
  );
}
