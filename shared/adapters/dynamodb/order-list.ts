import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { matchesText, searchedText } from '../../domain/order-search.ts';
import type { OrderList, OrderPosition, OrderStretch } from '../../ports/order-list.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { type Item, recordOfItem } from './order-item.ts';
import { keys, STATE_TABLE } from './table.ts';

/** Orders looked at per call where most may not match: 250 to 400 of them fill DynamoDB's page of 1 MB. */
const FILTERED_READ = 400;
/** Before and after every instant. */
const EARLIEST = '0';
const LATEST = ':';

/**
 * The order list from the index `ordersByChannel`. Matching is done where the orders are, so that what does not match
 * costs a read and no transfer.
 */
export function createOrderList(client: DynamoDBClient, tableName: string): OrderList {
  const { name, partitionKey, sortKey } = STATE_TABLE.indexes.ordersByChannel;
  return {
    async stretch({ channelId, status, text, from, until, after, limit, readMax }): Promise<OrderStretch> {
      const earliest = from ?? EARLIEST;
      const latest = after ?? until ?? LATEST;
      // DynamoDB refuses a range that is none.
      if (earliest > latest) return { found: [], readTo: undefined };
      const filter = filterOf(status, text);
      const found: OrderStretch['found'][number][] = [];
      let read = 0;
      let start: Item | undefined;
      for (;;) {
        const answer = await callAws('dynamodb', () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              IndexName: name,
              KeyConditionExpression: '#channel = :channel AND #purchased BETWEEN :from AND :until',
              ExpressionAttributeNames: { '#channel': partitionKey, '#purchased': sortKey, ...filter.names },
              ExpressionAttributeValues: {
                ':channel': { S: keys.ordersOf(channelId) },
                // A position is the instant and more: `until` itself is not reached, `from` itself is.
                ':from': { S: earliest },
                ':until': { S: latest },
                ...filter.values,
              },
              ...(filter.expression === undefined ? {} : { FilterExpression: filter.expression }),
              ScanIndexForward: false,
              // One more: the order at `after` is in the range and was on the page before.
              Limit: Math.min(filter.expression === undefined ? limit + 1 : FILTERED_READ, readMax - read),
              ...(start === undefined ? {} : { ExclusiveStartKey: start }),
            }),
          ),
        );
        read += answer.ScannedCount ?? 0;
        for (const item of answer.Items ?? []) {
          const position = positionOf(item);
          if (position === after) continue;
          const record = recordOfItem(item);
          // Orders stored before their text was kept beside them pass the filter whatever they hold.
          if (text !== undefined && !(record.order && matchesText(record.order, text))) continue;
          found.push({ position, record });
          if (found.length === limit) return { found, readTo: position };
        }
        start = answer.LastEvaluatedKey;
        if (start === undefined) return { found, readTo: undefined };
        if (read >= readMax) return { found, readTo: positionOf(start) };
      }
    },
  };

  function positionOf(item: Item): OrderPosition {
    return item[sortKey]?.S ?? '';
  }
}

interface Filter {
  readonly expression: string | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

function filterOf(status: string | undefined, text: string | undefined): Filter {
  const conditions: string[] = [];
  const names: Record<string, string> = {};
  const values: Item = {};
  if (status !== undefined) {
    conditions.push('#order.#status = :status');
    Object.assign(names, { '#order': 'order', '#status': 'status' });
    values[':status'] = { S: status };
  }
  if (text !== undefined) {
    conditions.push('(attribute_not_exists(searchText) OR contains(searchText, :text))');
    values[':text'] = { S: searchedText(text) };
  }
  return { expression: conditions.length === 0 ? undefined : conditions.join(' AND '), names, values };
}
