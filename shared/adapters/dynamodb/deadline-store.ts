import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import { ALERT_LEVELS, DEADLINE_CLOCKS } from '../../domain/shipping-deadline.ts';
import { RATE_STATES } from '../../domain/shipping-rates.ts';
import type { DeadlineWatchStore, ShippingRatesStore } from '../../ports/deadline-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { batchGet } from './batch-get.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { keys, STATE_TABLE } from './table.ts';

/** An alert is of use while somebody may ask why an order left late: a quarter, the longest window of a marketplace. */
const WATCH_KEPT_MS = 100 * 86_400_000;

const watchSchema = z.object({
  orderId: z.string(),
  clock: z.enum(DEADLINE_CLOCKS),
  raised: z.array(z.object({ level: z.enum(ALERT_LEVELS), at: z.string() })),
  version: z.int().min(1),
});

/** Raised alerts in the state table, beside their order. */
export function createDeadlineWatchStore(client: DynamoDBClient, tableName: string): DeadlineWatchStore {
  return {
    async getMany(ids) {
      const wanted = [
        ...new Map(
          ids.map(({ orderId, clock }) => [`${clock} ${orderId}`, keys.deadlineWatch(orderId, clock)]),
        ).values(),
      ];
      const items = await batchGet(
        client,
        tableName,
        wanted.map((key) => marshall(key)),
      );
      return items.map((item) => {
        const watch = parsed(watchSchema, item);
        return { ...watch, orderId: watch.orderId as OrderId };
      });
    },

    async change(watch, expectedVersion) {
      const last = watch.raised.at(-1);
      const item = {
        ...keys.deadlineWatch(watch.orderId, watch.clock),
        ...watch,
        ...(last === undefined
          ? {}
          : { [STATE_TABLE.timeToLive]: Math.ceil((Date.parse(last.at) + WATCH_KEPT_MS) / 1000) }),
      };
      return (await putOnVersion(client, tableName, item, expectedVersion)) ? 'changed' : 'conflict';
    },
  };
}

const windowSchema = z.object({
  days: z.int(),
  good: z.int(),
  bad: z.int(),
  unknown: z.int(),
  assumed: z.int(),
  badBasisPoints: z.int().optional(),
  state: z.enum(RATE_STATES),
});
const ratesSchema = z.object({
  channelId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  measuredAt: z.string(),
  lateShipment: z.array(windowSchema),
  validTracking: z.array(windowSchema),
});

/** Measured rates in the state table, one row a day and channel. */
export function createShippingRatesStore(client: DynamoDBClient, tableName: string): ShippingRatesStore {
  return {
    async put(rates) {
      const key = keys.shippingRates(rates.channelId, rates.measuredAt.slice(0, 10));
      await callAws('dynamodb', () =>
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: marshall({ ...key, ...rates }, { removeUndefinedValues: true }),
          }),
        ),
      );
    },

    async list({ channelId, limit }) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: keys.shippingRates(channelId, '').pk } },
            ScanIndexForward: false,
            Limit: limit,
            ConsistentRead: true,
          }),
        ),
      );
      return (answer.Items ?? []).map((item) => {
        const rates = parsed(ratesSchema, item);
        return {
          ...rates,
          lateShipment: rates.lateShipment.map(windowOf),
          validTracking: rates.validTracking.map(windowOf),
        };
      });
    },
  };
}

function windowOf(window: z.infer<typeof windowSchema>) {
  return { ...window, badBasisPoints: window.badBasisPoints };
}

function parsed<Parsed>(schema: z.ZodType<Parsed>, item: Item): Parsed {
  const result = schema.safeParse(unmarshall(item));
  if (result.success) return result.data;
  throw new UnexpectedAnswerError(
    'dynamodb',
    `stored row ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
    { cause: result.error },
  );
}
