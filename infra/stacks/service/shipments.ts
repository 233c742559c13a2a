import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema } from '../../../functions/make-shipment/env.ts';
import { LABEL_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** Shipments made at BRT that did not come to an end while a person waited. */
export class Shipments extends Construct {
  readonly #makings: WorkQueue;
  readonly #props: FeatureProps;

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    this.#props = props;
    this.#makings = new WorkQueue(this, 'Makings', {
      tenant: props.tenant,
      name: 'shipment-making',
      // BRT is asked twice at most: to take an attempt back, and to make it anew.
      consumerTimeout: Duration.minutes(2),
    });
    this.#maker();
    this.#alarms();
  }

  /** Lets a function ask for a look at a shipment, and nothing else of the queue. */
  grantSend(asker: NodeFunction): void {
    this.#makings.queue.grantSendMessages(asker.lambda);
  }

  /** The queue's URL, as the functions that make shipments want it in their environment. */
  get queueUrls(): Record<string, string> {
    return { SHIPMENT_MAKING_QUEUE_URL: this.#makings.queue.queueUrl };
  }

  #maker(): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, buyerTable, personalFiles, credentials } = state;
    const { function: maker } = new QueueConsumer(this, 'MakeShipment', {
      tenant,
      alarms,
      name: 'make-shipment',
      entry: 'brt.ts',
      readsXml: true,
      envSchema,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        PERSONAL_BUCKET_NAME: personalFiles.bucket.bucketName,
        CREDENTIALS_PREFIX: credentials.prefix,
        ...this.queueUrls,
      },
      queue: this.#makings,
      memoryMb: 512,
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact:
        'Shipments that BRT did not make at once are not tried again: their parcels have no labels.',
    });
    // PutItem: shipments. UpdateItem: BRT's allowance.
    stateTable.grant(maker, ['GetItem', 'PutItem', 'UpdateItem']);
    buyerTable.grant(maker, ['GetItem', 'UpdateItem']);
    personalFiles.grant(maker, ['Put'], LABEL_PREFIX);
    credentials.grantRead(maker, 'brt');
    this.grantSend(maker);
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    const count = (metricName: string) =>
      serviceMetric(tenant, 'make-shipment', metricName, Duration.minutes(5), Stats.SUM);
    alarms.add(this, 'ShipmentsNotMadeAlarm', {
      name: 'shipments-not-made',
      impact:
        'BRT will not make a shipment that nobody waits for at a screen any more: its parcels stay here.',
      metric: count('ShipmentsNotMade'),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'ShipmentLoginsRefusedAlarm', {
      name: 'shipment-logins-refused',
      impact: 'BRT no longer takes the credentials of a contract: no shipment of it is made.',
      metric: count('ShipmentLoginsRefused'),
      above: 0,
      periods: 1,
    });
  }
}
