import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { receiptMakingRequestedSchema } from '../../events/receipt-making-requested.ts';
import { MetricUnit } from '../../shared/runtime/observability.ts';
import { type BatchLogger, processJobs } from '../../shared/runtime/sqs-batch.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { ReceiptOutcome } from '../../shared/usecases/finish-receipt.ts';
import type { DueReceiptFacts } from '../../shared/usecases/issue-due-receipts.ts';
import type { ResumedReceipts } from '../../shared/usecases/retry-receipt.ts';

interface Sinks {
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    warn(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Each message asks for one stored document to be made. */
export function createIssueReceiptsHandler(
  deps: Sinks & {
    readonly finish: (receiptId: string) => Promise<ReceiptOutcome>;
    readonly logger: BatchLogger & Sinks['logger'];
  },
) {
  const { finish, logger, metrics } = deps;
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processJobs(event, receiptMakingRequestedSchema, logger, async ({ receiptId }) => {
      const made = await finish(receiptId);
      const refused = made.outcome === 'refused';
      const problem = refused ? made.problem : made.receipt.problem;
      logger[refused ? 'warn' : 'info']('receipt-made', { receiptId, outcome: made.outcome, problem });
      metrics.addMetric('ReceiptsNotIssued', MetricUnit.Count, refused ? 1 : 0);
    });
}

/**
 * Every minute: what is due without anybody asking, and what was not finished. What the schedule sends along is not read.
 */
export function createIssueDueReceiptsHandler(
  deps: Sinks & {
    readonly sweep: (remainingMs: TimeBudget) => Promise<readonly string[]>;
    readonly issueDue: (remainingMs: TimeBudget) => Promise<DueReceiptFacts>;
    readonly resume: (remainingMs: TimeBudget) => Promise<ResumedReceipts>;
    readonly now: () => number;
  },
) {
  const { sweep, issueDue, resume, now, logger, metrics } = deps;
  return async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const remainingMs = lambdaTimeBudget(context);
    // What has a number comes first: it must not wait behind what has none.
    const { oldestRequestedAt, failures: ended, ...resumed } = await resume(remainingMs);
    const swept = await sweep(remainingMs);
    const { failures: leftToPeople, ...due } = await issueDue(remainingMs);
    const counts = { ...resumed, ...due };
    if (Object.values(counts).some((count) => count > 0)) logger.info('receipts-due', counts);
    if (swept.length > 0) logger.info('receipt-channels-swept', { channels: swept });
    for (const failure of [...ended, ...leftToPeople]) logger.warn('receipt-not-issued', { ...failure });
    metrics.addMetric('ReceiptsNotIssued', MetricUnit.Count, ended.length + leftToPeople.length);
    const ageMs = oldestRequestedAt === undefined ? 0 : now() - Date.parse(oldestRequestedAt);
    metrics.addMetric('OldestUnfinishedReceipt', MetricUnit.Seconds, Math.max(0, Math.round(ageMs / 1000)));
  };
}
