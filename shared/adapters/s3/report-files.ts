import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import * as sdk from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { UnavailableError } from '../../domain/errors.ts';
import type { ReportedEntry, ReportFiles } from '../../ports/report-files.ts';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';
import { describedObject } from './described-object.ts';
import { REPLAY_PREFIX, REPORT_PREFIX } from './keys.ts';
import { bytesOf, createReportEntries, entriesKey } from './report-entries.ts';

/** JSON lines are handed on in pieces of about this size: one write per line would cost more than the JSON. */
const PIECE_CHARS = 64 * 1024;

/** Uploaded payment files and what is kept of them, in the tenant's report bucket. */
export function createReportFiles(client: sdk.S3Client, bucket: string): ReportFiles {
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
        const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: objectKey }));
        return describedObject(objectKey, head.LastModified, head.ETag, head.ContentLength);
      } catch (error) {
        if (error instanceof sdk.NotFound || error instanceof sdk.NoSuchKey) return undefined;
        throw awsFailure('s3', error);
      }
    },

    async *read(object) {
      let body: unknown;
      try {
        const get = new sdk.GetObjectCommand({ Bucket: bucket, Key: object.objectKey, IfMatch: object.etag });
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
            new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: REPORT_PREFIX, ContinuationToken: token }),
          ),
        );
        for (const item of page.Contents ?? []) {
          if (item.Key) yield describedObject(item.Key, item.LastModified, item.ETag, item.Size);
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async keepObject(reportId, object) {
      const source = `${bucket}/${object.objectKey.split('/').map(encodeURIComponent).join('/')}`;
      try {
        await client.send(
          new sdk.CopyObjectCommand({
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

    ...createReportEntries(async () => ({ sdk, client }), bucket),
  };
}

/** An object overwritten or deleted since it was found: the next attempt looks again. */
function changedOrFailed(error: unknown): Error {
  const changed =
    error instanceof sdk.NoSuchKey ||
    (error instanceof sdk.S3ServiceException && error.name === 'PreconditionFailed');
  return changed
    ? new UnavailableError('s3', 's3: the object changed while it was being read', { cause: error })
    : awsFailure('s3', error);
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
