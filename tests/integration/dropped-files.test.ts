import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { createDroppedFiles } from '../../shared/adapters/s3/dropped-files.ts';
import { UnexpectedAnswerError } from '../../shared/domain/errors.ts';
import type { DroppedFiles } from '../../shared/ports/dropped-files.ts';

let server: FauxqsServer;
let client: S3Client;
let files: DroppedFiles<{ rows: number }>;
let bucket: string;
let buckets = 0;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  client = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(async () => {
  bucket = `dropped-${++buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const sdk = await import('@aws-sdk/client-s3');
  const folders = { incoming: 'in/', results: 'out/' };
  files = createDroppedFiles(async () => ({ sdk, client }), bucket, folders, z.object({ rows: z.int() }));
});

const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

test('a dropped file is found, read and listed as the same one; folders and results are none', async () => {
  await put('in/24 nov (1).csv', 'a;b');
  await put('in/folder/', '');
  await files.keepResult('1', { rows: 1 });
  const file = await files.find('in/24 nov (1).csv');
  if (file === undefined) throw new Error('the file was not found');
  expect(file).toMatchObject({ fileName: '24 nov (1).csv', sizeBytes: 3 });
  expect(Buffer.from(await files.read(file)).toString()).toBe('a;b');
  expect((await Array.fromAsync(files.list())).map(({ fileId }) => fileId)).toEqual([file.fileId]);
  expect(await files.find('in/none.csv')).toBeUndefined();
});

test('a result is read back, absent where there is none, and refused when it is something else', async () => {
  await files.keepResult('20261124T090000Z-1', { rows: 3 });
  expect(await files.resultOf('20261124T090000Z-1')).toEqual({ rows: 3 });
  expect(await files.resultOf('20261124T090000Z-2')).toBeUndefined();
  await put('out/20261124T090000Z-3.json', '{"rows":"3"}');
  await expect(files.resultOf('20261124T090000Z-3')).rejects.toBeInstanceOf(UnexpectedAnswerError);
});

test('results are listed newest first, page by page', async () => {
  for (const [id, rows] of [
    ['20261122T090000Z-b', 1],
    ['20261124T090000Z-a', 3],
    ['20261123T090000Z-c', 2],
  ] as const) {
    await files.keepResult(id, { rows });
  }
  const first = await files.listResults({ limit: 2 });
  expect(first).toEqual({ results: [{ rows: 3 }, { rows: 2 }], next: '20261123T090000Z-c' });
  const second = await files.listResults({ limit: 2, after: first.next });
  expect(second).toEqual({ results: [{ rows: 1 }], next: undefined });
});
