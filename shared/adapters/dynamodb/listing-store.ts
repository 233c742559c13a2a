import { createHash } from 'node:crypto';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { LISTING_STATUSES, type Listing, MATCH_STATES, searchTextOf } from '../../domain/listing.ts';
import { isSameMatch, NO_MATCH } from '../../domain/listing-match.ts';
import { LISTING_PROBLEMS, type ListingSync } from '../../domain/listing-sync.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import type { ListingFilter, ListingStore, ListingSyncStore } from '../../ports/listing-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { putOnVersion, updateIf } from './conditional.ts';
import { inParallel } from './in-parallel.ts';
import type { Item } from './order-item.ts';
import { fillPage, type PartitionFilter, queryWholePartition } from './query-partition.ts';
import { readItem } from './read-items.ts';
import { keys } from './table.ts';

const PREFIX = 'LISTING#';
/** Listings looked at for one page of a narrow list: some 12 MB, which DynamoDB reads in about a second. */
const READ_MAX = 20_000;
/** What stands for the facts of a listing that has ended: it differs from all others. */
const ENDED = 'ended';

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const listingSchema = z.object({
  listingKey: z.string(),
  channelId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  siteId: z.string(),
  remoteId: z.string().optional(),
  sku: z.string().optional(),
  ean: z.string().optional(),
  title: z.string().optional(),
  price: moneySchema.optional(),
  quantity: z.int().optional(),
  status: z.enum(LISTING_STATUSES),
  partnerStatus: z.string(),
  fulfilledBy: z.enum(['merchant', 'marketplace']),
  imageUrl: z.string().optional(),
  link: z.string().optional(),
  issues: z.array(
    z.object({ code: z.string(), severity: z.enum(['error', 'warning', 'info']), message: z.string() }),
  ),
  model: z.enum(['inventory', 'classic']).optional(),
  productType: z.string().optional(),
});
const storedSchema = z.object({
  listing: listingSchema,
  match: z.object({
    state: z.enum(MATCH_STATES),
    by: z.enum(['sku', 'ean', 'hand']).optional(),
    skus: z.array(z.string()),
    eanDiffers: z.boolean(),
  }),
  decision: z
    .object({
      kind: z.enum(['linked', 'ignored']),
      sku: z.string().optional(),
      by: z.string(),
      at: z.string(),
    })
    .optional(),
  version: z.int(),
  changedAt: z.string(),
});
const knownSchema = z.object({ sk: z.string(), fingerprint: z.string() });
const syncSchema = z.object({
  channelId: z.string(),
  preparing: z.string().optional(),
  startedAt: z.string().optional(),
  dueAt: z.string(),
  last: z
    .object({
      endedAt: z.string(),
      seen: z.int(),
      created: z.int(),
      changed: z.int(),
      gone: z.int(),
      unreadable: z.int(),
      firstProblem: z.string().optional(),
      calls: z.int(),
      notEnabled: z.array(z.string()),
    })
    .optional(),
  problem: z.enum(LISTING_PROBLEMS).optional(),
  failures: z.int(),
  version: z.int(),
});

/**
 * Listings in the state table, a partition for each channel. What the marketplace says, what the matching found and what a
 * person decided are attributes of one item, each written by who is responsible for it and nobody else.
 */
export function createListingStore(client: DynamoDBClient, tableName: string): ListingStore {
  const partitionOf = (channelId: string) => ({ pk: keys.listing(channelId, '').pk, prefix: PREFIX });
  const putAll = (listings: readonly Listing[], at: string): Promise<void> =>
    inParallel(listings, (listing) => putOne(client, tableName, listing, at));

  return {
    async look(channelId) {
      const known = new Map<string, string>();
      const query = { ...partitionOf(channelId), consistent: true, attributes: ['sk', 'fingerprint'] };
      for await (const items of queryWholePartition(client, tableName, query)) {
        for (const item of items) {
          const { sk, fingerprint } = parsed(knownSchema, item);
          known.set(sk.slice(PREFIX.length), fingerprint);
        }
      }
      const seen = new Set<string>();
      return {
        async put(listings, at) {
          const fresh = listings.filter(({ listingKey }) => !seen.has(listingKey) && seen.add(listingKey));
          const differing = fresh.filter((each) => known.get(each.listingKey) !== fingerprintOf(each));
          await putAll(differing, at);
          const created = differing.filter(({ listingKey }) => !known.has(listingKey)).length;
          return { created, changed: differing.length - created };
        },
        async endOthers(isLookedAt, at) {
          const gone = [...known]
            .filter(([key, fingerprint]) => fingerprint !== ENDED && !seen.has(key) && isLookedAt(key))
            .map(([key]) => key);
          await inParallel(gone, (key) => endOne(client, tableName, keys.listing(channelId, key), at));
          return gone.length;
        },
      };
    },

    put: putAll,

    async get(channelId, listingKey) {
      const item = await readItem(client, tableName, keys.listing(channelId, listingKey));
      return item && parsed(storedSchema, item);
    },

    async list({ channelId, filter, limit, cursor }) {
      const query = { ...partitionOf(channelId), limit, after: cursor, filter: filterOf(filter) };
      const { items, next } = await fillPage(client, tableName, query, READ_MAX);
      return { listings: items.map((item) => parsed(storedSchema, item)), cursor: next };
    },

    async *all(channelId) {
      for await (const items of queryWholePartition(client, tableName, partitionOf(channelId))) {
        yield items.map((item) => parsed(storedSchema, item));
      }
    },

    async setMatches(found) {
      const differing = found.filter(({ stored, match }) => !isSameMatch(stored.match, match));
      await inParallel(differing, async ({ stored: { listing, version }, match }) => {
        // Decided meanwhile: that stands.
        await updateIf(client, {
          TableName: tableName,
          Key: marshall(keys.listing(listing.channelId, listing.listingKey)),
          UpdateExpression: 'SET #match = :match, #state = :state',
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: { '#match': 'match', '#state': 'matchState', '#version': 'version' },
          ExpressionAttributeValues: marshall(
            { ':match': match, ':state': match.state, ':version': version },
            { removeUndefinedValues: true },
          ),
        });
      });
    },

    async decide({ channelId, listingKey }, decision, match, expectedVersion) {
      const decided = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.listing(channelId, listingKey)),
        UpdateExpression:
          decision === undefined
            ? 'SET #match = :match, #state = :state, #version = :next REMOVE #decision'
            : 'SET #match = :match, #state = :state, #version = :next, #decision = :decision',
        ConditionExpression: '#version = :expected',
        ExpressionAttributeNames: {
          '#match': 'match',
          '#state': 'matchState',
          '#version': 'version',
          '#decision': 'decision',
        },
        ExpressionAttributeValues: marshall(
          {
            ':match': match,
            ':state': match.state,
            ':next': expectedVersion + 1,
            ':expected': expectedVersion,
            ...(decision === undefined ? {} : { ':decision': decision }),
          },
          { removeUndefinedValues: true },
        ),
      });
      return decided ? 'decided' : 'conflict';
    },
  };
}

/** How far each channel's looks are, in the state table: one item for each. */
export function createListingSyncStore(client: DynamoDBClient, tableName: string): ListingSyncStore {
  return {
    async get(channelId) {
      const item = await readItem(client, tableName, keys.listingSync(channelId));
      return item && parsed(syncSchema, item);
    },
    async change(sync: ListingSync, expectedVersion) {
      const item = { ...keys.listingSync(sync.channelId), ...sync };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'changed' : 'conflict';
    },
  };
}

async function putOne(
  client: DynamoDBClient,
  tableName: string,
  listing: Listing,
  at: string,
): Promise<void> {
  await callAws('dynamodb', () =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: marshall(keys.listing(listing.channelId, listing.listingKey)),
        UpdateExpression: `SET #listing = :listing, #fingerprint = :fingerprint, #search = :search, #status = :status,
          #changedAt = :at, #match = if_not_exists(#match, :none), #state = if_not_exists(#state, :noState),
          #version = if_not_exists(#version, :zero)`,
        ExpressionAttributeNames: {
          '#listing': 'listing',
          '#fingerprint': 'fingerprint',
          '#search': 'search',
          '#status': 'listingStatus',
          '#changedAt': 'changedAt',
          '#match': 'match',
          '#state': 'matchState',
          '#version': 'version',
        },
        ExpressionAttributeValues: marshall(
          {
            ':listing': listing,
            ':fingerprint': fingerprintOf(listing),
            ':search': searchTextOf(listing),
            ':status': listing.status,
            ':at': at,
            ':none': NO_MATCH,
            ':noState': NO_MATCH.state,
            ':zero': 0,
          },
          { removeUndefinedValues: true },
        ),
      }),
    ),
  );
}

async function endOne(
  client: DynamoDBClient,
  tableName: string,
  key: Readonly<Record<string, string>>,
  at: string,
): Promise<void> {
  await updateIf(client, {
    TableName: tableName,
    Key: marshall(key),
    UpdateExpression: 'SET #listing.#own = :ended, #status = :ended, #fingerprint = :ended, #changedAt = :at',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: {
      '#listing': 'listing',
      '#own': 'status',
      '#status': 'listingStatus',
      '#fingerprint': 'fingerprint',
      '#changedAt': 'changedAt',
    },
    ExpressionAttributeValues: { ':ended': { S: ENDED }, ':at': { S: at } },
  });
}

/** Two listings with the same facts have the same, whatever order the facts came in. */
function fingerprintOf(listing: Listing): string {
  const facts = Object.entries(listing)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
}

function filterOf({ text, match, status }: ListingFilter): PartitionFilter | undefined {
  const conditions: string[] = [];
  const names: Record<string, string> = {};
  const values: Item = {};
  const add = (attribute: string, value: string, condition: string): void => {
    conditions.push(condition);
    names[`#${attribute}`] = attribute;
    values[`:${attribute}`] = { S: value };
  };
  if (text !== undefined) add('search', text.toLowerCase(), 'contains(#search, :search)');
  if (match !== undefined) add('matchState', match, '#matchState = :matchState');
  if (status !== undefined) add('listingStatus', status, '#listingStatus = :listingStatus');
  return conditions.length === 0 ? undefined : { expression: conditions.join(' AND '), names, values };
}

function parsed<Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> {
  const read = schema.safeParse(unmarshall(item));
  if (read.success) return read.data;
  throw new UnexpectedAnswerError(
    'dynamodb',
    `stored ${item.pk?.S ?? 'listing'} ${item.sk?.S ?? '?'} is not in our format`,
    {
      cause: read.error,
    },
  );
}
