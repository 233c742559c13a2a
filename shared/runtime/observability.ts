import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

export { MetricUnit };

/** What a function says about itself. */
export interface Observability {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Service name and metrics namespace come from Powertools' standard environment, which the stack sets. */
export function createObservability(): Observability {
  return { logger: new Logger(), metrics: new Metrics() };
}

/**
 * Logger and metrics around a handler; Lambda itself traces the invocation (docs/decisions/0005). Neither the event nor the answer is logged or traced: both may
 * carry what must not be kept.
 */
export function withObservability<Event, Answer>(
  { logger, metrics }: Observability,
  handler: (event: Event, context: Context) => Promise<Answer>,
) {
  return middy<Event, Answer>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }))
    .handler(handler);
}
