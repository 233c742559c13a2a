import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { trackingCheckRequestedSchema } from '../../events/tracking-check-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { TrackingFacts } from '../../shared/usecases/track-shipments.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof trackingCheckRequestedSchema.parse>;

/** Answers that nobody here understands: somebody has to teach us. The other problems are a shop's everyday. */
const UNREADABLE: readonly string[] = ['unknown-shape', 'unknown-event'];

export interface TrackShipmentsHandlerDeps {
  readonly track: (job: Job, remainingMs: TimeBudget) => Promise<TrackingFacts>;
  readonly logger: BatchLogger & {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks where some shipments of one courier are. */
export function createTrackShipmentsHandler({ track, logger, metrics }: TrackShipmentsHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, trackingCheckRequestedSchema, logger, async (job) => {
      const { problems, ...counts } = await track(job, remainingMs);
      logger.info('shipments-tracked', { courier: job.courier, urgent: job.urgent, ...counts });
      for (const problem of problems) logger.warn('shipment-problem', { ...problem });
      const unreadable = problems.filter(({ kind }) => UNREADABLE.includes(kind));
      const putBack = counts.putBack.reduce((sum, { checks }) => sum + checks, 0);
      metrics.addMetric('TrackingChecks', MetricUnit.Count, counts.asked);
      // Over the shipments that ended: how many checks one takes.
      metrics.addMetric('ShipmentsEnded', MetricUnit.Count, counts.ended);
      metrics.addMetric('TrackingKnown', MetricUnit.Count, counts.known);
      metrics.addMetric('TrackingChecksPutBack', MetricUnit.Count, putBack);
      metrics.addMetric('TrackingProblems', MetricUnit.Count, problems.length);
      metrics.addMetric('TrackingUnreadable', MetricUnit.Count, unreadable.length);
    });
  };
}
