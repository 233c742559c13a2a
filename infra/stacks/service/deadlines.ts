import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { envSchema as measureShippingRatesEnv } from '../../../functions/measure-shipping-rates/env.ts';
import { envSchema as watchDeadlinesEnv } from '../../../functions/watch-deadlines/env.ts';
import { STATE_TABLE } from '../../../shared/adapters/dynamodb/table.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { serviceMetric } from '../../constructs/service-metric.ts';
import type { FeatureProps } from './feature.ts';

const WATCHED_EVERY = Duration.minutes(15);

/** By when orders have to leave and numbers have to be scanned, and how channels stand to their marketplaces' standards. */
export function addDeadlines(scope: Construct, { tenant, alarms, state }: FeatureProps): void {
  const { stateTable } = state;
  const environment = { STATE_TABLE_NAME: stateTable.table.tableName };
  const { function: watchDeadlines } = new ScheduledFunction(scope, 'WatchDeadlines', {
    tenant,
    alarms,
    name: 'watch-deadlines',
    entry: 'index.ts',
    envSchema: watchDeadlinesEnv,
    environment,
    every: WATCHED_EVERY,
    timeout: Duration.minutes(5),
    memoryMb: 512,
    failureImpact: 'Nobody is told of orders that have to leave soon: they may be shipped late.',
  });
  stateTable.grant(watchDeadlines, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem']);
  stateTable.grantIndexQuery(watchDeadlines, STATE_TABLE.indexes.ordersToShip);

  const { function: measureShippingRates } = new ScheduledFunction(scope, 'MeasureShippingRates', {
    tenant,
    alarms,
    name: 'measure-shipping-rates',
    entry: 'index.ts',
    envSchema: measureShippingRatesEnv,
    environment,
    dailyAt: { hour: 5, minute: 30, timeZone: 'Europe/Rome' },
    timeout: Duration.minutes(15),
    memoryMb: 512,
    failureImpact: 'The rates of late shipments and valid tracking that people see are those of another day.',
  });
  stateTable.grant(measureShippingRates, ['GetItem', 'BatchGetItem', 'Query', 'PutItem']);
  stateTable.grantIndexQuery(measureShippingRates, STATE_TABLE.indexes.ordersByChannel);

  alarms.add(scope, 'DeadlinesCloseAlarm', {
    name: 'deadlines-close',
    impact: 'An order has used up four fifths of its time to leave, or its number of its time to be scanned.',
    metric: serviceMetric(tenant, 'watch-deadlines', 'DeadlinesClose', WATCHED_EVERY),
    above: 0,
    periods: 1,
  });
  alarms.add(scope, 'DeadlinesMissedAlarm', {
    name: 'deadlines-missed',
    impact:
      'An order has not left in time, or its number was not scanned in time: the marketplace counts it.',
    metric: serviceMetric(tenant, 'watch-deadlines', 'DeadlinesMissed', WATCHED_EVERY),
    above: 0,
    periods: 1,
  });
  alarms.add(scope, 'ShippingRatesInDangerAlarm', {
    name: 'shipping-rates-in-danger',
    impact:
      'A channel is close to a standard of its marketplace, or past it: selling there may be restricted.',
    metric: serviceMetric(tenant, 'measure-shipping-rates', 'ChannelsWithRatesInDanger', Duration.days(1)),
    above: 0,
    periods: 1,
  });
}
