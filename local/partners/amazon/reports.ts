import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { PartnerAnswer } from '../partner.ts';
import { AmazonRefusal, invalidInput } from './answers.ts';
import { instantSchema, list, parseQuery } from './query.ts';
import {
  DOCUMENT_HOST,
  getReportsResponseSchema,
  PROCESSING_STATUSES,
  reportDocumentSchema,
} from './schemas.ts';

/** Reports are kept, and may be asked for, this long. */
const KEPT_MS = 90 * 86_400_000;
const DOCUMENT_ADDRESS_LIFE_MS = 5 * 60_000;
const PAGE_TOKEN_LIFE_MS = 3_600_000;

/** A report that Amazon makes by itself. */
export interface StandInReport {
  readonly reportId: string;
  readonly reportType: string;
  readonly marketplaceIds: readonly string[];
  /** When it appears, e.g. when a settlement closes. Milliseconds since the epoch. */
  readonly createdMs: number;
  /** When it is done; with the creation unless stated. */
  readonly doneMs?: number | undefined;
  /** Where it ends; `DONE` unless stated. */
  readonly ends?: 'DONE' | 'CANCELLED' | 'FATAL' | undefined;
  readonly contents: string;
  /** Sent packed unless stated. */
  readonly packed?: boolean | undefined;
}

const filterSchema = z.strictObject({
  reportTypes: list(z.string().min(1)).pipe(z.array(z.string()).max(10)),
  processingStatuses: list(z.enum(PROCESSING_STATUSES)).optional(),
  marketplaceIds: list(z.string().min(1)).pipe(z.array(z.string()).max(10)).optional(),
  pageSize: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(100)).default(10),
  createdSince: instantSchema.optional(),
  createdUntil: instantSchema.optional(),
});
type Filter = z.infer<typeof filterSchema>;

const documentSchema = z.strictObject({
  enableContentEncodingUrlHeader: z.enum(['true', 'false']).optional(),
});

/**
 * getReports and getReportDocument over reports kept in memory, and the host their documents are downloaded from.
 * Source: SP-API docs, Reports API v2021-06-30 reference and "Retrieve a report".
 */
export class ReportsApi {
  readonly #reports = new Map<string, StandInReport>();
  readonly #now: () => number;
  readonly #pages = new Map<
    string,
    { readonly filter: Filter; readonly from: number; readonly issuedAtMs: number }
  >();
  readonly #addresses = new Map<string, { readonly report: StandInReport; readonly issuedAtMs: number }>();

  constructor(reports: readonly StandInReport[], now: () => number) {
    this.#now = now;
    for (const report of reports) this.put(report);
  }

  /** Adds a report or replaces it. */
  put(report: StandInReport): void {
    this.#reports.set(report.reportId, report);
  }

  list(query: URLSearchParams): z.infer<typeof getReportsResponseSchema> {
    const nowMs = this.#now();
    const { filter, from } = this.#question(query, nowMs);
    const sinceMs = filter.createdSince ?? nowMs - KEPT_MS;
    const untilMs = filter.createdUntil ?? nowMs;
    const found = [...this.#reports.values()]
      .filter(
        (report) =>
          report.createdMs <= nowMs &&
          report.createdMs >= Math.max(sinceMs, nowMs - KEPT_MS) &&
          report.createdMs <= untilMs &&
          filter.reportTypes.includes(report.reportType) &&
          (filter.processingStatuses === undefined ||
            filter.processingStatuses.includes(this.#statusOf(report))) &&
          (filter.marketplaceIds === undefined ||
            filter.marketplaceIds.some((id) => report.marketplaceIds.includes(id))),
      )
      .sort((a, b) => b.createdMs - a.createdMs);
    const shown = found.slice(from, from + filter.pageSize);
    let nextToken: string | undefined;
    if (found.length > from + shown.length) {
      nextToken = randomUUID();
      this.#pages.set(nextToken, { filter, from: from + shown.length, issuedAtMs: nowMs });
    }
    return getReportsResponseSchema.parse({
      reports: shown.map((report) => this.#shown(report)),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
  }

  document(documentId: string, query: URLSearchParams): z.infer<typeof reportDocumentSchema> {
    parseQuery(documentSchema, query);
    const report = [...this.#reports.values()].find(
      (known) => documentIdOf(known) === documentId && this.#statusOf(known) === 'DONE',
    );
    if (report === undefined) {
      throw new AmazonRefusal(404, 'NotFound', 'The requested report document was not found.');
    }
    const key = randomUUID();
    this.#addresses.set(key, { report, issuedAtMs: this.#now() });
    return reportDocumentSchema.parse({
      reportDocumentId: documentId,
      url: `https://${DOCUMENT_HOST}/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300`,
      ...(report.packed === false ? {} : { compressionAlgorithm: 'GZIP' }),
    });
  }

  /** A download, as S3 answers it: no token, only the address, and that for five minutes. */
  download({ pathname }: URL): PartnerAnswer {
    const known = this.#addresses.get(pathname.slice(1));
    if (known === undefined || this.#now() - known.issuedAtMs > DOCUMENT_ADDRESS_LIFE_MS) {
      return {
        operation: 'report-document',
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
      };
    }
    const bytes = Buffer.from(known.report.contents);
    return {
      operation: 'report-document',
      status: 200,
      headers: { 'content-type': 'text/plain;charset=UTF-8' },
      body: '',
      bytes: known.report.packed === false ? bytes : gzipSync(bytes),
    };
  }

  #question(query: URLSearchParams, nowMs: number): { filter: Filter; from: number } {
    const token = query.get('nextToken');
    if (token === null) {
      const filter = parseQuery(filterSchema, query);
      if (filter.createdSince !== undefined && filter.createdSince < nowMs - KEPT_MS) {
        throw invalidInput('createdSince is more than 90 days ago');
      }
      return { filter, from: 0 };
    }
    if ([...query.keys()].length > 1) throw invalidInput('nextToken must be the only parameter');
    const page = this.#pages.get(token);
    if (page === undefined || nowMs - page.issuedAtMs > PAGE_TOKEN_LIFE_MS) {
      throw invalidInput('nextToken is not known or has expired');
    }
    return page;
  }

  #statusOf({ doneMs, createdMs, ends = 'DONE' }: StandInReport): (typeof PROCESSING_STATUSES)[number] {
    return this.#now() >= (doneMs ?? createdMs) ? ends : 'IN_PROGRESS';
  }

  #shown(report: StandInReport): z.infer<typeof getReportsResponseSchema>['reports'][number] {
    const processingStatus = this.#statusOf(report);
    return {
      reportId: report.reportId,
      reportType: report.reportType,
      marketplaceIds: [...report.marketplaceIds],
      createdTime: new Date(report.createdMs).toISOString(),
      processingStatus,
      ...(processingStatus === 'DONE' ? { reportDocumentId: documentIdOf(report) } : {}),
    };
  }
}

function documentIdOf({ reportId }: StandInReport): string {
  return `amzn1.spdoc.1.4.eu.demo-${reportId}`;
}
