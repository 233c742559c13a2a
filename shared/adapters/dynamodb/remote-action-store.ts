import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import {
  CANCEL_REASONS,
  isEnded,
  type OpenRemoteAction,
  REFUND_REASONS,
  REMOTE_ACTION_KINDS,
  REMOTE_ACTION_REASONS,
  REMOTE_ACTION_STATES,
  type RemoteAction,
} from '../../domain/remote-action.ts';
import { COURIERS } from '../../domain/shipment.ts';
import type { RemoteActionStore } from '../../ports/remote-action-store.ts';
import { putOnVersion, tryTransaction } from './conditional.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem, readPartition } from './read-items.ts';
import { shippedLinesSchema } from './shipment-item.ts';
import { keys, STATE_TABLE } from './table.ts';

const { dueFollowUps } = STATE_TABLE.indexes;

/** Rounds of one transaction while a pull or another person is on the order. */
const ROUNDS_MAX = 5;
/** Pause between them, doubled each round: 50 ms, 100 ms, … */
const CONFLICT_PAUSE_MS = 50;

const wishSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['accept', 'refuse', 'approve-cancellation', 'reject-cancellation']) }),
  z.object({ kind: z.literal('cancel'), reason: z.enum(CANCEL_REASONS) }),
  z.object({
    kind: z.literal('ship'),
    courier: z.enum(COURIERS),
    carrierName: z.string().optional(),
    trackingNumber: z.string(),
    trackingUrl: z.string().optional(),
    shippedAt: z.string().optional(),
    lines: shippedLinesSchema,
  }),
  z.object({
    kind: z.literal('refund'),
    reason: z.enum(REFUND_REASONS),
    currency: z.string(),
    lines: z.array(z.object({ orderLineId: z.string(), goodsMinor: z.int(), shippingMinor: z.int() })),
  }),
]);
const actionSchema = z.object({
  actionId: z.string(),
  orderId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  wish: wishSchema,
  askedFor: z.string(),
  requestedBy: z.string(),
  requestedAt: z.string(),
  packageNumber: z.int().optional(),
  state: z.enum(REMOTE_ACTION_STATES),
  reason: z.enum(REMOTE_ACTION_REASONS).optional(),
  answer: z.object({ remoteId: z.string().optional(), code: z.string().optional() }).optional(),
  attempts: z.int(),
  sentAt: z.string().optional(),
  dueAt: z.string().optional(),
  endedAt: z.string().optional(),
  version: z.int().min(1),
});
const openSchema = z.object({
  actionId: z.string(),
  kind: z.enum(REMOTE_ACTION_KINDS),
  requestedBy: z.string(),
  requestedAt: z.string(),
});
const orderMarksSchema = z.object({
  openRemoteAction: openSchema.optional(),
  manualFulfilment: z.object({ since: z.string() }).optional(),
});

/**
 * Remote actions in the state table, beside their order. The order's own item says by which one it is taken: that is
 * what lets one of two people through.
 */
export function createRemoteActionStore(client: DynamoDBClient, tableName: string): RemoteActionStore {
  const get = async (orderId: OrderId, actionId: string): Promise<RemoteAction | undefined> => {
    const item = await readItem(client, tableName, keys.remoteAction(orderId, actionId));
    return item && actionOf(item);
  };

  return {
    async create(action) {
      const { orderId, actionId } = action;
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const stored = await get(orderId, actionId);
        if (stored !== undefined) return { outcome: 'exists', action: stored };
        const order = await readItem(client, tableName, keys.order(orderId));
        if (order?.order === undefined) return { outcome: 'no-order' };
        const { openRemoteAction, manualFulfilment } = marksOf(order);
        // Its twin was stored between the two reads: the next one finds it.
        if (openRemoteAction?.actionId === actionId) continue;
        if (openRemoteAction !== undefined) return { outcome: 'taken', by: openRemoteAction };
        const reasons = await tryTransaction(client, [
          {
            Put: {
              TableName: tableName,
              Item: marshall({ ...itemOf(action), version: 1 }, { removeUndefinedValues: true }),
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          takeOrder(tableName, action, manualFulfilment?.since),
        ]);
        if (reasons === undefined) return { outcome: 'created' };
        // Somebody was faster, or is on the order at this moment: what they left says which.
        await pause(CONFLICT_PAUSE_MS * 2 ** round);
      }
      throw contended();
    },

    get: ({ orderId, actionId }) => get(orderId, actionId),

    async ofOrder(orderId) {
      const items = await readPartition(client, tableName, keys.order(orderId).pk, 'REMOTE-ACTION#');
      return items.map(actionOf).sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : 1));
    },

    async change(action, expectedVersion) {
      if (!isEnded(action)) {
        return (await putOnVersion(client, tableName, itemOf(action), expectedVersion))
          ? 'changed'
          : 'conflict';
      }
      const item = { ...itemOf(action), version: expectedVersion + 1 };
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const reasons = await tryTransaction(client, [
          {
            Put: {
              TableName: tableName,
              Item: marshall(item, { removeUndefinedValues: true }),
              ConditionExpression: '#version = :expected',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
            },
          },
          letOrderGo(tableName, action),
        ]);
        if (reasons === undefined) return 'changed';
        if (reasons[0]?.Code === 'ConditionalCheckFailed') return 'conflict';
        // A pull is on the order at this moment.
        await pause(CONFLICT_PAUSE_MS * 2 ** round);
      }
      throw contended();
    },

    async listDue({ marketplace, until, limit }) {
      const list = keys.dueRemoteActions(marketplace);
      const page = await queryIndex(client, tableName, dueFollowUps, list, limit, undefined, true);
      return page.items.map(actionOf).filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
    },
  };
}

function contended(): UnavailableError {
  return new UnavailableError('dynamodb', 'dynamodb: an order is contended');
}

function takeOrder(
  tableName: string,
  { orderId, actionId, wish: { kind }, requestedBy, requestedAt }: RemoteAction,
  since: string | undefined,
): TransactWriteItem {
  const open: OpenRemoteAction = { actionId, kind, requestedBy, requestedAt };
  return {
    Update: {
      TableName: tableName,
      Key: marshall(keys.order(orderId)),
      UpdateExpression: 'SET #open = :open, #manual = :manual',
      ConditionExpression: 'attribute_exists(#order) AND attribute_not_exists(#open)',
      ExpressionAttributeNames: {
        '#order': 'order',
        '#open': 'openRemoteAction',
        '#manual': 'manualFulfilment',
      },
      ExpressionAttributeValues: marshall({
        ':open': open,
        ':manual': { since: since ?? requestedAt, kind, by: requestedBy, at: requestedAt },
      }),
    },
  };
}

function letOrderGo(tableName: string, { orderId, actionId }: RemoteAction): TransactWriteItem {
  return {
    Update: {
      TableName: tableName,
      Key: marshall(keys.order(orderId)),
      UpdateExpression: 'REMOVE #open',
      ConditionExpression: '#open.#actionId = :actionId',
      ExpressionAttributeNames: { '#open': 'openRemoteAction', '#actionId': 'actionId' },
      ExpressionAttributeValues: { ':actionId': { S: actionId } },
    },
  };
}

function itemOf(action: RemoteAction): Readonly<Record<string, unknown>> {
  const { orderId, actionId, marketplace, dueAt } = action;
  return {
    ...keys.remoteAction(orderId, actionId),
    ...action,
    ...(dueAt === undefined ? {} : { [dueFollowUps.partitionKey]: keys.dueRemoteActions(marketplace) }),
  };
}

function actionOf(item: Item): RemoteAction {
  const parsed = actionSchema.safeParse(unmarshall(item));
  if (!parsed.success) throw unreadable(item, parsed.error);
  // Written by `orderId()` when the item was made.
  return { ...parsed.data, orderId: parsed.data.orderId as OrderId };
}

function marksOf({ openRemoteAction, manualFulfilment }: Item): z.infer<typeof orderMarksSchema> {
  const marks = {
    ...(openRemoteAction === undefined ? {} : { openRemoteAction }),
    ...(manualFulfilment === undefined ? {} : { manualFulfilment }),
  };
  const parsed = orderMarksSchema.safeParse(unmarshall(marks));
  if (!parsed.success) throw unreadable({}, parsed.error);
  return parsed.data;
}

function unreadable(item: Item, cause: unknown): UnexpectedAnswerError {
  return new UnexpectedAnswerError(
    'dynamodb',
    `stored remote action ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
    { cause },
  );
}
