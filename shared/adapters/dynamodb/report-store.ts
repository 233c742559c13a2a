import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { BUCKETS } from '../../domain/reconciliation.ts';
import { REPORT_OUTCOMES, type Report, WARNING_CODES } from '../../domain/report.ts';
import { FEE_GROUPS, NOTICE_CODES, REFUSAL_CODES, REJECT_REASONS } from '../../domain/statement.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';
import type { Item } from './order-item.ts';
import { queryIndex } from './query-index.ts';
import { readItem } from './read-items.ts';
import { keys, STATE_TABLE } from './table.ts';

const totalSchema = z.object({ rows: z.int(), amountMinor: z.int() });
const reconciliationSchema = z.object({
  format: z.enum(['settlement-v2', 'settlement-v1', 'date-range']),
  language: z.string(),
  settlementIds: z.array(z.string()),
  currency: z.string(),
  rows: z.int(),
  control: z.object({
    statedMinor: z.int().nullable(),
    computedMinor: z.int(),
    balanced: z.boolean().nullable(),
  }),
  buckets: z.record(z.enum(BUCKETS), totalSchema),
  fees: z.record(z.enum(FEE_GROUPS), z.int()),
  accountLines: z.array(totalSchema.extend({ label: z.string() })),
  rejected: z.array(z.object({ line: z.int(), reason: z.enum(REJECT_REASONS) })),
  rejectedCount: z.int(),
  unclassified: z.array(z.object({ line: z.int(), label: z.string(), amountMinor: z.int() })),
  notices: z.array(z.object({ code: z.enum(NOTICE_CODES), detail: z.string() })),
});

const reportSchema = z.object({
  reportId: z.string(),
  channelId: z.string(),
  accountId: z.string(),
  objectKey: z.string(),
  sizeBytes: z.int(),
  uploadedAt: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  outcome: z.enum(REPORT_OUTCOMES),
  refusal: z.object({ code: z.enum(REFUSAL_CODES), detail: z.string() }).optional(),
  /** JSON text: hundreds of small maps would cost more as attribute values than the rest of the row. */
  reconciliation: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(reconciliationSchema)
    .optional(),
  standsInstead: z.string().optional(),
  warnings: z.array(z.object({ code: z.enum(WARNING_CODES), detail: z.string() })),
});

/** One item per upload; its outcome is written once. */
export function createReportStore(client: DynamoDBClient, tableName: string): ReportStore {
  const put = async (report: Report, condition: string, values?: Item): Promise<boolean> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: toItem(report),
          ConditionExpression: condition,
          ...(values
            ? { ExpressionAttributeValues: values, ExpressionAttributeNames: { '#outcome': 'outcome' } }
            : {}),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw awsFailure('dynamodb', error);
    }
  };

  return {
    async getReport(reportId) {
      const item = await readItem(client, tableName, keys.report(reportId));
      return item && fromItem(item);
    },

    async beginReport(report) {
      return (await put(report, 'attribute_not_exists(pk)')) ? 'begun' : 'exists';
    },

    async finishReport(report) {
      const processing = marshall({ ':processing': 'processing' });
      return (await put(report, 'attribute_not_exists(pk) OR #outcome = :processing', processing))
        ? 'finished'
        : 'already-final';
    },

    async noteReplaced(reportId, standsInstead) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: marshall(keys.report(reportId)),
            UpdateExpression: 'SET standsInstead = :by',
            ConditionExpression: '#outcome = :imported',
            ExpressionAttributeNames: { '#outcome': 'outcome' },
            ExpressionAttributeValues: marshall({ ':by': standsInstead, ':imported': 'imported' }),
          }),
        );
      } catch (error) {
        // Not finished yet: it will find itself superseded when it is.
        if (!(error instanceof ConditionalCheckFailedException)) throw awsFailure('dynamodb', error);
      }
    },

    async listReports({ channelId, limit, cursor }) {
      const { reportsByChannel } = STATE_TABLE.indexes;
      const page = await queryIndex(
        client,
        tableName,
        reportsByChannel,
        keys.reportsOf(channelId),
        limit,
        cursor,
        false,
      );
      return { reports: page.items.map(fromItem), cursor: page.cursor };
    },
  };
}

function toItem(report: Report): Item {
  const { reportsByChannel } = STATE_TABLE.indexes;
  return marshall(
    {
      ...keys.report(report.reportId),
      [reportsByChannel.partitionKey]: keys.reportsOf(report.channelId),
      [reportsByChannel.sortKey]: `${report.uploadedAt}#${report.reportId}`,
      ...report,
      reconciliation: report.reconciliation && JSON.stringify(report.reconciliation),
    },
    { removeUndefinedValues: true },
  );
}

function fromItem(item: Item): Report {
  const parsed = reportSchema.safeParse(unmarshall(item));
  if (!parsed.success) {
    throw new UnexpectedAnswerError('dynamodb', 'a report row has an unexpected shape', {
      cause: parsed.error,
    });
  }
  const { refusal, reconciliation, standsInstead, finishedAt, ...rest } = parsed.data;
  return { ...rest, refusal, reconciliation, standsInstead, finishedAt };
}
