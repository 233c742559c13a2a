import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Buyer, mergeBuyer } from '../../domain/buyer.ts';
import { UnavailableError } from '../../domain/errors.ts';
import { NET_AFTER_END_MS } from '../../domain/personal-data.ts';
import type { BuyerStore } from '../../ports/buyer-store.ts';
import { readStoredBuyer, withoutQuoting } from './buyer-item.ts';
import { updateIf } from './conditional.ts';
import { BUYER_TABLE, keys } from './table.ts';

/** Times a buyer is read and merged anew when another worker stored it in between. */
const WRITE_ATTEMPTS_MAX = 5;
const INDEX = BUYER_TABLE.indexes.buyersByEnd;

/** What stands in the row: the buyer without its key, and without the holes. */
function contentsOf({ orderId: _, ...buyer }: Buyer): object {
  return unmarshall(marshall(buyer, { removeUndefinedValues: true }));
}

/**
 * Personal data in the buyer table. A job deletes each row at its end date; DynamoDB is the net two days behind it.
 */
export function createBuyerStore(client: DynamoDBClient, tableName: string): BuyerStore {
  return {
    async putBuyer(buyer: Buyer) {
      for (let attempt = 0; attempt < WRITE_ATTEMPTS_MAX; attempt++) {
        const stored = await readStoredBuyer(client, tableName, buyer.orderId);
        const merged = mergeBuyer(stored?.buyer, buyer);
        const contents = contentsOf(merged);
        if (stored !== undefined && isDeepStrictEqual(contents, contentsOf(stored.buyer))) {
          return { outcome: 'unchanged', state: merged.state };
        }
        const written = await withoutQuoting(() =>
          updateIf(client, {
            TableName: tableName,
            Key: marshall(keys.buyer(buyer.orderId)),
            UpdateExpression:
              'SET #buyer = :buyer, #version = :next, #expires = :expires, #end = :buyers, #endsAt = :endsAt',
            ConditionExpression:
              stored === undefined
                ? 'attribute_not_exists(pk)'
                : stored.version === 0
                  ? 'attribute_exists(pk) AND attribute_not_exists(#version)'
                  : '#version = :expected',
            ExpressionAttributeNames: {
              '#buyer': 'buyer',
              '#version': 'buyerVersion',
              '#expires': BUYER_TABLE.timeToLive,
              '#end': INDEX.partitionKey,
              '#endsAt': INDEX.sortKey,
            },
            ExpressionAttributeValues: {
              ':buyer': { M: marshall(contents, { removeUndefinedValues: true }) },
              ':next': { N: String((stored?.version ?? 0) + 1) },
              ':expires': { N: String(Math.floor((Date.parse(merged.expiresAt) + NET_AFTER_END_MS) / 1000)) },
              ':buyers': { S: keys.buyersToEnd },
              ':endsAt': { S: merged.expiresAt },
              ...(stored !== undefined && stored.version > 0
                ? { ':expected': { N: String(stored.version) } }
                : {}),
            },
          }),
        );
        if (written) return { outcome: 'stored', state: merged.state };
      }
      throw new UnavailableError('dynamodb', `the buyer of ${buyer.orderId} keeps being changed by others`);
    },

    getBuyer: async (id) => (await readStoredBuyer(client, tableName, id))?.buyer,
  };
}
