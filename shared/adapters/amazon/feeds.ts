import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { broken, download, publicAddress } from './download.ts';

/** SP-API docs, Feeds API v2021-06-30, "Usage Plan" of each operation. */
export const CREATE_FEED_QUOTA: QuotaPlan = { ratePerSecond: 0.0083, burst: 15 };
export const GET_FEED_QUOTA: QuotaPlan = { ratePerSecond: 2, burst: 15 };
const CREATE_DOCUMENT_RATE = 0.5;
const GET_FEEDS_RATE = 0.0222;
const GET_DOCUMENT_RATE = 0.0222;

const UPLOAD_TIMEOUT_MS = 30_000;
/** A report says a line or two of each row that was refused. */
const RESULT_LIMITS = { bytesMax: 4 * 1024 * 1024, timeoutMs: 30_000 };
const RESULT_UNPACKED_BYTES_MAX = 32 * 1024 * 1024;

const idText = z.string().regex(/^[\w.:-]{1,200}$/);
const documentSchema = z.object({
  feedDocumentId: idText,
  url: z.string(),
  compressionAlgorithm: z.literal('GZIP').nullish(),
});
const createdSchema = z.object({ feedId: idText });
const feedSchema = z.object({
  feedId: idText,
  feedType: z.string(),
  createdTime: z.iso.datetime({ offset: true }),
  processingStatus: z.string(),
  resultFeedDocumentId: idText.nullish(),
});
const feedsSchema = z.object({ feeds: z.array(feedSchema) });

/** Where a feed stands. */
export interface AmazonFeed {
  readonly feedId: string;
  readonly state: 'processing' | 'done' | 'cancelled' | 'fatal' | 'unknown';
  /** Amazon's report on it, when there is one. */
  readonly resultDocumentId: string | undefined;
}

/** Amazon's words for it (Feeds API v2021-06-30, processingStatus). */
const STATES: ReadonlyMap<string, AmazonFeed['state']> = new Map([
  ['IN_QUEUE', 'processing'],
  ['IN_PROGRESS', 'processing'],
  ['DONE', 'done'],
  ['CANCELLED', 'cancelled'],
  ['FATAL', 'fatal'],
]);

export interface NewFeed {
  readonly feedType: string;
  /** Amazon's ids of the national marketplaces. */
  readonly siteIds: readonly string[];
  readonly contentType: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
  readonly feedOptions?: Readonly<Record<string, string>> | undefined;
}

/**
 * Hands a file to Amazon to work on: a document is made, filled, and named in a feed. Only the last call has an effect; one
 * that is lost before it leaves an empty document that Amazon deletes.
 * Source: SP-API docs, Feeds API v2021-06-30, "Submit a feed".
 * @returns the feed's id
 */
export async function submitFeed(client: AmazonClient, feed: NewFeed): Promise<string> {
  return createFeed(client, feed, await fillFeedDocument(client, feed));
}

/** The part that has no effect yet. @returns the document's id */
export async function fillFeedDocument(
  client: AmazonClient,
  { contentType, content }: Pick<NewFeed, 'contentType' | 'content'>,
): Promise<string> {
  const made = await client.call({
    operation: 'createFeedDocument',
    documentedRatePerSecond: CREATE_DOCUMENT_RATE,
    body: { contentType },
  });
  const { feedDocumentId, url } = parseAnswer('createFeedDocument', documentSchema, made);
  await upload(url, contentType, content);
  return feedDocumentId;
}

/** Has Amazon work on a document. @returns the feed's id */
export async function createFeed(
  client: AmazonClient,
  { feedType, siteIds, feedOptions }: Omit<NewFeed, 'contentType' | 'content'>,
  inputFeedDocumentId: string,
): Promise<string> {
  const answer = await client.call({
    operation: 'createFeed',
    documentedRatePerSecond: CREATE_FEED_QUOTA.ratePerSecond,
    body: {
      feedType,
      marketplaceIds: [...siteIds],
      inputFeedDocumentId,
      ...(feedOptions === undefined ? {} : { feedOptions }),
    },
  });
  return parseAnswer('createFeed', createdSchema, answer).feedId;
}

export async function readFeed(client: AmazonClient, feedId: string): Promise<AmazonFeed> {
  const answer = await client.call({
    operation: 'getFeed',
    documentedRatePerSecond: GET_FEED_QUOTA.ratePerSecond,
    path: { feedId },
  });
  return feedOf(parseAnswer('getFeed', feedSchema, answer));
}

/** Feeds of a type that were made at an instant or after it; Amazon does not say what stands in them. */
export async function feedsSince(
  client: AmazonClient,
  feedType: string,
  createdSince: string,
): Promise<readonly AmazonFeed[]> {
  const answer = await client.call({
    operation: 'getFeeds',
    documentedRatePerSecond: GET_FEEDS_RATE,
    query: { feedTypes: [feedType], createdSince, pageSize: 100 },
  });
  return parseAnswer('getFeeds', feedsSchema, answer).feeds.map(feedOf);
}

/** What Amazon reports of a feed that has come to its end, as text. */
export async function readFeedResult(client: AmazonClient, documentId: string): Promise<string> {
  const answer = await client.call({
    operation: 'getFeedDocument',
    documentedRatePerSecond: GET_DOCUMENT_RATE,
    path: { feedDocumentId: documentId },
  });
  const { url, compressionAlgorithm } = parseAnswer('getFeedDocument', documentSchema, answer);
  const pieces: Uint8Array[] = [];
  for await (const piece of await download('feed result', url, RESULT_LIMITS)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  try {
    const plain =
      compressionAlgorithm === 'GZIP'
        ? gunzipSync(bytes, { maxOutputLength: RESULT_UNPACKED_BYTES_MAX })
        : bytes;
    return plain.toString('utf8');
  } catch (cause) {
    throw new UnexpectedAnswerError('amazon', 'amazon feed result: cannot be unpacked', { cause });
  }
}

/** Amazon's report on a flat file or an invoice: two counts, and a row for each error. */
export function feedCounts(report: string): {
  readonly processed: number;
  readonly successful: number;
  readonly errorCode: string | undefined;
} {
  const count = (what: string): number => {
    const [, digits] = new RegExp(`records ${what}\\s+(\\d{1,9})\\b`, 'i').exec(report) ?? [];
    if (digits === undefined) {
      throw new UnexpectedAnswerError('amazon', `amazon feed result: no number of records ${what}`);
    }
    return Number(digits);
  };
  const errors = /^\d+\t[^\t\r\n]*\t(\d{1,6})\tError\b/im.exec(report);
  return { processed: count('processed'), successful: count('successful'), errorCode: errors?.[1] };
}

function feedOf({ feedId, processingStatus, resultFeedDocumentId }: z.infer<typeof feedSchema>): AmazonFeed {
  return {
    feedId,
    state: STATES.get(processingStatus) ?? 'unknown',
    resultDocumentId: resultFeedDocumentId ?? undefined,
  };
}

/** The address is good for a few minutes and for these bytes: whatever it says, nothing has happened yet. */
async function upload(
  address: string,
  contentType: string,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const url = publicAddress('feed document', address);
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': contentType },
    body: content,
    redirect: 'manual',
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw broken('feed document', error);
  });
  await answer.body?.cancel();
  if (answer.status === 200) return;
  throw new UnavailableError('amazon', `amazon feed document: ${answer.status} for the upload`);
}
