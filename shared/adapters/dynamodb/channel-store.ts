import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Channel } from '../../domain/channel.ts';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import { RECEIPT_ISSUERS } from '../../domain/receipt.ts';
import { AUTOMATIC_STATUSES } from '../../domain/receipt-settings.ts';
import type { ChannelStore } from '../../ports/channel-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { updateIf } from './conditional.ts';
import type { Item } from './order-item.ts';
import { readItem, readPartition } from './read-items.ts';
import { keys } from './table.ts';

const channelSchema = z.object({
  channelId: z.string(),
  name: z.string(),
  marketplace: z.enum(MARKETPLACES),
  accountId: z.string(),
  siteIds: z.array(z.string()),
  country: z.string(),
  timeZone: z.string(),
  ordersSync: z.boolean(),
  trackingSync: z.boolean().optional(),
  receiptsSync: z.boolean().optional(),
  listingsSync: z.boolean().optional(),
  contracts: z
    .array(z.object({ contractId: z.string(), country: z.string(), deliveryType: z.enum(['SELF', 'MMF']) }))
    .optional(),
  personalDataModule: z.object({ providerAccountId: z.string(), moduleId: z.string() }).optional(),
  receipts: z
    .object({
      issuer: z.enum(RECEIPT_ISSUERS),
      series: z.string().optional(),
      automatic: z.object({ status: z.enum(AUTOMATIC_STATUSES), from: z.string() }).optional(),
    })
    .optional(),
  carriers: z.array(z.object({ carrier: z.string(), code: z.string() })).optional(),
  archivedAt: z.string().optional(),
  version: z.int().optional(),
  ordersWatermark: z.string().optional(),
  ordersPulledAt: z.string().optional(),
  ordersFrom: z.string(),
});

/** A tenant has a handful of channels: all of them stand in one partition. */
export function createChannelStore(client: DynamoDBClient, tableName: string): ChannelStore {
  return {
    async getChannel(channelId) {
      const item = await readItem(client, tableName, keys.channel(channelId));
      return item && channelOf(item);
    },

    listChannels: async () => (await readPartition(client, tableName, keys.channel('').pk)).map(channelOf),

    createChannel: (channel) =>
      callAws('dynamodb', async () => {
        try {
          await client.send(
            new PutItemCommand({
              TableName: tableName,
              Item: marshall(
                { ...keys.channel(channel.channelId), ...channel },
                { removeUndefinedValues: true },
              ),
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          );
          return 'created';
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return 'exists';
          throw error;
        }
      }),

    async changeSettings(channelId, changes, expectedVersion) {
      const changed = Object.entries(changes);
      const kept = changed.filter(([, value]) => value !== undefined);
      const gone = changed.filter(([, value]) => value === undefined);
      const names = Object.fromEntries(changed.map(([name], i) => [`#s${i}`, name] as const));
      const nameOf = (name: string) => `#s${changed.findIndex(([other]) => other === name)}`;
      const sets = kept.map(([name], i) => `${nameOf(name)} = :v${i}`);
      const removes = gone.map(([name]) => nameOf(name));
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.channel(channelId)),
        UpdateExpression: `SET ${[...sets, '#version = :next'].join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
        // Channels from before versions were counted are at their first.
        ConditionExpression: `attribute_exists(pk) AND (#version = :expected${expectedVersion === 1 ? ' OR attribute_not_exists(#version)' : ''})`,
        ExpressionAttributeNames: { ...names, '#version': 'version' },
        ExpressionAttributeValues: marshall(
          {
            ...Object.fromEntries(kept.map(([, value], i) => [`:v${i}`, value] as const)),
            ':next': expectedVersion + 1,
            ':expected': expectedVersion,
          },
          { removeUndefinedValues: true },
        ),
      });
      return written ? 'changed' : 'conflict';
    },

    async setOrdersSync(channelId, on) {
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.channel(channelId)),
        UpdateExpression: 'SET ordersSync = :on, #version = if_not_exists(#version, :first) + :one',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':on': { BOOL: on }, ':first': { N: '1' }, ':one': { N: '1' } },
      });
      if (!written) throw new RejectedError('dynamodb', `there is no channel ${channelId}`);
    },

    async advanceOrdersWatermark(channelId, watermark, pulledAt) {
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.channel(channelId)),
        UpdateExpression: 'SET ordersWatermark = :watermark, ordersPulledAt = :pulledAt',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(ordersWatermark) OR ordersWatermark < :watermark)',
        ExpressionAttributeValues: { ':watermark': { S: watermark }, ':pulledAt': { S: pulledAt } },
      });
      return written ? 'advanced' : 'behind';
    },
  };
}

function channelOf(item: Item): Channel {
  const parsed = channelSchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored channel ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
