import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema } from '../../../functions/issue-receipts/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import { LOGO_PREFIX, RECEIPT_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

export interface ReceiptIssuingProps extends FeatureProps {
  /** Hears of every document that was issued. */
  readonly issued: WorkQueue;
}

/** Documents made at once for whoever asked, and every minute those that are due by themselves or were not finished. */
export class ReceiptIssuing extends Construct {
  readonly #makings: WorkQueue;
  readonly #props: ReceiptIssuingProps;

  constructor(scope: Construct, id: string, props: ReceiptIssuingProps) {
    super(scope, id);
    this.#props = props;
    this.#makings = new WorkQueue(this, 'Makings', {
      tenant: props.tenant,
      name: 'receipt-making',
      // The other issuer is asked three times at most, 20 seconds each.
      consumerTimeout: Duration.minutes(2),
    });
    this.#maker();
    this.#dueMaker();
    this.#alarms();
  }

  /** Lets a function ask for the making of a document, and nothing else of the queue. */
  grantSend(asker: NodeFunction): void {
    this.#makings.queue.grantSendMessages(asker.lambda);
  }

  /** The queue's URL, as the functions that store documents want it in their environment. */
  get queueUrls(): Record<string, string> {
    return { RECEIPT_QUEUE_URL: this.#makings.queue.queueUrl };
  }

  #maker(): void {
    const { tenant, alarms } = this.#props;
    const { function: maker } = new QueueConsumer(this, 'IssueReceipts', {
      tenant,
      alarms,
      name: 'issue-receipts',
      entry: 'index.ts',
      drawsPdf: true,
      envSchema,
      environment: this.#environment,
      queue: this.#makings,
      memoryMb: 1024,
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact:
        'Receipts that people asked for come minutes late: only the minute-by-minute run makes them.',
    });
    // PutItem: documents with their numbers, and what became of them.
    this.#props.state.stateTable.grant(maker, ['GetItem', 'BatchGetItem', 'PutItem']);
    this.#grantMaking(maker);
  }

  #dueMaker(): void {
    const { tenant, alarms, state } = this.#props;
    const { function: maker } = new ScheduledFunction(this, 'IssueDueReceipts', {
      tenant,
      alarms,
      name: 'issue-due-receipts',
      folder: 'issue-receipts',
      entry: 'due.ts',
      drawsPdf: true,
      envSchema,
      environment: this.#environment,
      every: Duration.minutes(1),
      timeout: Duration.minutes(3),
      memoryMb: 1024,
      failureImpact:
        'Receipts are not issued by themselves, and those that an issuer or a crash held up stay unfinished.',
    });
    // Query: the channels. UpdateItem: the series, in one transaction with its documents.
    state.stateTable.grant(maker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    for (const index of ['dueFollowUps', 'ordersByChannel'] as const) {
      state.stateTable.grantIndexQuery(maker, STATE_TABLE.indexes[index]);
    }
    this.#grantMaking(maker);
  }

  /** What it takes to make a document: who bought, where it is kept, the other issuer's key, and who hears of it. */
  #grantMaking(maker: NodeFunction): void {
    const { state, issued } = this.#props;
    state.buyerTable.grant(maker, ['GetItem']);
    state.receipts.grant(maker, ['Get', 'Put'], RECEIPT_PREFIX);
    state.receipts.grant(maker, ['Get'], LOGO_PREFIX);
    state.credentials.grantRead(maker, 'receipt-issuer');
    issued.queue.grantSendMessages(maker.lambda);
  }

  get #environment(): Record<string, string> {
    const { state, issued } = this.#props;
    return {
      STATE_TABLE_NAME: state.stateTable.table.tableName,
      BUYER_TABLE_NAME: state.buyerTable.table.tableName,
      RECEIPT_BUCKET_NAME: state.receipts.bucket.bucketName,
      RECEIPT_ISSUED_QUEUE_URL: issued.queue.queueUrl,
      CREDENTIALS_PREFIX: state.credentials.prefix,
    };
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    alarms.add(this, 'ReceiptsNotIssuedAlarm', {
      name: 'receipts-not-issued',
      impact: 'A receipt came to nothing or is left to a person: its order has none until somebody looks.',
      metric: serviceMetric(tenant, 'issue-receipts', 'ReceiptsNotIssued', Duration.minutes(5), Stats.SUM),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'OldestUnfinishedReceiptAlarm', {
      name: 'oldest-unfinished-receipt',
      impact:
        'Receipts have had their number for an hour and are not made: nobody can download or upload them.',
      metric: serviceMetric(
        tenant,
        'issue-receipts',
        'OldestUnfinishedReceipt',
        Duration.minutes(15),
        Stats.MAXIMUM,
      ),
      above: Duration.hours(1).toSeconds(),
      periods: 1,
    });
  }
}
