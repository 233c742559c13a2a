import { MetricUnit, type Observability } from '../../shared/runtime/observability.ts';
import {
  type RequestMissedReportsDeps,
  requestMissedReports,
} from '../../shared/usecases/request-missed-reports.ts';

export interface RequestMissedReportsHandlerDeps extends RequestMissedReportsDeps {
  readonly observability: Pick<Observability, 'logger' | 'metrics'>;
}

/** Every hour: uploaded payment reports that nobody works on are put on the queue again. */
export function createRequestMissedReportsHandler(deps: RequestMissedReportsHandlerDeps) {
  return async (): Promise<void> => {
    const { seen, requested } = await requestMissedReports(deps);
    deps.observability.logger.info('missed-reports-requested', { seen, requested });
    deps.observability.metrics.addMetric('ReportsMissed', MetricUnit.Count, requested);
  };
}
