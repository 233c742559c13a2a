import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema as performEnv } from '../../../functions/perform-remote-action/env.ts';
import { envSchema as planEnv } from '../../../functions/plan-remote-actions/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** The marketplaces that act on orders when a person wants it. `name` is the entry file, `spelled` is for people. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/** What people have marketplaces do to orders: one queue and one function each, and a schedule for what waits. */
export class RemoteActions extends Construct {
  readonly #queues: readonly { readonly id: string; readonly work: WorkQueue }[];
  readonly #props: FeatureProps;

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    this.#props = props;
    this.#queues = MARKETPLACES.map((marketplace) => ({
      id: marketplace.id,
      work: this.#performerOf(marketplace),
    }));
    this.#planner();
    this.#alarms();
  }

  /** Lets a function ask for actions, and nothing else of the queues. */
  grantSend(asker: NodeFunction): void {
    for (const { work } of this.#queues) work.queue.grantSendMessages(asker.lambda);
  }

  /** The queues' URLs, as the functions that ask for actions want them in their environment. */
  get queueUrls(): Record<string, string> {
    return Object.fromEntries(
      this.#queues.map(({ id, work }) => [
        `${id.toUpperCase()}_REMOTE_ACTION_QUEUE_URL`,
        work.queue.queueUrl,
      ]),
    );
  }

  #performerOf({ id, name, spelled }: (typeof MARKETPLACES)[number]): WorkQueue {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, credentials } = state;
    const queue = new WorkQueue(this, `${id}Queue`, {
      tenant,
      name: `perform-remote-action-${name}`,
      // A feed is three calls and an upload, each at its slowest.
      consumerTimeout: Duration.minutes(3),
    });
    const { function: performer } = new QueueConsumer(this, `Perform${id}`, {
      tenant,
      alarms,
      name: `perform-remote-action-${name}`,
      folder: 'perform-remote-action',
      entry: `${name}.ts`,
      envSchema: performEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      queue,
      memoryMb: 512,
      // A failed job comes back after 18 minutes; what waits for the marketplace waits in the table, not here.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: `What people asked ${spelled} to do to an order (refund, cancel, accept) is not done, and the order stays taken.`,
    });
    // PutItem: actions and what was done. UpdateItem: the order that is let go, and allowances.
    stateTable.grant(performer, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    credentials.grantRead(performer, name);
    return queue;
  }

  #planner(): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable } = state;
    const { function: planner } = new ScheduledFunction(this, 'PlanRemoteActions', {
      tenant,
      alarms,
      name: 'plan-remote-actions',
      entry: 'index.ts',
      envSchema: planEnv,
      environment: { STATE_TABLE_NAME: stateTable.table.tableName, ...this.queueUrls },
      // A person waits for the end.
      every: Duration.minutes(1),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      failureImpact:
        'Refunds and cancellations that a marketplace works on are not followed to their end, and lost ones are not asked for again.',
    });
    stateTable.grantIndexQuery(planner, STATE_TABLE.indexes.dueFollowUps);
    this.grantSend(planner);
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    const count = (metricName: string) =>
      serviceMetric(tenant, 'perform-remote-action', metricName, Duration.minutes(5), Stats.SUM);
    alarms.add(this, 'RemoteActionsUnclearAlarm', {
      name: 'remote-actions-unclear',
      impact:
        'Nobody knows whether a marketplace did what a person asked for (a refund, a cancellation): the order stays taken until somebody looks.',
      metric: count('RemoteActionsUnclear'),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'RemoteActionsRefusedAlarm', {
      name: 'remote-actions-refused',
      impact: 'A marketplace did not do what a person asked for, and that person may have gone home.',
      metric: count('RemoteActionsRefused'),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'OldestOpenRemoteActionAlarm', {
      name: 'oldest-open-remote-action',
      impact: 'An action at a marketplace has been open for hours: its order takes no other until it ends.',
      metric: serviceMetric(
        tenant,
        'plan-remote-actions',
        'OldestOpenRemoteAction',
        Duration.minutes(5),
        Stats.MAXIMUM,
      ),
      above: Duration.hours(4).toSeconds(),
      periods: 3,
    });
  }
}
