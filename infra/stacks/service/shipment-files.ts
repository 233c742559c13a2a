import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { envSchema } from '../../../functions/register-shipments/env.ts';
import { SHIPMENT_FILE_PREFIX, SHIPMENT_RESULT_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import { QueueConsumer } from '../../constructs/queue-consumer.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

/** Files of shipments that were made elsewhere, dropped into the bucket of reports. */
export function addShipmentFiles(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable, reports, shipmentFiles } = state;
  const { function: registrar } = new QueueConsumer(scope, 'RegisterShipments', {
    tenant,
    alarms,
    name: 'register-shipments',
    entry: 'index.ts',
    envSchema,
    environment: {
      STATE_TABLE_NAME: stateTable.table.tableName,
      REPORT_BUCKET_NAME: reports.bucket.bucketName,
    },
    queue: shipmentFiles,
    memoryMb: 512,
    // A failed attempt comes back after half an hour.
    oldestJobAlarmAge: Duration.minutes(30),
    failureImpact: 'A dropped file of shipments is not read: its orders get no tracking from it.',
  });
  stateTable.grant(registrar, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  reports.grantRead(registrar, [SHIPMENT_FILE_PREFIX, SHIPMENT_RESULT_PREFIX]);
  reports.grantWrite(registrar, [SHIPMENT_RESULT_PREFIX]);
  alarms.add(scope, 'ShipmentRowsRejectedAlarm', {
    name: 'shipment-rows-rejected',
    impact: 'Rows of a dropped file registered no shipment: their orders get no tracking from it.',
    metric: serviceMetric(
      tenant,
      'register-shipments',
      'ShipmentRowsRejected',
      Duration.minutes(5),
      Stats.SUM,
    ),
    above: 0,
    periods: 1,
  });
}
