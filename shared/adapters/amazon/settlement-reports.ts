import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { PartnerError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import type { FoundSettlement, SettlementFinder, SettlementPage } from '../../ports/settlement-finder.ts';
import { parseAnswer, problemOf } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { download } from './download.ts';
import { grantedRatePerSecond } from './errors.ts';
import { foundReportSchema, getReportsAnswerSchema, reportDocumentSchema } from './schemas.ts';

/** SP-API docs, Reports API v2021-06-30, getReports and getReportDocument, "Usage Plan". */
export const GET_REPORTS_QUOTA: QuotaPlan = { ratePerSecond: 0.0222, burst: 10 };
export const GET_REPORT_DOCUMENT_QUOTA: QuotaPlan = { ratePerSecond: 0.0167, burst: 15 };

/** Made by Amazon when a settlement closes; it cannot be asked for (SP-API docs, "Settlement Reports"). */
const REPORT_TYPE = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
/** The most Amazon gives. */
const PAGE_SIZE = 100;
/** As it is sent: a settlement packs to about a tenth. */
const PACKED_BYTES_MAX = 128 * 1024 * 1024;
/** Three times a settlement of a million rows. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
/** The address is good for five minutes; a file of a million rows comes in one. */
const DOWNLOAD_TIMEOUT_MS = 120_000;

/** Amazon's words for where a report stands (Reports API v2021-06-30, processingStatus). */
const STATES: ReadonlyMap<string, FoundSettlement['state']> = new Map([
  ['IN_QUEUE', 'preparing'],
  ['IN_PROGRESS', 'preparing'],
  ['DONE', 'ready'],
  ['CANCELLED', 'empty'],
  ['FATAL', 'failed'],
]);

/** Finds the settlement reports that Amazon made by itself. */
export function createAmazonSettlementFinder(
  clientOf: (accountId: string) => Promise<AmazonClient>,
): SettlementFinder {
  return {
    async findSettlements(accountId, question) {
      const client = await clientOf(accountId);
      const answer = await client.call({
        operation: 'getReports',
        documentedRatePerSecond: GET_REPORTS_QUOTA.ratePerSecond,
        // A page token goes alone: with any other parameter the call fails.
        query:
          'pageToken' in question
            ? { nextToken: question.pageToken }
            : { reportTypes: [REPORT_TYPE], pageSize: PAGE_SIZE, createdSince: question.createdSince },
      });
      const { reports, nextToken } = parseAnswer('getReports', getReportsAnswerSchema, answer);
      return {
        ...read(reports),
        nextPageToken: nextToken || undefined,
        grantedRatePerSecond: grantedRatePerSecond(answer.headers),
      };
    },

    async openSettlement({ accountId, reportId, documentId }) {
      return openReportDocument(await clientOf(accountId), `report ${reportId}`, documentId);
    },
  };
}

/** What stands in a report, unpacked, as it comes. */
export async function openReportDocument(
  client: AmazonClient,
  what: string,
  documentId: string,
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await client.call({
    operation: 'getReportDocument',
    documentedRatePerSecond: GET_REPORT_DOCUMENT_QUOTA.ratePerSecond,
    path: { reportDocumentId: documentId },
  });
  const document = parseAnswer('getReportDocument', reportDocumentSchema, answer);
  const bytes = await download(what, document.url, {
    bytesMax: PACKED_BYTES_MAX,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  return document.compressionAlgorithm === 'GZIP' ? unpacked(what, bytes) : bytes;
}

/** Reports are read one by one, so that a broken one costs itself and nothing else. */
function read(reports: readonly unknown[]): Pick<SettlementPage, 'settlements' | 'unreadable'> {
  const settlements: FoundSettlement[] = [];
  const unreadable: string[] = [];
  for (const report of reports) {
    const parsed = foundReportSchema.safeParse(report);
    if (!parsed.success) {
      unreadable.push(problemOf(parsed.error.issues));
      continue;
    }
    const { reportId, reportType, createdTime, processingStatus, reportDocumentId, marketplaceIds } =
      parsed.data;
    if (reportType !== REPORT_TYPE) continue;
    const state = STATES.get(processingStatus) ?? 'unknown';
    settlements.push({
      reportId,
      createdAt: new Date(createdTime).toISOString(),
      siteIds: marketplaceIds ?? [],
      // Ready without a document is a contradiction: a person has to look.
      state: state === 'ready' && !reportDocumentId ? 'unknown' : state,
      documentId: reportDocumentId ?? undefined,
    });
  }
  return { settlements, unreadable };
}

async function* unpacked(what: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // The pipeline hands the failure of either end to whoever reads; nothing else is to be done about it here.
  const gunzip = pipeline(Readable.from(packed), createGunzip(), () => {});
  let bytes = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      bytes += piece.byteLength;
      if (bytes > UNPACKED_BYTES_MAX) {
        throw new UnexpectedAnswerError(
          'amazon',
          `amazon ${what}: unpacks to more than ${UNPACKED_BYTES_MAX} bytes`,
        );
      }
      yield piece;
    }
  } catch (error) {
    if (error instanceof PartnerError) throw error;
    throw new UnexpectedAnswerError('amazon', `amazon ${what}: cannot be unpacked`, { cause: error });
  }
}
