import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Channel } from '../../domain/channel.ts';
import { RejectedError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { MARKETPLACES } from '../../domain/order.ts';
import type { ChannelStore } from '../../ports/channel-store.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { updateIf } from './conditional.ts';
import type { Item } from './order-item.ts';
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
  ordersWatermark: z.string().optional(),
  ordersFrom: z.string(),
});

/** A tenant has a handful of channels: all of them stand in one partition and fit one page of a query. */
export function createChannelStore(client: DynamoDBClient, tableName: string): ChannelStore {
  return {
    async getChannel(channelId) {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new GetItemCommand({
            TableName: tableName,
            Key: marshall(keys.channel(channelId)),
            ConsistentRead: true,
          }),
        ),
      );
      return answer.Item && channelOf(answer.Item);
    },

    async listChannels() {
      const channels: Channel[] = [];
      let from: Item | undefined;
      do {
        const answer = await callAws('dynamodb', () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :channels',
              ExpressionAttributeValues: { ':channels': { S: keys.channel('').pk } },
              ConsistentRead: true,
              ...(from ? { ExclusiveStartKey: from } : {}),
            }),
          ),
        );
        channels.push(...(answer.Items ?? []).map(channelOf));
        from = answer.LastEvaluatedKey;
      } while (from !== undefined);
      return channels;
    },

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

    async setOrdersSync(channelId, on) {
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.channel(channelId)),
        UpdateExpression: 'SET ordersSync = :on',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':on': { BOOL: on } },
      });
      if (!written) throw new RejectedError('dynamodb', `there is no channel ${channelId}`);
    },

    async advanceOrdersWatermark(channelId, watermark) {
      const written = await updateIf(client, {
        TableName: tableName,
        Key: marshall(keys.channel(channelId)),
        UpdateExpression: 'SET ordersWatermark = :watermark',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(ordersWatermark) OR ordersWatermark < :watermark)',
        ExpressionAttributeValues: { ':watermark': { S: watermark } },
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
