import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema as planEnv } from '../../../functions/plan-receipt-uploads/env.ts';
import { envSchema as requestEnv } from '../../../functions/request-receipt-uploads/env.ts';
import { envSchema as uploadEnv } from '../../../functions/upload-receipt/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** The marketplaces that take documents. `name` is the entry file, `spelled` is for people. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

export interface ReceiptUploadsProps extends FeatureProps {
  /** Where the PDFs are kept. */
  readonly files: {
    readonly bucketName: string;
    grantRead(reader: NodeFunction): void;
  };
  /** Says which receipts were issued; its one reader is here. */
  readonly issued: WorkQueue;
}

/** The queue of one marketplace. */
interface UploadQueue {
  readonly id: string;
  readonly work: WorkQueue;
}

/** Receipts on their way to marketplaces: what hears of them, a turn for each, and one queue and function a marketplace. */
export class ReceiptUploads extends Construct {
  readonly #props: ReceiptUploadsProps;

  constructor(scope: Construct, id: string, props: ReceiptUploadsProps) {
    super(scope, id);
    this.#props = props;
    const queues = MARKETPLACES.map((marketplace) => ({
      id: marketplace.id,
      work: this.#uploaderOf(marketplace),
    }));
    this.#requester(queues);
    this.#planner(queues);
    this.#alarms();
  }

  #requester(queues: readonly UploadQueue[]): void {
    const { tenant, alarms, state, issued } = this.#props;
    const { stateTable } = state;
    const { function: requester } = new QueueConsumer(this, 'RequestReceiptUploads', {
      tenant,
      alarms,
      name: 'request-receipt-uploads',
      entry: 'index.ts',
      envSchema: requestEnv,
      environment: { STATE_TABLE_NAME: stateTable.table.tableName, ...queueUrls(queues) },
      queue: issued,
      memoryMb: 256,
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: 'Receipts that were issued are not put on their marketplaces, and no list says so.',
    });
    // PutItem: the upload, once.
    stateTable.grant(requester, ['GetItem', 'BatchGetItem', 'PutItem']);
    stateTable.grantIndexQuery(requester, STATE_TABLE.indexes.dueFollowUps);
    for (const { work } of queues) work.queue.grantSendMessages(requester.lambda);
  }

  #uploaderOf({ id, name, spelled }: (typeof MARKETPLACES)[number]): WorkQueue {
    const { tenant, alarms, state, files } = this.#props;
    const { stateTable, credentials } = state;
    const queue = new WorkQueue(this, `${id}Queue`, {
      tenant,
      name: `upload-receipt-${name}`,
      // A feed is three calls and an upload, each at its slowest.
      consumerTimeout: Duration.minutes(3),
    });
    const { function: uploader } = new QueueConsumer(this, `Upload${id}`, {
      tenant,
      alarms,
      name: `upload-receipt-${name}`,
      folder: 'upload-receipt',
      entry: `${name}.ts`,
      envSchema: uploadEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        RECEIPT_BUCKET_NAME: files.bucketName,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      queue,
      memoryMb: 512,
      // A failed job comes back after 18 minutes; what waits for its turn waits in the table, not here.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: `Receipts are not put on their orders at ${spelled}: buyers find none there.`,
    });
    // PutItem: what became of an upload. UpdateItem: allowances.
    stateTable.grant(uploader, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']);
    files.grantRead(uploader);
    credentials.grantRead(uploader, name);
    return queue;
  }

  #planner(queues: readonly UploadQueue[]): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable } = state;
    const { function: planner } = new ScheduledFunction(this, 'PlanReceiptUploads', {
      tenant,
      alarms,
      name: 'plan-receipt-uploads',
      entry: 'index.ts',
      envSchema: planEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        ...Object.fromEntries(
          queues.map(({ id, work }) => [`${id.toUpperCase()}_RECEIPT_UPLOAD_QUEUE_URL`, work.queue.queueUrl]),
        ),
      },
      every: Duration.minutes(1),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      failureImpact: 'No receipt is put on any marketplace: nobody gives them their turn.',
    });
    // GetItem: what is left of allowances. Query: the accounts. PutItem: an upload that was asked for.
    stateTable.grant(planner, ['GetItem', 'Query', 'PutItem']);
    stateTable.grantIndexQuery(planner, STATE_TABLE.indexes.dueFollowUps);
    for (const { work } of queues) work.queue.grantSendMessages(planner.lambda);
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    alarms.add(this, 'ReceiptUploadsFailedAlarm', {
      name: 'receipt-uploads-failed',
      impact: 'A receipt is not on its marketplace, or nobody knows whether it is, until somebody looks.',
      metric: serviceMetric(tenant, 'upload-receipt', 'ReceiptUploadsFailed', Duration.minutes(5), Stats.SUM),
      above: 0,
      periods: 1,
    });
    const planned = (metricName: string) =>
      serviceMetric(tenant, 'plan-receipt-uploads', metricName, Duration.minutes(15), Stats.MAXIMUM);
    alarms.add(this, 'OldestDueReceiptUploadAlarm', {
      name: 'oldest-due-receipt-upload',
      impact:
        'Receipts have waited for hours for their turn at a marketplace: it takes fewer in an hour than are issued.',
      metric: planned('OldestDueReceiptUpload'),
      above: Duration.hours(4).toSeconds(),
      periods: 2,
    });
    alarms.add(this, 'ReceiptUploadsPastDeadlineAlarm', {
      name: 'receipt-uploads-past-deadline',
      impact:
        'Amazon wanted the invoice of a business order by now and has none: its invoice-defect rate rises.',
      metric: planned('ReceiptUploadsPastDeadline'),
      above: 0,
      periods: 1,
    });
  }
}

/** The queues' URLs, as the functions that send to them want them in their environment. */
function queueUrls(queues: readonly UploadQueue[]): Record<string, string> {
  return Object.fromEntries(
    queues.map(({ id, work }) => [`${id.toUpperCase()}_RECEIPT_UPLOAD_QUEUE_URL`, work.queue.queueUrl]),
  );
}
