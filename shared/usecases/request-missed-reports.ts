import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ReportFiles, ReportObject } from '../ports/report-files.ts';
import type { ReportStore } from '../ports/report-store.ts';

export interface RequestMissedReportsDeps {
  readonly files: ReportFiles;
  readonly reports: ReportStore;
  /** Jobs carry the key of the object to reconcile. */
  readonly queue: JobQueue<{ readonly objectKey: string }>;
  readonly clock: Clock;
  readonly reportIdOf: (object: ReportObject) => string;
  readonly channelOf: (objectKey: string) => string | undefined;
}

/** An upload is given this long to come in by its event before it is asked for. */
const EVENT_DELAY_MS = 15 * 60_000;
/** Longer than all redeliveries of a message together: by then the message is in the dead-letter queue. */
const GIVEN_UP_AFTER_MS = 6 * 3_600_000;

/**
 * Finds uploaded payment reports that nobody works on: their event was lost, or work on them was given up half way
 * and its message is gone. Asking twice is harmless: a report's outcome is written once.
 */
export async function requestMissedReports(
  deps: RequestMissedReportsDeps,
): Promise<{ seen: number; requested: number }> {
  let seen = 0;
  let requested = 0;
  for await (const object of deps.files.list()) {
    seen++;
    if (deps.channelOf(object.objectKey) === undefined) continue;
    const now = deps.clock.now();
    if (now - Date.parse(object.uploadedAt) < EVENT_DELAY_MS) continue;
    const report = await deps.reports.getReport(deps.reportIdOf(object));
    const givenUp =
      report?.outcome === 'processing' && now - Date.parse(report.startedAt) >= GIVEN_UP_AFTER_MS;
    if (report && !givenUp) continue;
    await deps.queue.send({ objectKey: object.objectKey });
    requested++;
  }
  return { seen, requested };
}
