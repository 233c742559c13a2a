import type { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metricsNamespace } from './names.ts';

/** What functions count themselves; those of one folder count together, under its name. The highest count of a period unless said otherwise. */
export function serviceMetric(
  tenant: string,
  service: string,
  metricName: string,
  period: Duration,
  statistic: string = Stats.MAXIMUM,
): Metric {
  return new Metric({
    namespace: metricsNamespace(tenant),
    metricName,
    dimensionsMap: { service },
    statistic,
    period,
  });
}
