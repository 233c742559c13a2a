import * as z from 'zod';
import { PartnerError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { PlanLine } from '../../domain/listing-plan.ts';
import { formatMinor } from '../../domain/money.ts';
import type { ListingPusher, PushResult, ShownListing } from '../../ports/listing-pusher.ts';
import type { CallGate } from '../../ports/listing-source.ts';
import type { EbayClient } from './client.ts';
import { EbayRejectedError, problemOf } from './errors.ts';
import { itemSchema, shownOf } from './listings.ts';
import { callTrading } from './trading.ts';

/** Trading API docs, ReviseInventoryStatus: items of one call. */
const REVISED_MAX = 4;
/** eBay's errors of an item that is there no more. */
const GONE = [17, 21916885];

const revisedSchema = z.object({
  InventoryStatus: z.array(z.object({ ItemID: z.string(), SKU: z.string().optional() })).optional(),
});
const offersSchema = z.object({
  offers: z
    .array(
      z.object({
        offerId: z.string(),
        listing: z.object({ listingId: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});
const updatedSchema = z.object({
  responses: z.array(
    z.object({
      statusCode: z.int(),
      sku: z.string().nullish(),
      errors: z.array(z.object({ errorId: z.int() })).nullish(),
    }),
  ),
});

/**
 * Tells eBay prices and quantities, each listing through the way it was made: one of the Inventory model cannot be changed
 * by the Trading API, nor the reverse.
 * Source: Trading API docs, ReviseInventoryStatus and GetItem; Inventory API v1, getOffers and bulkUpdatePriceQuantity,
 * which is given one SKU a call, as its description says.
 */
export function createEbayListingPusher(clients: {
  readonly trading: (accountId: string) => Promise<EbayClient>;
  readonly inventory: (accountId: string) => Promise<EbayClient>;
}): ListingPusher {
  return {
    pushMax: REVISED_MAX,
    showMax: 20,

    async push(accountId, lines, gate) {
      const results: PushResult[] = [];
      const classic: PlanLine[] = [];
      try {
        for (const line of lines) {
          if (line.listing.model === 'classic') {
            classic.push(line);
            continue;
          }
          const client = await clients.inventory(accountId);
          const offerId = await offerOf(client, line, gate);
          if (offerId === undefined) classic.push(line);
          else results.push(await update(client, line, offerId, gate));
        }
        if (classic.length > 0)
          results.push(...(await revise(await clients.trading(accountId), classic, gate)));
      } catch (error) {
        // What was answered counts; of the rest nobody knows, and it is looked at.
        if (!(error instanceof PartnerError) || results.length === 0) throw error;
      }
      return results;
    },

    async show(accountId, lines, gate) {
      const client = await clients.trading(accountId);
      const shown = new Map<string, ShownListing>();
      for (const line of lines) shown.set(line.listingKey, await showOne(client, line, gate));
      return shown;
    },
  };
}

/** The offer of the Inventory model behind a listing; undefined when it is a classic one. */
async function offerOf(
  client: EbayClient,
  { listing }: PlanLine,
  gate: CallGate,
): Promise<string | undefined> {
  const { sku, remoteId } = listing;
  if (sku === undefined) return undefined;
  await gate('inventory');
  try {
    const answer = await client.call('getOffers', (api) =>
      api.sell.inventory.api({ returnResponse: true }).getOffers({ sku }),
    );
    const { offers } = parsed('getOffers', offersSchema, answer.data);
    return offers?.find((offer) => offer.listing?.listingId === remoteId)?.offerId;
  } catch (error) {
    if (error instanceof EbayRejectedError && error.status === 404) return undefined;
    throw error;
  }
}

async function update(
  client: EbayClient,
  line: PlanLine,
  offerId: string,
  gate: CallGate,
): Promise<PushResult> {
  const { listingKey, listing, to } = line;
  const price =
    to.price === undefined
      ? {}
      : {
          price: { value: formatMinor(to.price.amountMinor, to.price.currency), currency: to.price.currency },
        };
  const quantity = to.quantity;
  await gate('inventory');
  const answer = await client.call('bulkUpdatePriceQuantity', (api) =>
    api.sell.inventory.api({ returnResponse: true }).bulkUpdatePriceQuantity({
      requests: [
        {
          sku: listing.sku,
          ...(quantity === undefined ? {} : { shipToLocationAvailability: { quantity } }),
          offers: [{ offerId, ...price, ...(quantity === undefined ? {} : { availableQuantity: quantity }) }],
        },
      ],
    }),
  );
  // 207 says for each part how it went; so does 200.
  const { responses } = parsed('bulkUpdatePriceQuantity', updatedSchema, answer.data);
  const failed = responses.find(({ statusCode }) => statusCode >= 300);
  if (failed !== undefined) {
    return { listingKey, outcome: 'refused', code: String(failed.errors?.[0]?.errorId ?? failed.statusCode) };
  }
  if (responses.length === 0)
    throw new UnexpectedAnswerError('ebay', 'ebay bulkUpdatePriceQuantity: says nothing');
  return { listingKey, outcome: 'done' };
}

/** Several at once; when eBay refuses them together, one by one, so that each has an answer of its own. */
async function revise(
  client: EbayClient,
  lines: readonly PlanLine[],
  gate: CallGate,
): Promise<readonly PushResult[]> {
  await gate('trading');
  try {
    const { answer, isPartial, errorCodes } = await callTrading(
      client,
      'ReviseInventoryStatus',
      { InventoryStatus: lines.map(statusOf) },
      revisedSchema,
    );
    const revised = new Set(answer.InventoryStatus?.map(({ ItemID, SKU }) => nameOf(ItemID, SKU)));
    return lines.map((line) => {
      const { remoteId, sku } = line.listing;
      const isRevised =
        !isPartial ||
        revised.has(nameOf(remoteId, sku)) ||
        (!isVariation(line) && revised.has(nameOf(remoteId, undefined)));
      return isRevised
        ? { listingKey: line.listingKey, outcome: 'done' }
        : { listingKey: line.listingKey, outcome: 'refused', code: errorCodes[0] ?? 'partial-failure' };
    });
  } catch (error) {
    if (!(error instanceof EbayRejectedError)) throw error;
    const [only] = lines;
    if (lines.length === 1 && only !== undefined) {
      return [
        { listingKey: only.listingKey, outcome: 'refused', code: String(error.errorIds[0] ?? error.status) },
      ];
    }
    const results: PushResult[] = [];
    for (const line of lines) results.push(...(await revise(client, [line], gate)));
    return results;
  }
}

function statusOf({ listing, to, listingKey }: PlanLine) {
  const { remoteId = '', sku } = listing;
  return {
    ItemID: remoteId,
    // Which variation; of an item without, the SKU would be looked up for nothing.
    ...(sku !== undefined && isVariation({ listingKey, listing }) ? { SKU: sku } : {}),
    ...(to.price === undefined
      ? {}
      : {
          StartPrice: {
            '@_currencyID': to.price.currency,
            '#value': formatMinor(to.price.amountMinor, to.price.currency),
          },
        }),
    ...(to.quantity === undefined ? {} : { Quantity: to.quantity }),
  };
}

async function showOne(client: EbayClient, line: PlanLine, gate: CallGate): Promise<ShownListing> {
  await gate('trading');
  try {
    const { answer } = await callTrading(
      client,
      'GetItem',
      { ItemID: line.listing.remoteId ?? '', DetailLevel: 'ReturnAll' },
      z.object({ Item: z.tuple([itemSchema]) }),
    );
    const [item] = answer.Item;
    if (!isVariation(line)) return shownOf(item, undefined);
    const variation = item.Variations?.Variation.find(({ SKU }) => SKU === line.listing.sku);
    return variation === undefined ? undefined : shownOf(item, variation);
  } catch (error) {
    if (error instanceof EbayRejectedError && error.errorIds.some((id) => GONE.includes(id)))
      return undefined;
    throw error;
  }
}

function isVariation({ listingKey, listing }: Pick<PlanLine, 'listingKey' | 'listing'>): boolean {
  return listingKey !== listing.remoteId;
}

function nameOf(itemId: string | undefined, sku: string | undefined): string {
  return `${itemId}/${sku ?? ''}`;
}

function parsed<Schema extends z.ZodType>(
  operation: string,
  schema: Schema,
  data: unknown,
): z.output<Schema> {
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new UnexpectedAnswerError('ebay', `ebay ${operation}: ${problemOf(read.error.issues)}`);
}
