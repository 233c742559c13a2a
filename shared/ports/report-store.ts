import type { Report, StatementHead } from '../domain/report.ts';

export interface ReportStore {
  getReport(reportId: string): Promise<Report | undefined>;
  /** Notes that a report is being worked on; `exists` when it was noted before, finished or not. */
  beginReport(report: Report): Promise<'begun' | 'exists'>;
  /** Stores the outcome unless a final one is there already. */
  finishReport(report: Report): Promise<'finished' | 'already-final'>;
  /** Notes on an imported report that another one has taken its place; repeating it changes nothing. */
  noteReplaced(reportId: string, standsInstead: string): Promise<void>;
  /** Reports of a channel, newest upload first. */
  listReports(query: {
    channelId: string;
    limit: number;
    cursor?: string | undefined;
  }): Promise<{ reports: readonly Report[]; cursor: string | undefined }>;
}

/** Which upload of each statement stands. */
export interface StatementStore {
  getHeads(accountId: string, unitKeys: readonly string[]): Promise<Map<string, StatementHead>>;
  /** Puts the head in place of the expected one (none = undefined); `moved` when another stood there. */
  replaceHead(head: StatementHead, expected: StatementHead | undefined): Promise<'replaced' | 'moved'>;
}
