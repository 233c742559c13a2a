import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { envSchema } from '../../../functions/http-api/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import { RECONCILED_PREFIX, REPORT_PREFIX } from '../../../shared/adapters/s3/keys.ts';
import { HttpApi } from '../../constructs/http-api.ts';
import { NodeFunction } from '../../constructs/node-function.ts';
import type { FeatureProps } from './feature.ts';
import type { OrderPulls } from './order-pulls.ts';

/** Below API Gateway's 30 s, so that a slow answer is ours to explain. */
const TIMEOUT = Duration.seconds(28);
/** What a person at a screen still takes for working. */
const LATENCY_MAX = Duration.seconds(3);

/** What people and the console talk to. */
export class PeoplesApi {
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, { tenant, alarms, state }: FeatureProps, orderPulls: OrderPulls) {
    const { stateTable, buyerTable, reports, people } = state;
    const failureImpact = 'People cannot work: the console shows errors instead of orders and reports.';
    const handler = new NodeFunction(scope, 'HttpApiFunction', {
      tenant,
      alarms,
      name: 'http-api',
      entry: 'index.ts',
      envSchema,
      environment: {
        STATE_TABLE_NAME: stateTable.table.tableName,
        BUYER_TABLE_NAME: buyerTable.table.tableName,
        REPORT_BUCKET_NAME: reports.bucket.bucketName,
        CREDENTIALS_PREFIX: state.credentials.prefix,
        CREDENTIALS_KEY_ALIAS: `alias/markeplay/${tenant}`,
        ...orderPulls.queueUrls,
      },
      timeout: TIMEOUT,
      memoryMb: 1024,
      failureImpact,
    });
    // No DeleteItem: what people did stays written down.
    stateTable.grant(handler, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
    for (const index of ['ordersByChannel', 'reportsByChannel', 'waitingOrders', 'dueFollowUps'] as const) {
      stateTable.grantIndexQuery(handler, STATE_TABLE.indexes[index]);
    }
    buyerTable.grant(handler, ['GetItem']);
    // Keys of providers only: what has to ask a marketplace is done elsewhere.
    state.credentials.grantRead(handler, 'personal-data');
    state.credentials.grantWrite(handler, 'personal-data');
    orderPulls.grantSend(handler);
    reports.grantRead(handler, [RECONCILED_PREFIX]);
    reports.grantWrite(handler, [REPORT_PREFIX]);

    const api = new HttpApi(scope, 'HttpApi', { tenant, people, handler });
    alarms.add(scope, 'HttpApiServerErrorsAlarm', {
      name: 'http-api-server-errors',
      impact: failureImpact,
      metric: api.metric('5xx', Stats.SUM, Duration.minutes(5)),
      above: 5,
      periods: 3,
      periodsAbove: 2,
    });
    alarms.add(scope, 'HttpApiLatencyAlarm', {
      name: 'http-api-latency',
      impact: 'People wait for seconds on every page of the console.',
      metric: api.metric('Latency', Stats.percentile(90), Duration.minutes(5)),
      above: LATENCY_MAX.toMilliseconds(),
      periods: 6,
    });
    this.outputs = { HttpApiUrl: api.url };
  }
}
