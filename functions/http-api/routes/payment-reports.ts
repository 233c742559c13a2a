import { Problem } from '../../../shared/runtime/http-problem.ts';
import {
  listPaymentReports,
  type ReadPaymentReportsDeps,
  readBucket,
  readPaymentReport,
} from '../../../shared/usecases/read-payment-reports.ts';
import {
  type RequestReportUploadDeps,
  requestReportUpload,
} from '../../../shared/usecases/request-report-upload.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Implementations } from '../implementation.ts';

export function paymentReportRoutes(
  deps: ReadPaymentReportsDeps & RequestReportUploadDeps,
): Pick<
  Implementations,
  'listPaymentReports' | 'readPaymentReport' | 'listPaymentReportRows' | 'requestReportUpload'
> {
  return {
    async listPaymentReports({ query: { channel, limit, cursor } }) {
      const list = `payment reports ${channel}`;
      const page = await listPaymentReports(deps, {
        channelId: channel,
        limit,
        cursor: openCursor(cursor, list),
      });
      if (page === undefined) throw new Problem('not-found');
      return { body: { reports: [...page.reports], cursor: sealCursor(page.cursor, list) } };
    },

    async readPaymentReport({ params: { reportId } }) {
      const report = await readPaymentReport(deps, reportId);
      if (report === undefined) throw new Problem('not-found');
      return { body: report };
    },

    async listPaymentReportRows({ params: { reportId, bucket }, query: { limit, cursor } }) {
      const list = `rows ${reportId} ${bucket}`;
      const skip = Number(openCursor(cursor, list) ?? 0);
      const page = await readBucket(deps, reportId, bucket, { skip, limit });
      if (page.outcome === 'unknown-report') throw new Problem('not-found');
      if (page.outcome === 'without-rows') throw new Problem('conflict', { code: 'report-without-rows' });
      return {
        body: {
          currency: page.currency,
          rows: [...page.rows],
          cursor: sealCursor(page.next?.toString(), list),
        },
      };
    },

    async requestReportUpload({ params: { channelId }, body, caller, requestId }) {
      const upload = await requestReportUpload(
        deps,
        { channelId, ...body },
        { actor: caller.subject, activityId: requestId.replaceAll(/[^\w-]/g, '_') },
      );
      if (upload.outcome === 'unknown-channel') throw new Problem('not-found');
      if (upload.outcome === 'not-amazon') throw new Problem('conflict', { code: 'channel-without-reports' });
      const { url, headers, objectKey, expiresAt } = upload;
      return { body: { method: 'PUT', url, headers: { ...headers }, objectKey, expiresAt } };
    },
  };
}
