import type { Report, StatementHead } from '../../../shared/domain/report.ts';
import type { ReportStore, StatementStore } from '../../../shared/ports/report-store.ts';

/** The report store's semantics without a database: the same conditions, each method one atomic step. */
export class MemoryReportStore implements ReportStore {
  readonly #reports = new Map<string, Report>();

  async getReport(reportId: string): Promise<Report | undefined> {
    return structuredClone(this.#reports.get(reportId));
  }

  async beginReport(report: Report): Promise<'begun' | 'exists'> {
    if (this.#reports.has(report.reportId)) return 'exists';
    this.#reports.set(report.reportId, structuredClone(report));
    return 'begun';
  }

  async finishReport(report: Report): Promise<'finished' | 'already-final'> {
    const stored = this.#reports.get(report.reportId);
    if (stored && stored.outcome !== 'processing') return 'already-final';
    this.#reports.set(report.reportId, structuredClone(report));
    return 'finished';
  }

  async noteReplaced(reportId: string, standsInstead: string): Promise<void> {
    const stored = this.#reports.get(reportId);
    if (stored?.outcome === 'imported') this.#reports.set(reportId, { ...stored, standsInstead });
  }

  async listReports(query: Parameters<ReportStore['listReports']>[0]) {
    const key = (report: Report): string => `${report.uploadedAt}#${report.reportId}`;
    const sorted = [...this.#reports.values()]
      .filter((report) => report.channelId === query.channelId)
      .sort((a, b) => (key(a) < key(b) ? 1 : -1));
    const from =
      query.cursor === undefined ? 0 : sorted.findIndex((report) => key(report) === query.cursor) + 1;
    const reports = structuredClone(sorted.slice(from, from + query.limit));
    const last = reports.at(-1);
    return { reports, cursor: last && from + query.limit < sorted.length ? key(last) : undefined };
  }
}

/** The statement store's semantics without a database. */
export class MemoryStatementStore implements StatementStore {
  readonly #heads = new Map<string, StatementHead>();

  async getHeads(accountId: string, unitKeys: readonly string[]): Promise<Map<string, StatementHead>> {
    const found = new Map<string, StatementHead>();
    for (const unitKey of unitKeys) {
      const head = this.#heads.get(`${accountId} ${unitKey}`);
      if (head) found.set(unitKey, structuredClone(head));
    }
    return found;
  }

  async replaceHead(head: StatementHead, expected: StatementHead | undefined): Promise<'replaced' | 'moved'> {
    const key = `${head.accountId} ${head.unitKey}`;
    const stored = this.#heads.get(key);
    const version = (h: StatementHead | undefined): string => (h ? `${h.rank} ${h.reportId} ${h.state}` : '');
    if (version(stored) !== version(expected)) return 'moved';
    this.#heads.set(key, structuredClone(head));
    return 'replaced';
  }
}
