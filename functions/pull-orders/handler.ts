import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { orderPullRequestedSchema } from '../../events/order-pull-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { OrderPullJob, PullFacts } from '../../shared/usecases/pull-orders.ts';

export interface PullOrdersHandlerDeps {
  readonly pull: (job: OrderPullJob, remainingMs: TimeBudget) => Promise<PullFacts>;
  readonly logger: BatchLogger & { info(message: string, fields: Record<string, unknown>): void };
  readonly metrics: PullMetrics;
}

/** The part of Powertools' metrics this needs. */
export interface PullMetrics {
  addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  singleMetric(): {
    addDimension(name: string, value: string): unknown;
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one pull of one account. */
export function createPullOrdersHandler({ pull, logger, metrics }: PullOrdersHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, orderPullRequestedSchema, logger, async (job) => {
      const facts = await pull(job, remainingMs);
      const { unreadable, ...counts } = facts;
      logger.info('orders-pulled', { accountId: job.accountId, ...counts });
      for (const order of unreadable) logger.error('order-unreadable', { ...order });
      measure(metrics, facts);
    });
  };
}

function measure(metrics: PullMetrics, facts: PullFacts): void {
  metrics.addMetric('OrdersStored', MetricUnit.Count, facts.created + facts.updated);
  metrics.addMetric('OrdersUnchanged', MetricUnit.Count, facts.unchanged);
  metrics.addMetric('OrdersUnreadable', MetricUnit.Count, facts.unreadableCount);
  metrics.addMetric('OrdersFetchedSingly', MetricUnit.Count, facts.fetchedSingly);
  metrics.addMetric('OrdersFoundMissing', MetricUnit.Count, facts.foundMissing);
  metrics.addMetric('OrderSitesRefused', MetricUnit.Count, facts.refusedSites.length);
  metrics.addMetric('OrderPullsPutBack', MetricUnit.Count, facts.outcome === 'put-back' ? 1 : 0);
  if (facts.lags.length > 0) {
    const worstMs = Math.max(...facts.lags.map(({ lagMs }) => lagMs));
    metrics.addMetric('OrderSyncLagMax', MetricUnit.Seconds, Math.round(worstMs / 1000));
  }
  for (const { channelId, lagMs } of facts.lags) {
    const lag = metrics.singleMetric();
    lag.addDimension('channelId', channelId);
    lag.addMetric('OrderSyncLag', MetricUnit.Seconds, Math.round(lagMs / 1000));
  }
}
