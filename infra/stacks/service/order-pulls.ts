import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { envSchema as planOrderPullsEnv } from '../../../functions/plan-order-pulls/env.ts';
import { envSchema as planReScansEnv } from '../../../functions/plan-re-scans/env.ts';
import { envSchema as pullOrdersEnv } from '../../../functions/pull-orders/env.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** The marketplaces that orders are pulled from. `name` is the entry file, `spelled` is for people. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/**
 * Everything that brings orders in: one queue and one function per marketplace, so that a slow one keeps no other waiting,
 * the schedule that asks for pulls, and the nightly one that asks for a second look.
 */
export class OrderPulls extends Construct {
  /** One per marketplace. */
  readonly queues: readonly { readonly id: string; readonly work: WorkQueue }[];
  readonly #props: FeatureProps;

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    this.#props = props;
    this.queues = MARKETPLACES.map((marketplace) => ({
      id: marketplace.id,
      work: this.#pullerOf(marketplace),
    }));
    this.#planners();
    this.#alarms();
  }

  /** Lets a function ask for pulls, and nothing else of the queues. */
  grantSend(asker: NodeFunction): void {
    for (const { work } of this.queues) work.queue.grantSendMessages(asker.lambda);
  }

  /** The queues' URLs, as the functions that ask for pulls want them in their environment. */
  get queueUrls(): Record<string, string> {
    return Object.fromEntries(
      this.queues.map(({ id, work }) => [`${id.toUpperCase()}_ORDER_PULL_QUEUE_URL`, work.queue.queueUrl]),
    );
  }

  /** What a person needs to know the queues by, as outputs of the stack. */
  get outputs(): Record<string, string> {
    return Object.fromEntries(
      this.queues.flatMap(({ id, work }) => [
        [`${id}OrderPullQueueUrl`, work.queue.queueUrl],
        [`${id}OrderPullDeadLetterQueueUrl`, work.deadLetters.queueUrl],
      ]),
    );
  }

  #pullerOf({ id, name, spelled }: (typeof MARKETPLACES)[number]): WorkQueue {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, buyerTable, credentials } = state;
    const queue = new WorkQueue(this, `${id}Queue`, {
      tenant,
      name: `order-pull-${name}`,
      consumerTimeout: Duration.minutes(2),
    });
    const { function: puller } = new QueueConsumer(this, `Pull${id}`, {
      tenant,
      alarms,
      name: `pull-orders-${name}`,
      folder: 'pull-orders',
      entry: `${name}.ts`,
      envSchema: pullOrdersEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        ORDER_PULL_QUEUE_URL: queue.queue.queueUrl,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      queue,
      memoryMb: 512,
      // A throttled pull is put back for up to 15 minutes, and a failed one comes back after 12.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: `Orders of at least one ${spelled} account are not arriving: the shop does not see what it has sold.`,
    });
    // PutItem: follow-ups. Orders, quota, leases and watermarks are updated on conditions.
    stateTable.grant(puller, ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'PutItem']);
    buyerTable.grant(puller, ['GetItem', 'UpdateItem']);
    queue.queue.grantSendMessages(puller.lambda);
    credentials.grantRead(puller);
    return queue;
  }

  #planners(): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable } = state;
    const common = {
      tenant,
      alarms,
      entry: 'index.ts',
      environment: { STATE_TABLE_NAME: stateTable.table.tableName, ...this.queueUrls },
      timeout: Duration.seconds(30),
      memoryMb: 256,
    };
    const planners = [
      new ScheduledFunction(this, 'PlanOrderPulls', {
        ...common,
        name: 'plan-order-pulls',
        envSchema: planOrderPullsEnv,
        // A new order is to be seen within 8 minutes: 4 to be asked for, 2 that Amazon wants to pass, 2 to spare.
        every: Duration.minutes(4),
        failureImpact: 'New and changed orders are not asked for, on any channel.',
      }),
      new ScheduledFunction(this, 'PlanReScans', {
        ...common,
        name: 'plan-re-scans',
        envSchema: planReScansEnv,
        dailyAt: { hour: 2, minute: 30, timeZone: 'Europe/Rome' },
        failureImpact: 'Orders that became visible late, or were never brought, are not looked for.',
      }),
    ];
    for (const { function: planner } of planners) {
      stateTable.grant(planner, ['Query']);
      this.grantSend(planner);
    }
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    // Counted by all pullers together.
    const pullMetric = (metricName: string) =>
      serviceMetric(tenant, 'pull-orders', metricName, Duration.minutes(15));
    alarms.add(this, 'OrderSyncLagAlarm', {
      name: 'order-sync-lag',
      impact: 'A channel is more than half an hour behind its marketplace: late orders are shipped late.',
      metric: pullMetric('OrderSyncLagMax'),
      above: Duration.minutes(30).toSeconds(),
      // A first pull of a month catches up over some hours, and says so with every run.
      periods: 8,
    });
    alarms.add(this, 'OrdersUnreadableAlarm', {
      name: 'orders-unreadable',
      impact: 'An order came in a form that is not understood: it is not in the order list.',
      metric: pullMetric('OrdersUnreadable'),
      above: 0,
      periods: 2,
    });
    alarms.add(this, 'OrdersFoundMissingAlarm', {
      name: 'orders-found-missing',
      impact: 'Orders came only with a second look at past days: they may have been shipped late.',
      metric: pullMetric('OrdersFoundMissing'),
      above: 0,
      periods: 1,
    });
  }
}
