import { MetricUnit } from '../../shared/runtime/observability.ts';
import { lambdaTimeBudget, type TimeBudget } from '../../shared/runtime/time-budget.ts';
import type { SettlementSearchFacts } from '../../shared/usecases/find-settlement-reports.ts';

export interface FindSettlementReportsHandlerDeps {
  readonly find: (remainingMs: TimeBudget) => Promise<SettlementSearchFacts>;
  readonly logger: {
    info(message: string, fields: Record<string, unknown>): void;
    error(message: string, fields: Record<string, unknown>): void;
  };
  readonly metrics: {
    addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void;
  };
}

/** Every hour: settlement reports that the marketplace made are put where uploads go. What the schedule sends is not read. */
export function createFindSettlementReportsHandler({
  find,
  logger,
  metrics,
}: FindSettlementReportsHandlerDeps) {
  return async (_event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const { accounts, put, known, preparing, left, problems } = await find(lambdaTimeBudget(context));
    logger.info('settlement-reports-searched', { accounts, put: put.length, known, preparing, left });
    for (const report of put) logger.info('settlement-report-put', { ...report });
    for (const problem of problems) logger.error('settlement-report-failed', { ...problem });
    metrics.addMetric('SettlementReportsFound', MetricUnit.Count, put.length);
    metrics.addMetric('SettlementReportsFailed', MetricUnit.Count, problems.length);
  };
}
