import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { listingWorkRequestedSchema } from '../../events/listing-work-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { SyncedListings } from '../../shared/usecases/sync-listings.ts';

/** What one message asks for, as its schema reads it. */
type Job = ReturnType<typeof listingWorkRequestedSchema.parse>;

export interface SyncListingsHandlerDeps {
  readonly sync: (job: Job, remainingMs: TimeBudget) => Promise<SyncedListings>;
  readonly logger: BatchLogger & { info(message: string, fields: Record<string, unknown>): void };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one piece of work for a channel's listings. */
export function createSyncListingsHandler({ sync, logger, metrics }: SyncListingsHandlerDeps) {
  return (event: SQSEvent, context: { getRemainingTimeInMillis(): number }): Promise<SQSBatchResponse> => {
    const remainingMs = lambdaTimeBudget(context);
    return processJobs(event, listingWorkRequestedSchema, logger, async (job) => {
      const synced = await sync(job, remainingMs);
      logger.info('listings', { channelId: job.channelId, planId: job.planId, ...synced });
      const failed = synced.work === 'pull' && synced.outcome === 'failed' && synced.problem !== 'throttled';
      metrics.addMetric('ListingLooksFailed', MetricUnit.Count, failed ? 1 : 0);
      const refused = synced.work === 'push' ? synced.refused + synced.unclear : 0;
      metrics.addMetric('ListingChangesRefused', MetricUnit.Count, refused);
    });
  };
}
