import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { remoteActionRequestedSchema } from '../../events/remote-action-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { PerformedRemoteAction } from '../../shared/usecases/perform-remote-action.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof remoteActionRequestedSchema.parse>;

export interface PerformRemoteActionHandlerDeps {
  readonly perform: (job: Job, remainingMs: TimeBudget) => Promise<PerformedRemoteAction>;
  readonly logger: BatchLogger & {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one action at a marketplace to be carried on. */
export function createPerformRemoteActionHandler({
  perform,
  logger,
  metrics,
}: PerformRemoteActionHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, remoteActionRequestedSchema, logger, async (job) => {
      const performed = await perform(job, remainingMs);
      const { outcome } = performed;
      const { orderId, actionId } = job;
      const say = outcome === 'refused' || outcome === 'unclear' ? 'warn' : 'info';
      logger[say]('remote-action', { orderId, actionId, ...performed });
      const count = (of: PerformedRemoteAction['outcome']): number => (outcome === of ? 1 : 0);
      metrics.addMetric('RemoteActionsDone', MetricUnit.Count, count('done'));
      metrics.addMetric('RemoteActionsRefused', MetricUnit.Count, count('refused'));
      metrics.addMetric('RemoteActionsUnclear', MetricUnit.Count, count('unclear'));
    });
  };
}
