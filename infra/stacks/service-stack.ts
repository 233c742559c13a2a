import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envSchema as reconcileSettlementEnv } from '../../functions/reconcile-settlement/env.ts';
import { envSchema as requestMissedReportsEnv } from '../../functions/request-missed-reports/env.ts';
import {
  RECONCILED_PREFIX,
  REPLAY_PREFIX,
  REPORT_PREFIX,
  SHIPMENT_FILE_PREFIX,
  SHIPMENT_RESULT_PREFIX,
} from '../../shared/adapters/s3/keys.ts';
import { Alarms } from '../constructs/alarms.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { ScheduledFunction } from '../constructs/scheduled-function.ts';
import type { TenantConfig } from '../tenants/tenant-config.ts';
import { addAccountChecks } from './service/account-checks.ts';
import { Confirmations } from './service/confirmations.ts';
import { addCustomisations } from './service/customisations.ts';
import { addDeadlines } from './service/deadlines.ts';
import type { AskedQueues } from './service/http-api.ts';
import { Listings } from './service/listings.ts';
import { OrderPulls } from './service/order-pulls.ts';
import { addPersonalData } from './service/personal-data.ts';
import { RemoteActions } from './service/remote-actions.ts';
import { addSettlementReports } from './service/settlement-reports.ts';
import { addShipmentFiles } from './service/shipment-files.ts';
import { Shipments } from './service/shipments.ts';
import { Tracking } from './service/tracking.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly config: TenantConfig;
  readonly state: StateStack;
}

/** What works on a tenant's state. It holds nothing of its own and can be deleted and deployed again. */
export class ServiceStack extends Stack {
  readonly alarms: Alarms;
  /** Work that people ask for through the API. */
  readonly askedQueues: AskedQueues;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { tenant, alarmEmail } = props.config;
    const { stateTable, reports, reportUploads, shipmentFiles, tenantKey } = props.state;
    const alarms = new Alarms(this, 'Alarms', { tenant, email: alarmEmail, key: tenantKey });
    this.alarms = alarms;
    const orderPulls = new OrderPulls(this, 'OrderPulls', { tenant, alarms, state: props.state });

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
        SHIPMENT_FILE_QUEUE_URL: shipmentFiles.queue.queueUrl,
      },
      every: Duration.hours(1),
      timeout: Duration.minutes(1),
      memoryMb: 256,
      failureImpact:
        'An upload whose event was lost is not noticed: a payment report stays unreconciled, or a file of shipments unread.',
    });
    stateTable.grant(requestMissedReports, ['GetItem']);
    reports.grantList(requestMissedReports, REPORT_PREFIX);
    // Its list is granted with it.
    reports.grantRead(requestMissedReports, [SHIPMENT_FILE_PREFIX, SHIPMENT_RESULT_PREFIX]);
    for (const { queue } of [reportUploads, shipmentFiles])
      queue.grantSendMessages(requestMissedReports.lambda);

    const confirmations = new Confirmations(this, 'Confirmations', { tenant, alarms, state: props.state });
    const shipments = new Shipments(this, 'Shipments', { tenant, alarms, state: props.state });
    const tracking = new Tracking(
      this,
      'Tracking',
      { tenant, alarms, state: props.state },
      { confirmations, shipments },
    );
    const remoteActions = new RemoteActions(this, 'RemoteActions', { tenant, alarms, state: props.state });
    const listings = new Listings(this, 'Listings', { tenant, alarms, state: props.state });
    addAccountChecks(this, { tenant, alarms, state: props.state });
    addCustomisations(this, { tenant, alarms, state: props.state });
    addDeadlines(this, { tenant, alarms, state: props.state });
    addPersonalData(this, { tenant, alarms, state: props.state });
    addSettlementReports(this, { tenant, alarms, state: props.state });
    addShipmentFiles(this, { tenant, alarms, state: props.state });

    this.askedQueues = { orderPulls, tracking, confirmations, shipments, remoteActions, listings };

    for (const [name, value] of Object.entries({
      ...orderPulls.outputs,
      AlarmTopicArn: alarms.topic.topicArn,
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}
