import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { reportJobSchema } from '../../events/report-requested.ts';
import { MetricUnit, type Observability } from '../../shared/runtime/observability.ts';
import { processJobs } from '../../shared/runtime/sqs-batch.ts';
import { type ReconcileReportDeps, reconcileReport } from '../../shared/usecases/reconcile-report.ts';

export interface ReconcileSettlementDeps extends ReconcileReportDeps {
  readonly observability: Pick<Observability, 'logger' | 'metrics'>;
}

/**
 * A payment report was uploaded: reconciles it, whichever of S3 and the hourly search told us.
 * A refused file is an outcome, not a failure; only what a later attempt may mend is given back to the queue.
 */
export function createReconcileSettlementHandler(deps: ReconcileSettlementDeps) {
  const { logger, metrics } = deps.observability;
  return (event: SQSEvent): Promise<SQSBatchResponse> =>
    processJobs(event, reportJobSchema, logger, async ({ objectKeys }) => {
      for (const objectKey of objectKeys) {
        const report = await reconcileReport(deps, objectKey);
        if (!report) {
          logger.info('report-skipped', { reason: 'the object is gone or is no payment report' });
          continue;
        }
        const { reportId, channelId, outcome, refusal, reconciliation } = report;
        logger.info('report-reconciled', {
          reportId,
          channelId,
          outcome,
          refusal: refusal?.code,
          rows: reconciliation?.rows,
          balanced: reconciliation?.control.balanced,
          waitingRows: reconciliation?.buckets.waiting.rows,
          rejectedRows: reconciliation?.rejectedCount,
        });
        metrics.addMetric(
          outcome === 'refused' ? 'ReportsRefused' : 'ReportsReconciled',
          MetricUnit.Count,
          1,
        );
        if (reconciliation) metrics.addMetric('ReportRows', MetricUnit.Count, reconciliation.rows);
        if (reconciliation?.control.balanced === false)
          metrics.addMetric('ReportsUnbalanced', MetricUnit.Count, 1);
      }
    });
}
