import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createReportFiles } from '../../shared/adapters/s3/report-files.ts';
import { reportIdOf } from '../../shared/adapters/s3/report-id.ts';
import { RejectedError, UnavailableError } from '../../shared/domain/errors.ts';
import type { ReportFiles } from '../../shared/ports/report-files.ts';
import { aLedgerEntry } from '../support/orders.ts';

let server: FauxqsServer;
let s3: S3Client;
let files: ReportFiles;
let bucket: string;
let buckets = 0;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
});
beforeEach(async () => {
  bucket = `reports-${++buckets}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  files = createReportFiles(s3, bucket);
});

const KEY = 'payment-reports/amazon-it/2026 nov (1).txt';
const put = (key: string, body: string) =>
  s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(source)).toString();
}

test('an upload is found, read and listed as the same object', async () => {
  await put(KEY, 'settlement-id\tamount');
  const object = await files.find(KEY);
  if (!object) throw new Error('the upload was not found');
  expect(object).toMatchObject({ objectKey: KEY, sizeBytes: 20 });
  expect(await textOf(files.read(object))).toBe('settlement-id\tamount');
  const [listed, ...others] = await Array.fromAsync(files.list());
  expect(others).toEqual([]);
  expect(listed && reportIdOf(listed)).toBe(reportIdOf(object));
});

test('only uploads are listed, not what is kept of them', async () => {
  await put(KEY, 'x');
  await files.keepEntries('r1', []);
  expect((await Array.fromAsync(files.list())).map((object) => object.objectKey)).toEqual([KEY]);
});

test('a missing object is no object', async () => {
  expect(await files.find('payment-reports/amazon-it/none.txt')).toBeUndefined();
});

test('an object overwritten since it was found is not read as if it were the one', async () => {
  await put(KEY, 'first');
  const object = await files.find(KEY);
  await put(KEY, 'second, longer');
  if (!object) throw new Error('the upload was not found');
  await expect(textOf(files.read(object))).rejects.toBeInstanceOf(UnavailableError);
  expect(reportIdOf((await files.find(KEY)) ?? object)).not.toBe(reportIdOf(object));
});

test('more entries than one piece of the stream holds come back in order and exactly', async () => {
  const entries = Array.from({ length: 3_000 }, (_, i) => ({
    marketplaceOrderId: `404-${String(i).padStart(7, '0')}-0000001`,
    entry: aLedgerEntry({ rows: i }),
  }));
  await files.keepEntries('r1', entries);
  expect(await Array.fromAsync(files.readEntries('r1'))).toEqual(entries);
});

test('entries never kept are none, and an empty report keeps none', async () => {
  expect(await Array.fromAsync(files.readEntries('unknown'))).toEqual([]);
  await files.keepEntries('empty', []);
  expect(await Array.fromAsync(files.readEntries('empty'))).toEqual([]);
});

test('an object is kept as it is', async () => {
  await put(KEY, 'first');
  const object = await files.find(KEY);
  if (!object) throw new Error('the upload was not found');
  await files.keepObject('r1', object);
  const kept = await files.find('replay/r1');
  expect(kept && (await textOf(files.read(kept)))).toBe('first');
});

test('a copy larger than one part is kept whole', async () => {
  const part = Buffer.alloc(1024 * 1024, 'x');
  async function* contents() {
    for (let i = 0; i < 12; i++) yield part;
  }
  await files.keepCopy('r1', contents());
  const copy = await createReportFiles(s3, bucket).find('replay/r1');
  expect(copy?.sizeBytes).toBe(12 * 1024 * 1024);
});

test('a source that breaks off half way leaves no copy behind that looks whole', async () => {
  async function* broken() {
    yield Buffer.from('half');
    throw new UnavailableError('s3', 'the body broke off');
  }
  await expect(files.keepCopy('r1', broken())).rejects.toThrow();
  expect(await files.find('replay/r1')).toBeUndefined();
});

test('a bucket that is not there is rejected, not unavailable: trying again would not help', async () => {
  const nowhere = createReportFiles(s3, 'no-such-bucket');
  await expect(Array.fromAsync(nowhere.list())).rejects.toBeInstanceOf(RejectedError);
});
