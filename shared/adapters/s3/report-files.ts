import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { ReportedEntry, ReportFiles, ReportObject } from '../../ports/report-files.ts';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';
import { ledgerEntrySchema } from '../ledger-entry.ts';
import { RECONCILED_PREFIX, REPLAY_PREFIX, REPORT_PREFIX } from './keys.ts';

/** JSON lines are handed on in pieces of about this size: one write per line would cost more than the JSON. */
const PIECE_CHARS = 64 * 1024;

const reportedEntrySchema = z.object({ marketplaceOrderId: z.string(), entry: ledgerEntrySchema });

/** Uploaded payment files and what is kept of them, in the tenant's report bucket. */
export function createReportFiles(client: S3Client, bucket: string): ReportFiles {
  const upload = async (key: string, body: Readable, contentType: string): Promise<void> => {
    try {
      await new Upload({
        client,
        params: { Bucket: bucket, Key: key, Body: body, ContentType: contentType },
      }).done();
    } catch (error) {
      throw awsFailure('s3', error);
    }
  };

  return {
    async find(objectKey) {
      try {
        const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: objectKey }));
        return describe(objectKey, head.LastModified, head.ETag, head.ContentLength);
      } catch (error) {
        if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
        throw awsFailure('s3', error);
      }
    },

    async *read(object) {
      let body: unknown;
      try {
        const get = new GetObjectCommand({ Bucket: bucket, Key: object.objectKey, IfMatch: object.etag });
        body = (await client.send(get)).Body;
      } catch (error) {
        throw changedOrFailed(error);
      }
      yield* bytesOf(body);
    },

    async *list() {
      let token: string | undefined;
      do {
        const page = await callAws('s3', () =>
          client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: REPORT_PREFIX, ContinuationToken: token }),
          ),
        );
        for (const item of page.Contents ?? []) {
          if (item.Key) yield describe(item.Key, item.LastModified, item.ETag, item.Size);
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async keepObject(reportId, object) {
      const source = `${bucket}/${object.objectKey.split('/').map(encodeURIComponent).join('/')}`;
      try {
        await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: REPLAY_PREFIX + reportId,
            CopySource: source,
            CopySourceIfMatch: object.etag,
          }),
        );
      } catch (error) {
        throw changedOrFailed(error);
      }
    },

    async keepCopy(reportId, contents) {
      await upload(REPLAY_PREFIX + reportId, Readable.from(contents), 'application/octet-stream');
    },

    async keepEntries(reportId, entries) {
      const zipped = Readable.from(jsonLines(entries)).pipe(createGzip({ level: 1 }));
      await upload(entriesKey(reportId), zipped, 'application/gzip');
    },

    async *readEntries(reportId) {
      let body: unknown;
      try {
        body = (await client.send(new GetObjectCommand({ Bucket: bucket, Key: entriesKey(reportId) }))).Body;
      } catch (error) {
        if (error instanceof NoSuchKey) return;
        throw awsFailure('s3', error);
      }
      const unzipped = Readable.from(bytesOf(body)).pipe(createGunzip());
      unzipped.setEncoding('utf8');
      let rest = '';
      for await (const piece of unzipped) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield parseLine(line);
      }
      if (rest !== '') throw new UnexpectedAnswerError('s3', `the entries of report ${reportId} are cut off`);
    },
  };
}

/** An object overwritten or deleted since it was found: the next attempt looks again. */
function changedOrFailed(error: unknown): Error {
  const changed =
    error instanceof NoSuchKey ||
    (error instanceof S3ServiceException && error.name === 'PreconditionFailed');
  return changed
    ? new UnavailableError('s3', 's3: the object changed while it was being read', { cause: error })
    : awsFailure('s3', error);
}

function entriesKey(reportId: string): string {
  return `${RECONCILED_PREFIX}${reportId}.jsonl.gz`;
}

/** S3's listing and its headers differ below the second: cut there, so that both name the same upload. */
function describe(
  objectKey: string,
  lastModified: Date | undefined,
  etag: string | undefined,
  sizeBytes: number | undefined,
): ReportObject {
  if (!lastModified || !etag || sizeBytes === undefined) {
    throw new UnexpectedAnswerError('s3', 'an object came without date, tag or size');
  }
  const seconds = Math.floor(lastModified.getTime() / 1000);
  return { objectKey, uploadedAt: new Date(seconds * 1000).toISOString(), etag, sizeBytes };
}

async function* bytesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) throw new UnexpectedAnswerError('s3', 'an object came without a body');
  try {
    for await (const piece of body) yield piece;
  } catch (error) {
    throw new UnavailableError('s3', 's3: the body broke off', { cause: error });
  }
}

function* jsonLines(entries: Iterable<ReportedEntry>): Generator<string> {
  let piece = '';
  for (const entry of entries) {
    piece += `${JSON.stringify(entry)}\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function parseLine(line: string): ReportedEntry {
  const parsed = reportedEntrySchema.safeParse(JSON.parse(line));
  if (!parsed.success) {
    throw new UnexpectedAnswerError('s3', 'a kept entry has an unexpected shape', { cause: parsed.error });
  }
  return parsed.data;
}
