import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { type ListingPlan, PLAN_LINE_STATES, PLAN_STATES } from '../../domain/listing-plan.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import type { ListingPlanStore } from '../../ports/listing-plan-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { putOnVersion } from './conditional.ts';
import { inParallel } from './in-parallel.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { fillPage } from './query-partition.ts';
import { readItem } from './read-items.ts';
import { keys, STATE_TABLE } from './table.ts';

const { dueFollowUps } = STATE_TABLE.indexes;
/** Lines looked at for one page of a narrow list. */
const READ_MAX = 20_000;

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const changeSchema = z.object({ price: moneySchema.optional(), quantity: z.int().optional() });
const rulesSchema = z.object({
  pushesPrice: z.boolean(),
  pushesQuantity: z.boolean(),
  priceFactorBp: z.int(),
  rounding: z.object({ stepMinor: z.int(), endMinor: z.int() }),
  quantityReserve: z.int(),
  version: z.int(),
});
const planSchema = z.object({
  planId: z.string(),
  channelId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  requestedBy: z.string(),
  requestedAt: z.string(),
  onlyKeys: z.array(z.string()).optional(),
  state: z.enum(PLAN_STATES),
  rules: rulesSchema,
  counts: z
    .object({
      compared: z.int(),
      changes: z.int(),
      prices: z.int(),
      quantities: z.int(),
      toZero: z.int(),
      leftAlone: z.int(),
    })
    .optional(),
  zeroesToConfirm: z.int().optional(),
  approvedBy: z.string().optional(),
  approvedAt: z.string().optional(),
  dueAt: z.string().optional(),
  endedAt: z.string().optional(),
  version: z.int(),
});
const lineSchema = z.object({
  listingKey: z.string(),
  listing: z.object({
    siteId: z.string(),
    remoteId: z.string().optional(),
    sku: z.string().optional(),
    title: z.string().optional(),
    model: z.enum(['inventory', 'classic']).optional(),
    productType: z.string().optional(),
  }),
  productSku: z.string(),
  from: changeSchema,
  to: changeSchema,
  state: z.enum(PLAN_LINE_STATES),
  code: z.string().optional(),
  attempts: z.int(),
  sentAt: z.string().optional(),
});

/** Dry runs in the state table: a head for each in its channel's partition, its lines in a partition of their own. */
export function createListingPlanStore(client: DynamoDBClient, tableName: string): ListingPlanStore {
  return {
    async create(plan) {
      return (await putOnVersion(client, tableName, itemOf(plan), 0)) ? 'created' : 'exists';
    },

    async get({ channelId, planId }) {
      const item = await readItem(client, tableName, keys.listingPlan(channelId, planId));
      return item && parsed(planSchema, item);
    },

    async change(plan, expectedVersion) {
      if (expectedVersion < 1) return 'conflict';
      return (await putOnVersion(client, tableName, itemOf(plan), expectedVersion)) ? 'changed' : 'conflict';
    },

    async list({ channelId, limit, cursor }) {
      const query = {
        pk: keys.listingPlan(channelId, '').pk,
        prefix: 'LISTING-PLAN#',
        ascending: false,
        limit,
        after: cursor,
      };
      const { items, next } = await fillPage(client, tableName, query, READ_MAX);
      return { plans: items.map((item) => parsed(planSchema, item)), cursor: next };
    },

    putLines: ({ channelId, planId }, lines) =>
      inParallel(lines, async (line) => {
        const Item = marshall(
          { ...keys.planLine(channelId, planId, line.listingKey), ...line, lineState: line.state },
          { removeUndefinedValues: true },
        );
        await callAws('dynamodb', () => client.send(new PutItemCommand({ TableName: tableName, Item })));
      }),

    async lines({ channelId, planId, state, limit, cursor }) {
      const query = {
        pk: keys.planLine(channelId, planId, '').pk,
        prefix: 'LINE#',
        consistent: true,
        limit,
        after: cursor,
        filter:
          state === undefined
            ? undefined
            : {
                expression: '#state = :state',
                names: { '#state': 'lineState' },
                values: { ':state': { S: state } },
              },
      };
      const { items, next } = await fillPage(client, tableName, query, READ_MAX);
      return { lines: items.map((item) => parsed(lineSchema, item)), cursor: next };
    },

    async listDue({ marketplace, until, limit }) {
      const list = keys.dueListingPlans(marketplace);
      const page = await queryIndex(client, tableName, dueFollowUps, list, limit, undefined, true);
      return page.items
        .map((item) => parsed(planSchema, item))
        .filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
    },

    async getRules(channelId) {
      const item = await readItem(client, tableName, keys.listingRules(channelId));
      return item && parsed(rulesSchema, item);
    },

    async changeRules(channelId, rules, expectedVersion) {
      const item = { ...keys.listingRules(channelId), ...rules };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'changed' : 'conflict';
    },
  };
}

function itemOf(plan: ListingPlan): Readonly<Record<string, unknown>> {
  const { channelId, planId, marketplace, dueAt } = plan;
  return {
    ...keys.listingPlan(channelId, planId),
    ...plan,
    ...(dueAt === undefined ? {} : { [dueFollowUps.partitionKey]: keys.dueListingPlans(marketplace) }),
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> {
  const read = schema.safeParse(unmarshall(item));
  if (read.success) return read.data;
  throw new UnexpectedAnswerError(
    'dynamodb',
    `stored ${item.pk?.S ?? 'plan'} ${item.sk?.S ?? '?'} is not in our format`,
    {
      cause: read.error,
    },
  );
}
