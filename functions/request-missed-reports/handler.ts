import { MetricUnit, type Observability } from '../../shared/runtime/observability.ts';
import { requestMissedFiles } from '../../shared/usecases/request-missed-files.ts';
import {
  type RequestMissedReportsDeps,
  requestMissedReports,
} from '../../shared/usecases/request-missed-reports.ts';

export interface RequestMissedReportsHandlerDeps extends RequestMissedReportsDeps {
  readonly shipmentFiles: Omit<Parameters<typeof requestMissedFiles>[0], 'clock'>;
  readonly observability: Pick<Observability, 'logger' | 'metrics'>;
}

/** Every hour: uploaded payment reports and files of shipments that nobody works on are put on their queues again. */
export function createRequestMissedReportsHandler(deps: RequestMissedReportsHandlerDeps) {
  return async (): Promise<void> => {
    const { seen, requested } = await requestMissedReports(deps);
    const files = await requestMissedFiles({ ...deps.shipmentFiles, clock: deps.clock });
    deps.observability.logger.info('missed-reports-requested', {
      seen,
      requested,
      shipmentFilesRequested: files.requested,
    });
    deps.observability.metrics.addMetric('ReportsMissed', MetricUnit.Count, requested + files.requested);
  };
}
