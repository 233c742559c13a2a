import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { envSchema as planOrderPullsEnv } from '../../functions/plan-order-pulls/env.ts';
import { envSchema as pullOrdersEnv } from '../../functions/pull-orders/env.ts';
import { envSchema as reconcileSettlementEnv } from '../../functions/reconcile-settlement/env.ts';
import { envSchema as requestMissedReportsEnv } from '../../functions/request-missed-reports/env.ts';
import { RECONCILED_PREFIX, REPLAY_PREFIX, REPORT_PREFIX } from '../../shared/adapters/s3/keys.ts';
import { Alarms } from '../constructs/alarms.ts';
import { metricsNamespace } from '../constructs/names.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { TenantConfig } from '../tenants/tenant-config.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly config: TenantConfig;
  readonly state: StateStack;
}

/** What works on a tenant's state. It holds nothing of its own and can be deleted and deployed again. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { tenant, alarmEmail } = props.config;
    const { stateTable, buyerTable, reports, reportUploads, credentials, tenantKey } = props.state;
    const alarms = new Alarms(this, 'Alarms', { tenant, email: alarmEmail, key: tenantKey });
    const orderPulls = new WorkQueue(this, 'OrderPulls', {
      tenant,
      name: 'order-pull',
      consumerTimeout: Duration.minutes(2),
    });

    const { function: planOrderPulls } = new ScheduledFunction(this, 'PlanOrderPulls', {
      tenant,
      alarms,
      name: 'plan-order-pulls',
      entry: 'index.ts',
      envSchema: planOrderPullsEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        ORDER_PULL_QUEUE_URL: orderPulls.queue.queueUrl,
      },
      // A new order is to be seen within 8 minutes: 4 to be asked for, 2 that Amazon wants to pass, 2 to spare.
      every: Duration.minutes(4),
      timeout: Duration.seconds(30),
      memoryMb: 256,
      failureImpact: 'New and changed orders are not asked for, on any channel.',
    });
    stateTable.grant(planOrderPulls, ['Query']);
    orderPulls.queue.grantSendMessages(planOrderPulls.lambda);

    const { function: pullOrders } = new QueueConsumer(this, 'PullOrders', {
      tenant,
      alarms,
      name: 'pull-orders',
      entry: 'amazon.ts',
      envSchema: pullOrdersEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        ORDER_PULL_QUEUE_URL: orderPulls.queue.queueUrl,
        CREDENTIALS_PREFIX: credentials.prefix,
      },
      queue: orderPulls,
      memoryMb: 512,
      // A throttled pull is put back for up to 15 minutes, and a failed one comes back after 12.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact:
        'Orders of at least one account are not arriving: the shop does not see what it has sold.',
    });
    stateTable.grant(pullOrders, ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem']);
    buyerTable.grant(pullOrders, ['UpdateItem']);
    orderPulls.queue.grantSendMessages(pullOrders.lambda);
    credentials.grantRead(pullOrders);

    const pullMetric = (metricName: string): Metric =>
      new Metric({
        namespace: metricsNamespace(tenant),
        metricName,
        dimensionsMap: { service: 'pull-orders' },
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(15),
      });
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

    const { function: reconcileSettlement } = new QueueConsumer(this, 'ReconcileSettlement', {
      tenant,
      alarms,
      name: 'reconcile-settlement',
      entry: 'amazon.ts',
      envSchema: reconcileSettlementEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        REPORT_BUCKET_NAME: reports.bucket.bucketName,
      },
      queue: reportUploads,
      memoryMb: 2048,
      // A failed attempt comes back after half an hour.
      oldestJobAlarmAge: Duration.minutes(30),
      failureImpact: 'An uploaded payment report is not reconciled: its fees are missing on the orders.',
    });
    stateTable.grant(reconcileSettlement, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']);
    reports.grantRead(reconcileSettlement, [REPORT_PREFIX, RECONCILED_PREFIX, REPLAY_PREFIX]);
    reports.grantWrite(reconcileSettlement, [RECONCILED_PREFIX, REPLAY_PREFIX]);

    const { function: requestMissedReports } = new ScheduledFunction(this, 'RequestMissedReports', {
      tenant,
      alarms,
      name: 'request-missed-reports',
      entry: 'index.ts',
      envSchema: requestMissedReportsEnv,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        REPORT_BUCKET_NAME: reports.bucket.bucketName,
        REPORT_UPLOAD_QUEUE_URL: reportUploads.queue.queueUrl,
      },
      every: Duration.hours(1),
      timeout: Duration.minutes(1),
      memoryMb: 256,
      failureImpact: 'A payment report whose upload event was lost is not noticed, and stays unreconciled.',
    });
    stateTable.grant(requestMissedReports, ['GetItem']);
    reports.grantList(requestMissedReports, REPORT_PREFIX);
    reportUploads.queue.grantSendMessages(requestMissedReports.lambda);

    for (const [name, value] of Object.entries({
      OrderPullQueueUrl: orderPulls.queue.queueUrl,
      OrderPullDeadLetterQueueUrl: orderPulls.deadLetters.queueUrl,
      AlarmTopicArn: alarms.topic.topicArn,
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}
