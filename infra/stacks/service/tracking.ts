import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { envSchema as planTrackingEnv } from '../../../functions/plan-tracking/env.ts';
import { envSchema as trackShipmentsEnv } from '../../../functions/track-shipments/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { Confirmations } from './confirmations.ts';
import type { FeatureProps } from './feature.ts';
import type { Shipments } from './shipments.ts';

/** Where the shipments are: asked of the couriers within their allowances, and handed on to who tells the marketplaces. */
export class Tracking extends Construct {
  readonly #checks: WorkQueue;
  readonly #props: FeatureProps;

  constructor(
    scope: Construct,
    id: string,
    props: FeatureProps,
    { confirmations, shipments }: { readonly confirmations: Confirmations; readonly shipments: Shipments },
  ) {
    super(scope, id);
    this.#props = props;
    this.#checks = new WorkQueue(this, 'Checks', {
      tenant: props.tenant,
      name: 'tracking-check',
      // A courier's slowest answers, five side by side, and time to put back what is left.
      consumerTimeout: Duration.minutes(2),
    });
    this.#planner(confirmations, shipments);
    this.#tracker(confirmations);
    this.#alarms();
  }

  /** Lets a function ask for checks, and nothing else of the queue. */
  grantSend(asker: NodeFunction): void {
    this.#checks.queue.grantSendMessages(asker.lambda);
  }

  /** The queue's URL, as the functions that ask for checks want it in their environment. */
  get queueUrls(): Record<string, string> {
    return { TRACKING_CHECK_QUEUE_URL: this.#checks.queue.queueUrl };
  }

  #planner(confirmations: Confirmations, shipments: Shipments): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable } = state;
    const { function: planner } = new ScheduledFunction(this, 'PlanTracking', {
      tenant,
      alarms,
      name: 'plan-tracking',
      entry: 'index.ts',
      envSchema: planTrackingEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        ...this.queueUrls,
        ...shipments.queueUrls,
        ...confirmations.queueUrls,
      },
      // A known number is to be with its marketplace within five minutes, a lost message included.
      every: Duration.minutes(1),
      timeout: Duration.seconds(50),
      memoryMb: 512,
      failureImpact: 'Nobody asks the couriers where shipments are: marketplaces get no tracking numbers.',
    });
    // PutItem: shipments given up or lost sight of, and confirmations sent again, all on their version.
    stateTable.grant(planner, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    stateTable.grantIndexQuery(planner, STATE_TABLE.indexes.dueChecks);
    stateTable.grantIndexQuery(planner, STATE_TABLE.indexes.dueFollowUps);
    this.grantSend(planner);
    shipments.grantSend(planner);
    confirmations.grantSend(planner);
  }

  #tracker(confirmations: Confirmations): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, credentials } = state;
    const { function: tracker } = new QueueConsumer(this, 'TrackShipments', {
      tenant,
      alarms,
      name: 'track-shipments',
      entry: 'index.ts',
      readsXml: true,
      envSchema: trackShipmentsEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
        ...this.queueUrls,
        ...confirmations.queueUrls,
      },
      queue: this.#checks,
      memoryMb: 512,
      // What a silent courier keeps waiting is put back for a quarter of an hour, until its next check has come.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: 'Couriers are not asked where shipments are: marketplaces get no tracking numbers.',
    });
    // PutItem: shipments with their confirmations. UpdateItem: the couriers' allowances.
    stateTable.grant(tracker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    this.grantSend(tracker);
    confirmations.grantSend(tracker);
    for (const courier of ['brt', 'gls', 'dhl', 'poste', 'ups']) credentials.grantRead(tracker, courier);
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    alarms.add(this, 'OldestUnpushedTrackingAlarm', {
      name: 'oldest-unpushed-tracking',
      impact:
        'A tracking number is known and its marketplace has not been told: the order counts as not shipped.',
      metric: serviceMetric(tenant, 'plan-tracking', 'OldestUnpushedTracking', Duration.minutes(5)),
      above: Duration.minutes(5).toSeconds(),
      // One that is tried again after an outage of its marketplace is looked at with each of its tries.
      periods: 6,
      periodsAbove: 2,
    });
    alarms.add(this, 'CourierAccountsRefusedAlarm', {
      name: 'courier-accounts-refused',
      impact: 'A courier no longer takes the credentials of an account: none of its shipments is followed.',
      metric: serviceMetric(tenant, 'plan-tracking', 'CourierAccountsRefused', Duration.minutes(5)),
      above: 0,
      // Longer than a quarter of an hour: a courier's bad moment is over with the next try.
      periods: 4,
    });
    alarms.add(this, 'TrackingUnreadableAlarm', {
      name: 'tracking-unreadable',
      impact:
        'A courier answers in a form, or reports an event, that is not understood: a shipment may stand still here.',
      metric: serviceMetric(tenant, 'track-shipments', 'TrackingUnreadable', Duration.minutes(15)),
      above: 0,
      periods: 1,
    });
  }
}
