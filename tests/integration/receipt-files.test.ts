import { createHash } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReceiptFiles } from '../../shared/adapters/s3/receipt-files.ts';

let server: FauxqsServer;
let s3: S3Client;
const bytes = (text: string) => new TextEncoder().encode(text);
const KEY = 'receipts/IT00000000000/2026/RC/1.pdf';

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'receipts' }));
});
afterAll(async () => {
  s3.destroy();
  await server.stop();
});

test('a PDF is kept with its hash and size, and the first one under a key stays', async () => {
  const files = createReceiptFiles(s3, 'receipts');
  expect(await files.read(KEY)).toBeUndefined();
  const first = await files.keep(KEY, bytes('first'));
  expect(first).toEqual({
    key: KEY,
    sha256: createHash('sha256').update('first').digest('hex'),
    sizeBytes: 5,
  });
  expect(await files.keep(KEY, bytes('second'))).toEqual(first);
  expect(new TextDecoder().decode(await files.read(KEY))).toBe('first');
});
