import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { envSchema as planEnv } from '../../../functions/plan-listings/env.ts';
import { envSchema as syncEnv } from '../../../functions/sync-listings/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import type { NodeFunction } from '../../constructs/node-function.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { FeatureProps } from './feature.ts';

/** The marketplaces whose listings are read and told. `name` is the entry file, `spelled` is for people. */
const MARKETPLACES = [
  { id: 'Amazon', name: 'amazon', spelled: 'Amazon' },
  { id: 'Ebay', name: 'ebay', spelled: 'eBay' },
  { id: 'Manomano', name: 'manomano', spelled: 'ManoMano' },
] as const;

/** Remote products: one queue and one function for each marketplace, and a schedule for what is due. */
export class Listings extends Construct {
  readonly #queues: readonly { readonly id: string; readonly work: WorkQueue }[];
  readonly #props: FeatureProps;

  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    this.#props = props;
    this.#queues = MARKETPLACES.map((marketplace) => ({
      id: marketplace.id,
      work: this.#workerOf(marketplace),
    }));
    this.#planner();
    this.#alarms();
  }

  /** Lets a function ask for work on listings, and nothing else of the queues. */
  grantSend(asker: NodeFunction): void {
    for (const { work } of this.#queues) work.queue.grantSendMessages(asker.lambda);
  }

  /** The queues' URLs, as the functions that ask for work want them in their environment. */
  get queueUrls(): Record<string, string> {
    return Object.fromEntries(
      this.#queues.map(({ id, work }) => [`${id.toUpperCase()}_LISTING_QUEUE_URL`, work.queue.queueUrl]),
    );
  }

  #workerOf({ id, name, spelled }: (typeof MARKETPLACES)[number]): WorkQueue {
    const { tenant, alarms, state } = this.#props;
    const { stateTable, credentials } = state;
    const queue = new WorkQueue(this, `${id}Queue`, {
      tenant,
      name: `sync-listings-${name}`,
      // A look is made whole by one worker: fifty pages of eBay's for 10,000 listings, or a report of Amazon's.
      consumerTimeout: Duration.minutes(5),
    });
    const { function: worker } = new QueueConsumer(this, `Sync${id}`, {
      tenant,
      alarms,
      name: `sync-listings-${name}`,
      folder: 'sync-listings',
      entry: `${name}.ts`,
      ...(name === 'ebay' ? { readsXml: true as const } : {}),
      envSchema: syncEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        CREDENTIALS_PREFIX: credentials.prefix,
        LISTING_QUEUE_URL: queue.queue.queueUrl,
      },
      queue,
      // What is known of 100,000 listings, and a catalogue of as many products.
      memoryMb: 1024,
      // A failed job comes back after half an hour; what waits for the marketplace waits in the table, not here.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: `Listings of ${spelled} are neither read nor told new prices and quantities: what is sold there may not be in stock.`,
    });
    // PutItem: dry runs, how far looks are, what was done. UpdateItem: listings, allowances.
    stateTable.grant(worker, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    credentials.grantRead(worker, name);
    queue.queue.grantSendMessages(worker.lambda);
    return queue;
  }

  #planner(): void {
    const { tenant, alarms, state } = this.#props;
    const { stateTable } = state;
    const { function: planner } = new ScheduledFunction(this, 'PlanListings', {
      tenant,
      alarms,
      name: 'plan-listings',
      entry: 'index.ts',
      envSchema: planEnv,
      environment: { STATE_TABLE_NAME: stateTable.table.tableName, ...this.queueUrls },
      // A person waits for a push's end, and a report of Amazon's is ready within minutes.
      every: Duration.minutes(1),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      failureImpact:
        'Listings are not looked at any more, and pushes of prices and quantities that wait are not carried on.',
    });
    stateTable.grant(planner, ['GetItem', 'Query']);
    stateTable.grantIndexQuery(planner, STATE_TABLE.indexes.dueFollowUps);
    this.grantSend(planner);
  }

  #alarms(): void {
    const { tenant, alarms } = this.#props;
    const count = (metricName: string) =>
      serviceMetric(tenant, 'sync-listings', metricName, Duration.hours(1), Stats.SUM);
    alarms.add(this, 'ListingLooksFailedAlarm', {
      name: 'listing-looks-failed',
      impact: 'A marketplace’s listings cannot be read: what is shown of them is old.',
      metric: count('ListingLooksFailed'),
      above: 0,
      // It is tried again within the hour, and an outage of some hours costs nothing.
      periods: 8,
      periodsAbove: 4,
    });
    alarms.add(this, 'ListingChangesRefusedAlarm', {
      name: 'listing-changes-refused',
      impact:
        'A marketplace did not take prices or quantities that a person approved, or nobody knows whether it did.',
      metric: count('ListingChangesRefused'),
      above: 0,
      periods: 1,
    });
    alarms.add(this, 'OldestListingLookAlarm', {
      name: 'oldest-listing-look',
      impact: 'No whole look at a channel’s listings has ended for a day: what is shown of them is old.',
      metric: serviceMetric(tenant, 'plan-listings', 'OldestListingLook', Duration.minutes(5), Stats.MAXIMUM),
      above: Duration.days(1).toSeconds(),
      periods: 3,
    });
  }
}
