import * as z from 'zod';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { type Listing, listingKeyOfSku } from '../../domain/listing.ts';
import type { PlanLine } from '../../domain/listing-plan.ts';
import { formatMinor, parseDecimal } from '../../domain/money.ts';
import type { ListingPusher, PushResult, ShownListing } from '../../ports/listing-pusher.ts';
import type { CallGate, ListingBatch, ListingQuestion, ListingSource } from '../../ports/listing-source.ts';
import type { ManomanoAnswer, ManomanoClient } from './client.ts';
import { problemOf } from './errors.ts';

const PATH = '/api/v1/offer-information/offers';
const CHANGE_PATH = '/api/v2/offer-information/offers';
/** The most ManoMano gives. */
const PAGE_SIZE = 1_000;
const PAGES_MAX = 200;
/** SKUs that one question may name. */
const NAMED_MAX = 50;

const decimal = z.union([z.string(), z.number().transform(String)]).pipe(z.string().regex(/^\d+(?:\.\d+)?$/));
const wordSchema = z.string().regex(/^[\w.: -]{1,80}$/);
const offerSchema = z.object({
  sku: z.string().min(1),
  status: z.string(),
  price: decimal.nullish(),
  stock: z.int().nonnegative().nullish(),
  errors: z.array(z.unknown()).nullish(),
  id_me: z.union([z.string(), z.number().transform(String)]).nullish(),
});
const pageSchema = z.object({
  content: z.array(z.unknown()),
  pagination: z.object({ pages: z.int().nonnegative().nullish() }).nullish(),
});
/** What a 207 says of each SKU, as far as it says anything we know. */
const mixedSchema = z.object({
  content: z.array(
    z.object({
      sku: z.string().nullish(),
      errors: z.array(z.object({ code: wordSchema.nullish().catch(undefined) })).nullish(),
    }),
  ),
});

/**
 * A seller's offers, contract by contract. A contract that may not be read is no failure: it is named, and its offers stay.
 * Titles and EANs are not in the answer. Source: Partner API docs, "Get offers information".
 */
export function createManomanoListingSource(
  clientOf: (accountId: string) => Promise<ManomanoClient>,
): ListingSource {
  return {
    async read(question, _preparing, gate) {
      const notEnabled = new Set<string>();
      return {
        state: 'ready',
        batches: batchesOf(question, await clientOf(question.accountId), gate, notEnabled),
        notEnabled,
      };
    },
  };
}

async function* batchesOf(
  question: ListingQuestion,
  client: ManomanoClient,
  gate: CallGate,
  notEnabled: Set<string>,
): AsyncGenerator<ListingBatch> {
  for (const contractId of new Set(question.siteIds)) {
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      await gate('calls');
      let answer: ManomanoAnswer;
      try {
        answer = await client.call({
          operation: 'offers',
          method: 'GET',
          path: PATH,
          query: {
            seller_contract_id: contractId,
            offer_online: 'true',
            page: String(page),
            limit: String(PAGE_SIZE),
          },
        });
      } catch (error) {
        if (!(error instanceof RejectedError) || (error.status !== 403 && error.status !== 404)) throw error;
        notEnabled.add(contractId);
        break;
      }
      const read = parsed(pageSchema, answer);
      pages = read.pagination?.pages ?? 1;
      if (pages > PAGES_MAX) throw new UnexpectedAnswerError('manomano', `manomano offers: ${pages} pages`);
      yield batchOf(question, contractId, read.content);
    }
  }
}

function batchOf(
  { channelId, currency }: ListingQuestion,
  siteId: string,
  offers: readonly unknown[],
): ListingBatch {
  const listings: Listing[] = [];
  const unreadable: string[] = [];
  for (const offer of offers) {
    const read = offerSchema.safeParse(offer);
    if (!read.success) {
      unreadable.push(problemOf(read.error.issues));
      continue;
    }
    const { sku, status, price, stock, id_me, errors } = read.data;
    // More decimals than the currency has: nobody knows what a buyer pays.
    if (price && /\.\d\d\d*[1-9]\d*$/.test(price)) {
      unreadable.push('price: too many decimals');
      continue;
    }
    listings.push({
      listingKey: listingKeyOfSku(siteId, sku),
      channelId,
      marketplace: 'manomano',
      siteId,
      remoteId: id_me ?? undefined,
      sku,
      price:
        price === undefined || price === null
          ? undefined
          : { amountMinor: parseDecimal(price, currency), currency },
      quantity: stock ?? undefined,
      status: status === 'COMPLETED' ? 'active' : status === 'ERROR' ? 'incomplete' : 'unknown',
      partnerStatus: status,
      fulfilledBy: 'merchant',
      issues: (errors ?? [])
        .slice(0, 5)
        .map((error) => ({ code: codeOf(error), severity: 'error', message: '' })),
    });
  }
  return { listings, unreadable };
}

/**
 * Tells ManoMano prices and stocks. It takes them and works on them later: the offer itself tells when it is done. What is
 * told here stands above the seller's feed from then on.
 * Source: Partner API docs, "Update offers".
 */
export function createManomanoListingPusher(
  clientOf: (accountId: string) => Promise<ManomanoClient>,
): ListingPusher {
  return {
    pushMax: NAMED_MAX,
    showMax: NAMED_MAX,

    async push(accountId, lines, gate) {
      const client = await clientOf(accountId);
      const byContract = Map.groupBy(lines, ({ listing }) => listing.siteId);
      await gate('calls');
      const answer = await client.call({
        operation: 'update-offers',
        method: 'PATCH',
        path: CHANGE_PATH,
        body: {
          content: [...byContract].map(([contractId, own]) => ({
            seller_contract_id: Number(contractId),
            items: own.map(changeOf),
          })),
        },
      });
      return resultsOf(lines, answer);
    },

    async show(accountId, lines, gate) {
      const client = await clientOf(accountId);
      const shown = new Map<string, ShownListing>();
      for (const [contractId, own] of Map.groupBy(lines, ({ listing }) => listing.siteId)) {
        await gate('calls');
        const answer = await client.call({
          operation: 'offers',
          method: 'GET',
          path: PATH,
          query: {
            seller_contract_id: contractId,
            skus: own.map(({ listing }) => listing.sku ?? '').join(','),
            page: '1',
            limit: String(NAMED_MAX),
          },
        });
        const { content } = parsed(pageSchema, answer);
        const offers = new Map(
          content.map((each) => offerSchema.safeParse(each).data).map((each) => [each?.sku, each]),
        );
        for (const line of own) {
          const offer = offers.get(line.listing.sku);
          if (offer === undefined) continue;
          const currency = line.to.price?.currency ?? line.from.price?.currency ?? 'EUR';
          shown.set(line.listingKey, {
            price: offer.price ? { amountMinor: parseDecimal(offer.price, currency), currency } : undefined,
            quantity: offer.stock ?? undefined,
          });
        }
      }
      return shown;
    },
  };
}

function changeOf({ listing: { sku }, to: { price, quantity } }: PlanLine): object {
  return {
    sku,
    // A JSON number, as ManoMano wants it: the shortest decimal that is it, and nothing is calculated with it.
    ...(price === undefined
      ? {}
      : { price: { price_vat_included: Number(formatMinor(price.amountMinor, price.currency)) } }),
    ...(quantity === undefined ? {} : { stock: { quantity } }),
  };
}

function resultsOf(lines: readonly PlanLine[], answer: ManomanoAnswer): readonly PushResult[] {
  if (answer.outcome === 'success')
    return lines.map(({ listingKey }) => ({ listingKey, outcome: 'accepted' }));
  const read = mixedSchema.safeParse(answer.body);
  // Not understood: nobody knows of any, and each is looked at.
  if (!read.success) return [];
  const refused = new Map(
    read.data.content
      .filter(({ errors }) => (errors?.length ?? 0) > 0)
      .map(({ sku, errors }) => [sku, errors?.[0]?.code]),
  );
  return lines.map(({ listingKey, listing }) =>
    refused.has(listing.sku)
      ? { listingKey, outcome: 'refused', code: refused.get(listing.sku) ?? '207' }
      : { listingKey, outcome: 'accepted' },
  );
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
  const read = wordSchema.safeParse(code);
  return read.success ? read.data : 'ERROR';
}

function parsed<Schema extends z.ZodType>(schema: Schema, answer: ManomanoAnswer): z.output<Schema> {
  const read = schema.safeParse(answer.body);
  if (answer.outcome === 'success' && read.success) return read.data;
  throw new UnexpectedAnswerError(
    'manomano',
    `manomano offers: ${read.success ? `${answer.status} for a question` : problemOf(read.error.issues)}`,
  );
}
