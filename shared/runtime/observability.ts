import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

/** All our metrics stand in this CloudWatch namespace, with the function as dimension `service`. */
const METRICS_NAMESPACE = 'MarkeplayChannels';

/** What a function says about itself. */
export interface Observability {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** @param service the function's name in kebab-case, e.g. `pull-orders` */
export function createObservability(service: string): Observability {
  return {
    logger: new Logger({ serviceName: service }),
    metrics: new Metrics({ namespace: METRICS_NAMESPACE, serviceName: service }),
    tracer: new Tracer({ serviceName: service }),
  };
}

/**
 * Logger, metrics and tracer around a handler. Neither the event nor the answer is logged or traced: both may
 * carry what must not be kept.
 */
export function withObservability<Event, Answer>(
  { logger, metrics, tracer }: Observability,
  handler: (event: Event, context: Context) => Promise<Answer>,
) {
  return middy<Event, Answer>()
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }))
    .handler(handler);
}
