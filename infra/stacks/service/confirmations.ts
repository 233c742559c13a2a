import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema } from '../../../functions/confirm-shipment/env.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** The marketplaces that are told how orders travel. `name` is the entry file, `spelled` is for people. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/** Tells the marketplaces how orders travel: one queue and one function each, so that a slow one keeps no other waiting. */
export class Confirmations extends Construct {
  readonly #queues: readonly { readonly id: string; readonly work: WorkQueue }[];
  readonly #props: FeatureProps;

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    this.#props = props;
    this.#queues = MARKETPLACES.map((marketplace) => ({
      id: marketplace.id,
      work: this.#confirmerOf(marketplace),
    }));
    this.#alarms();
  }

  /** Lets a function ask for confirmations, and nothing else of the queues. */
  grantSend(asker: NodeFunction): void {
    for (const { work } of this.#queues) work.queue.grantSendMessages(asker.lambda);
  }

  /** The queues' URLs, as the functions that ask for confirmations want them in their environment. */
  get queueUrls(): Record<string, string> {
    return Object.fromEntries(
      this.#queues.map(({ id, work }) => [`${id.toUpperCase()}_CONFIRMATION_QUEUE_URL`, work.queue.queueUrl]),
    );
  }

  #confirmerOf({ id, name, spelled }: (typeof MARKETPLACES)[number]): WorkQueue {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, credentials } = state;
    const queue = new WorkQueue(this, `${id}Queue`, {
      tenant,
      name: `confirm-shipment-${name}`,
      consumerTimeout: Duration.minutes(2),
    });
    const { function: confirmer } = new QueueConsumer(this, `Confirm${id}`, {
      tenant,
      alarms,
      name: `confirm-shipment-${name}`,
      folder: 'confirm-shipment',
      entry: `${name}.ts`,
      envSchema,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      queue,
      memoryMb: 512,
      // A failed job comes back after 12 minutes; what waits for the marketplace waits in the table, not here.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: `Orders of ${spelled} that are on their way seem not to be: buyers see no tracking, and late shipments are counted.`,
    });
    // PutItem: confirmations. Query: what else of an order travels. Quotas are updated on conditions.
    stateTable.grant(confirmer, ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'PutItem']);
    credentials.grantRead(confirmer, name);
    return queue;
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    alarms.add(this, 'ConfirmationsRefusedAlarm', {
      name: 'confirmations-refused',
      impact: 'A marketplace refused the tracking of an order: for it the order has not left.',
      metric: serviceMetric(
        tenant,
        'confirm-shipment',
        'ConfirmationsRefused',
        Duration.minutes(5),
        Stats.SUM,
      ),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'TrackingPushDelayAlarm', {
      name: 'tracking-push-delay',
      impact: 'Marketplaces learn late that orders are on their way: their late-shipment counts may rise.',
      metric: serviceMetric(
        tenant,
        'confirm-shipment',
        'TrackingPushDelay',
        Duration.minutes(15),
        Stats.percentile(95),
      ),
      above: Duration.minutes(5).toSeconds(),
      // One order that waited for a person to put something right is not a slow system.
      periods: 4,
    });
  }
}
