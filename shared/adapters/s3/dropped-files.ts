import { createHash } from 'node:crypto';
import * as z from 'zod';
import { UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import type { DroppedFile, DroppedFiles } from '../../ports/dropped-files.ts';
import type { ReportObject } from '../../ports/report-files.ts';
import { awsFailure, callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { describedObject } from './described-object.ts';

const HASH_CHARS = 16;
const namedSchema = z.object({ name: z.string() });

/**
 * Files dropped under `incoming`, and what came of them under `results`, as JSON by the file's id. Results are few: they expire, and a person
 * drops some files a day.
 * @param schema what a result has to be; one that is not is an unexpected answer
 */
export function createDroppedFiles<Result>(
  s3: S3Later,
  bucket: string,
  folders: { readonly incoming: string; readonly results: string },
  schema: z.ZodType<Result>,
): DroppedFiles<Result> {
  const resultKey = (fileId: string) => `${folders.results}${fileId}.json`;

  async function* keysUnder(prefix: string): AsyncGenerator<ReportObject> {
    const { sdk, client } = await s3();
    let token: string | undefined;
    do {
      const list = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
      const page = await callAws('s3', () => client.send(new sdk.ListObjectsV2Command(list)));
      for (const { Key, LastModified, ETag, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield describedObject(Key, LastModified, ETag, Size);
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async function resultOf(fileId: string): Promise<Result | undefined> {
    const { sdk, client } = await s3();
    let text: string | undefined;
    try {
      const get = new sdk.GetObjectCommand({ Bucket: bucket, Key: resultKey(fileId) });
      text = await (await client.send(get)).Body?.transformToString();
    } catch (error) {
      if (isGone(error)) return undefined;
      throw awsFailure('s3', error);
    }
    const parsed = schema.safeParse(JSON.parse(text ?? 'null'));
    if (!parsed.success) throw new UnexpectedAnswerError('s3', `what came of ${fileId} is not readable`);
    return parsed.data;
  }

  return {
    async find(objectKey) {
      if (!isFileUnder(folders.incoming, objectKey)) return undefined;
      const { sdk, client } = await s3();
      try {
        const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: objectKey }));
        const described = describedObject(objectKey, head.LastModified, head.ETag, head.ContentLength);
        return fileOf(folders.incoming, described);
      } catch (error) {
        if (isGone(error)) return undefined;
        throw awsFailure('s3', error);
      }
    },

    async read({ objectKey, etag }) {
      const { sdk, client } = await s3();
      try {
        const get = new sdk.GetObjectCommand({ Bucket: bucket, Key: objectKey, IfMatch: etag });
        return (await (await client.send(get)).Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (isGone(error) || nameOf(error) === 'PreconditionFailed') {
          const message = 's3: the object changed while it was being read';
          throw new UnavailableError('s3', message, { cause: error });
        }
        throw awsFailure('s3', error);
      }
    },

    async *list() {
      for await (const object of keysUnder(folders.incoming)) {
        if (isFileUnder(folders.incoming, object.objectKey)) yield fileOf(folders.incoming, object);
      }
    },

    resultOf,

    async keepResult(fileId, result) {
      const { sdk, client } = await s3();
      const put = {
        Bucket: bucket,
        Key: resultKey(fileId),
        Body: JSON.stringify(result),
        ContentType: 'application/json',
      };
      await callAws('s3', () => client.send(new sdk.PutObjectCommand(put)));
    },

    async listResults({ limit, after }) {
      const ids: string[] = [];
      for await (const { objectKey } of keysUnder(folders.results)) {
        const fileId = objectKey.slice(folders.results.length).replace(/\.json$/, '');
        if (after === undefined || fileId < after) ids.push(fileId);
      }
      const newest = ids.sort().reverse();
      const shown = newest.slice(0, limit);
      const results = (await Promise.all(shown.map(resultOf))).flatMap((result) => result ?? []);
      return { results, next: newest.length > limit ? shown.at(-1) : undefined };
    },
  };
}

function isFileUnder(folder: string, objectKey: string): boolean {
  return objectKey.startsWith(folder) && objectKey.length > folder.length && !objectKey.endsWith('/');
}

function fileOf(folder: string, object: ReportObject): DroppedFile {
  const { objectKey, etag, uploadedAt } = object;
  const hash = createHash('sha256').update(`${objectKey}\n${etag}\n${uploadedAt}`).digest('hex');
  const time = uploadedAt.replaceAll(/[-:]|\.\d+/g, '');
  return {
    ...object,
    fileId: `${time}-${hash.slice(0, HASH_CHARS)}`,
    fileName: objectKey.slice(folder.length),
  };
}

function isGone(error: unknown): boolean {
  return ['NotFound', 'NoSuchKey'].includes(nameOf(error) ?? '');
}

/** By name: the SDK's classes are loaded with the first file. */
function nameOf(error: unknown): string | undefined {
  return namedSchema.safeParse(error).data?.name;
}
