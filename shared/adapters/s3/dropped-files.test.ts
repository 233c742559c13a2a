import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { RejectedError, UnavailableError } from '../../domain/errors.ts';
import { createS3Later } from './client-later.ts';
import { createDroppedFiles } from './dropped-files.ts';

const s3 = mockClient(S3Client);
const files = createDroppedFiles(
  createS3Later(),
  'reports',
  { incoming: 'in/', results: 'out/' },
  z.object({ rows: z.int() }),
);
const failure = (name: string, status: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });
const head = (etag = '"abc"', at = '2026-11-24T09:00:00.700Z') => ({
  LastModified: new Date(at),
  ETag: etag,
  ContentLength: 3,
});
beforeEach(() => {
  s3.reset();
});

test('an upload has an id of its own: other bytes or another time are another, the same are the same', async () => {
  s3.on(HeadObjectCommand)
    .resolvesOnce(head())
    .resolvesOnce(head('"abc"', '2026-11-24T09:00:00.000Z'))
    .resolvesOnce(head('"def"'))
    .resolvesOnce(head('"abc"', '2026-11-24T09:00:01.000Z'));
  const ids: string[] = [];
  for (let at = 0; at < 4; at += 1) ids.push((await files.find('in/a.csv'))?.fileId ?? '');
  expect(ids[0]).toMatch(/^20261124T090000Z-[0-9a-f]{16}$/);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test('what is gone, elsewhere or a folder is no file; what may not be seen is a failure', async () => {
  s3.on(HeadObjectCommand).rejects(new NotFound({ message: 'gone', $metadata: { httpStatusCode: 404 } }));
  expect(await files.find('in/a.csv')).toBeUndefined();
  s3.reset();
  for (const key of ['payment-reports/a.csv', 'in/', 'in/folder/', 'out/a.json']) {
    expect(await files.find(key), key).toBeUndefined();
  }
  s3.on(HeadObjectCommand).rejects(failure('AccessDenied', 403));
  await expect(files.find('in/a.csv')).rejects.toBeInstanceOf(RejectedError);
});

test('a file overwritten meanwhile is worth another attempt', async () => {
  const file = {
    fileId: 'x',
    objectKey: 'in/a.csv',
    fileName: 'a.csv',
    uploadedAt: '2026-11-24T09:00:00.000Z',
    sizeBytes: 3,
    etag: '"abc"',
  };
  s3.on(GetObjectCommand).rejects(failure('PreconditionFailed', 412));
  await expect(files.read(file)).rejects.toBeInstanceOf(UnavailableError);
  expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input.IfMatch).toBe('"abc"');
});
