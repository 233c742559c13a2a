import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { ERASURE_REASONS, FOLLOW_UP_KINDS, FOLLOW_UP_STATES, type FollowUp } from '../../domain/follow-up.ts';
import { MARKETPLACES, type OrderId } from '../../domain/order.ts';
import type { FollowUpStore } from '../../ports/follow-up-store.ts';
import { putOnVersion } from './conditional.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem, readPartition } from './read-items.ts';
import { keys, STATE_TABLE } from './table.ts';

const followUpSchema = z.object({
  kind: z.enum(FOLLOW_UP_KINDS),
  orderId: z.string(),
  orderLineId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  marketplaceOrderId: z.string(),
  accountId: z.string(),
  siteId: z.string(),
  channelId: z.string(),
  wantedAt: z.string(),
  deadline: z.string().optional(),
  state: z.enum(FOLLOW_UP_STATES),
  dueAt: z.string().optional(),
  attempts: z.int(),
  problem: z.string().optional(),
  module: z.object({ providerAccountId: z.string(), moduleId: z.string() }).optional(),
  asked: z.object({ by: z.string(), reason: z.enum(ERASURE_REASONS) }).optional(),
  version: z.int().min(1),
});

/** Follow-ups in the state table, beside their order; those with an instant to be tried at are in a sparse index. */
export function createFollowUpStore(client: DynamoDBClient, tableName: string): FollowUpStore {
  const put = (followUp: FollowUp, expectedVersion: number): Promise<boolean> => {
    const item = {
      ...keys.followUp(followUp.orderId, followUp.kind, followUp.orderLineId),
      ...followUp,
      ...(followUp.dueAt === undefined
        ? {}
        : { [STATE_TABLE.indexes.dueFollowUps.partitionKey]: keys.due(followUp.kind) }),
    };
    return putOnVersion(client, tableName, item, expectedVersion);
  };

  return {
    ensure: async (followUp) => ((await put(followUp, 0)) ? 'created' : 'exists'),

    change: async (followUp, expectedVersion) =>
      (await put(followUp, expectedVersion)) ? 'changed' : 'conflict',

    async get({ orderId, kind, orderLineId }) {
      const item = await readItem(client, tableName, keys.followUp(orderId, kind, orderLineId));
      return item && followUpOf(item);
    },

    ofOrder: async (orderId) =>
      (await readPartition(client, tableName, keys.order(orderId).pk, 'FOLLOWUP#')).map(followUpOf),

    async listDue({ kind, until, limit, cursor }) {
      const index = STATE_TABLE.indexes.dueFollowUps;
      const page = await queryIndex(client, tableName, index, keys.due(kind), limit, cursor, true);
      const followUps = page.items.map(followUpOf);
      const due = followUps.filter(({ dueAt }) => dueAt !== undefined && dueAt <= until);
      // The index is in order of time: the first one that is not due yet ends the list.
      return { followUps: due, cursor: due.length < followUps.length ? undefined : page.cursor };
    },
  };
}

function followUpOf(item: Item): FollowUp {
  const parsed = followUpSchema.safeParse(unmarshall(item));
  if (parsed.success) return { ...parsed.data, orderId: parsed.data.orderId as OrderId };
  throw new UnexpectedAnswerError(
    'dynamodb',
    `stored follow-up ${item.pk?.S ?? '?'} ${item.sk?.S ?? '?'} is not in our format`,
    { cause: parsed.error },
  );
}
