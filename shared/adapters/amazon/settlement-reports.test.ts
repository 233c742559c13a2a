import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RejectedError, UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { AmazonRequest } from './client.ts';
import { createAmazonSettlementFinder } from './settlement-reports.ts';

const TYPE = 'GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2';
const ADDRESS = 'https://documents.example.com/50?key=PRIVATE';
const report = (changes: object = {}) => ({
  reportId: '50',
  reportType: TYPE,
  createdTime: '2026-11-20T09:00:00+01:00',
  processingStatus: 'DONE',
  reportDocumentId: 'amzn1.spdoc.1.4.eu.x',
  marketplaceIds: ['APJ6JRA9NG5V4'],
  ...changes,
});

function finderAnswering(body: unknown, headers: Record<string, string> = {}) {
  const requests: AmazonRequest[] = [];
  const finder = createAmazonSettlementFinder(async (accountId) => {
    if (accountId !== 'A1') throw new Error(`no client was set up for ${accountId}`);
    return {
      call: async (request) => {
        requests.push(request);
        return { statusCode: 200, headers, body: JSON.stringify(body) };
      },
    };
  });
  return { finder, requests };
}

describe('the list', () => {
  test('asks for settlements by their type, and for a further page by its token alone', async () => {
    const { finder, requests } = finderAnswering(
      { reports: [report()], nextToken: 'next' },
      { 'x-amzn-ratelimit-limit': '0.03' },
    );
    const page = await finder.findSettlements('A1', { createdSince: '2026-09-01T00:00:00.000Z' });
    await finder.findSettlements('A1', { pageToken: 'next' });
    expect(requests).toEqual([
      {
        operation: 'getReports',
        documentedRatePerSecond: 0.0222,
        query: { reportTypes: [TYPE], pageSize: 100, createdSince: '2026-09-01T00:00:00.000Z' },
      },
      { operation: 'getReports', documentedRatePerSecond: 0.0222, query: { nextToken: 'next' } },
    ]);
    expect(page).toEqual({
      settlements: [
        {
          reportId: '50',
          createdAt: '2026-11-20T08:00:00.000Z',
          siteIds: ['APJ6JRA9NG5V4'],
          state: 'ready',
          documentId: 'amzn1.spdoc.1.4.eu.x',
        },
      ],
      unreadable: [],
      nextPageToken: 'next',
      grantedRatePerSecond: 0.03,
    });
  });

  test.each([
    ['IN_QUEUE', 'preparing'],
    ['IN_PROGRESS', 'preparing'],
    ['DONE', 'ready'],
    ['CANCELLED', 'empty'],
    ['FATAL', 'failed'],
    ['A_WORD_OF_NEXT_YEAR', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', async (processingStatus, state) => {
    const { finder } = finderAnswering({ reports: [report({ processingStatus })] });
    const page = await finder.findSettlements('A1', { pageToken: 'x' });
    expect(page.settlements).toMatchObject([{ state }]);
  });

  test('a report that is done and has no document is not understood', async () => {
    const { finder } = finderAnswering({ reports: [report({ reportDocumentId: undefined })] });
    const page = await finder.findSettlements('A1', { pageToken: 'x' });
    expect(page.settlements).toMatchObject([{ state: 'unknown' }]);
  });

  test('a broken entry is set aside and not quoted, one of another type is left out', async () => {
    const { finder } = finderAnswering({
      reports: [
        report({ reportId: '../PRIVATE' }),
        report({ createdTime: 'PRIVATE' }),
        report({ reportType: 'GET_V2_OTHER' }),
        report({ marketplaceIds: undefined }),
      ],
    });
    const page = await finder.findSettlements('A1', { pageToken: 'x' });
    expect(page.settlements).toMatchObject([{ reportId: '50', siteIds: [] }]);
    expect(page.unreadable).toEqual(['reportId: invalid_format', 'createdTime: invalid_format']);
  });

  test('of another shape is unexpected', async () => {
    const { finder } = finderAnswering({ payload: [] });
    await expect(finder.findSettlements('A1', { pageToken: 'x' })).rejects.toBeInstanceOf(
      UnexpectedAnswerError,
    );
  });
});

describe('a document', () => {
  let host: () => Response;
  const fetched: string[] = [];
  beforeEach(() => {
    fetched.length = 0;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
      fetched.push(String(input));
      return host();
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const FILE = Buffer.from('settlement-id\tamount\r\n90000000001\t12,30\r\n'.repeat(1_000), 'latin1');
  const wanted = { accountId: 'A1', reportId: '50', documentId: 'amzn1.spdoc.1.4.eu.x' };
  const PACKED = { reportDocumentId: 'd', url: ADDRESS, compressionAlgorithm: 'GZIP' };
  async function read(document: object): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of await finderAnswering(document).finder.openSettlement(wanted))
      pieces.push(piece);
    return Buffer.concat(pieces);
  }
  const failure = (document: object) =>
    read(document).then(
      () => {
        throw new Error('it did not fail');
      },
      (error: Error) => error,
    );

  test('is one call and one download, unpacked byte by byte', async () => {
    host = () => new Response(new Uint8Array(gzipSync(FILE)));
    const { finder, requests } = finderAnswering(PACKED);
    const pieces: Uint8Array[] = [];
    for await (const piece of await finder.openSettlement(wanted)) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(FILE)).toBe(true);
    expect(requests).toEqual([
      {
        operation: 'getReportDocument',
        documentedRatePerSecond: 0.0167,
        path: { reportDocumentId: 'amzn1.spdoc.1.4.eu.x' },
      },
    ]);
    expect(fetched).toEqual([ADDRESS]);
  });

  test('that is not packed comes as it is', async () => {
    host = () => new Response(new Uint8Array(FILE));
    expect((await read({ reportDocumentId: 'd', url: ADDRESS })).equals(FILE)).toBe(true);
  });

  test.each([
    ['that is cut off', gzipSync(FILE).subarray(0, 60)],
    ['with a broken byte', Buffer.concat([gzipSync(FILE).subarray(0, -8), Buffer.alloc(8)])],
    ['that is not packed at all', FILE],
    ['without anything in it', Buffer.alloc(0)],
  ])('%s is unexpected, and not handed on as whole', async (_, bytes) => {
    host = () => new Response(new Uint8Array(bytes));
    const error = await failure(PACKED);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error.message).toBe('amazon report 50: cannot be unpacked');
  });

  test('whose address has expired is refused without naming it', async () => {
    host = () => new Response('<Error><Code>AccessDenied</Code>PRIVATE</Error>', { status: 403 });
    const error = await failure(PACKED);
    expect(error).toBeInstanceOf(RejectedError);
    expect(error.message).toBe('amazon report 50: 403');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('PRIVATE');
  });

  test('whose connection breaks off is unavailable, packed or not', async () => {
    host = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(gzipSync(FILE).subarray(0, 60)));
            controller.error(new TypeError('terminated PRIVATE'));
          },
        }),
      );
    for (const document of [PACKED, { reportDocumentId: 'd', url: ADDRESS }]) {
      const error = await failure(document);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(String(error.cause)).not.toContain('PRIVATE');
    }
  });

  test.each([
    { ...PACKED, compressionAlgorithm: 'ZSTD' },
    { reportDocumentId: 'd' },
    { ...PACKED, url: 'http://documents.example.com/PRIVATE' },
  ])('described by %j is unexpected, and nothing is downloaded', async (document) => {
    expect(await failure(document)).toBeInstanceOf(UnexpectedAnswerError);
    expect(fetched).toEqual([]);
  });
});
