import {
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Activity } from '../../domain/activity.ts';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { ActivityLog } from '../../ports/activity-log.ts';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';
import { keys } from './table.ts';

const valuesSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
const activitySchema = z.object({
  activityId: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  before: valuesSchema.optional(),
  after: valuesSchema.optional(),
});

/** Where a list goes on: after the entry with this sort key, `<instant>#<id>`. */
const CURSOR = /^(\d{4}-\d{2})-\d{2}T[\d:.]+Z#[\w-]+$/;

/**
 * The activity log in the state table: each entry stands twice, among those of its month and among those of its subject.
 * Nothing here changes or deletes one, and no role lets its functions do so.
 */
export function createActivityLog(client: DynamoDBClient, tableName: string): ActivityLog {
  /** Months that this process has noted; noting one again changes nothing. */
  const noted = new Set<string>();

  /** So that a reader knows which months there are without trying each. */
  const noteMonth = async (month: string): Promise<void> => {
    if (noted.has(month)) return;
    const item = marshall(keys.activityMonth(month));
    await callAws('dynamodb', () => client.send(new PutItemCommand({ TableName: tableName, Item: item })));
    noted.add(month);
  };

  const months = async (until: string | undefined): Promise<readonly string[]> => {
    const answer = await callAws('dynamodb', () =>
      client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: `pk = :months${until === undefined ? '' : ' AND sk <= :until'}`,
          ExpressionAttributeValues: marshall({
            ':months': keys.activityMonth('').pk,
            ...(until === undefined ? {} : { ':until': until }),
          }),
          ScanIndexForward: false,
        }),
      ),
    );
    return (answer.Items ?? []).map((item) => item.sk?.S ?? '');
  };

  const entriesOf = async (pk: string, before: string | undefined, limit: number): Promise<Activity[]> => {
    const found: Activity[] = [];
    let from: Item | undefined;
    do {
      const answer = await callAws('dynamodb', () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: `pk = :pk${before === undefined ? '' : ' AND sk < :before'}`,
            ExpressionAttributeValues: marshall({
              ':pk': pk,
              ...(before === undefined ? {} : { ':before': before }),
            }),
            ScanIndexForward: false,
            Limit: limit - found.length,
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        ),
      );
      found.push(...(answer.Items ?? []).map(activityOf));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined && found.length < limit);
    return found;
  };

  return {
    async append(activity) {
      await noteMonth(monthOf(activity.at));
      const sk = sortKeyOf(activity);
      const put = (pk: string) => ({
        Put: {
          TableName: tableName,
          Item: marshall({ pk, sk, ...activity }, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      });
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              put(keys.activitiesOfMonth(monthOf(activity.at))),
              put(keys.activitiesOfSubject(activity.subject)),
            ],
          }),
        );
      } catch (error) {
        if (!isThereAlready(error)) throw appendFailure(error);
      }
    },

    async list({ subject, limit, cursor }) {
      const position = cursor === undefined ? undefined : CURSOR.exec(cursor);
      if (position === null) throw new RangeError('not a cursor of this list');
      // One more than asked for tells whether there are more.
      const wanted = limit + 1;
      const found: Activity[] = [];
      if (subject !== undefined) {
        found.push(...(await entriesOf(keys.activitiesOfSubject(subject), cursor, wanted)));
      } else {
        for (const month of await months(position?.[1])) {
          found.push(...(await entriesOf(keys.activitiesOfMonth(month), cursor, wanted - found.length)));
          if (found.length === wanted) break;
        }
      }
      const activities = found.slice(0, limit);
      const last = activities.at(-1);
      return { activities, cursor: found.length > limit && last ? sortKeyOf(last) : undefined };
    },
  };
}

function monthOf(at: string): string {
  return at.slice(0, 'YYYY-MM'.length);
}

function sortKeyOf({ at, activityId }: Activity): string {
  return `${at}#${activityId}`;
}

/** The same entry was appended before; both its places are written together or not at all. */
function isThereAlready(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed')
  );
}

/** Its twin being written at this moment is no refusal: the next try finds it there. */
function appendFailure(error: unknown): Error {
  return error instanceof TransactionCanceledException
    ? new UnavailableError('dynamodb', 'dynamodb: an activity could not be appended now', { cause: error })
    : awsFailure('dynamodb', error);
}

function activityOf(item: Item): Activity {
  const parsed = activitySchema.safeParse(unmarshall(item));
  if (parsed.success) return parsed.data;
  throw new UnexpectedAnswerError('dynamodb', `stored activity ${item.sk?.S ?? '?'} is not in our format`, {
    cause: parsed.error,
  });
}
