import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { RejectedError } from '../../domain/errors.ts';
import { createReceiptFiles } from './receipt-files.ts';

const s3 = mockClient(S3Client);
const files = createReceiptFiles(new S3Client({}), 'receipts');
const missing = new NoSuchKey({ message: 'no such key', $metadata: { httpStatusCode: 404 } });
const failure = (name: string, status: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });
beforeEach(() => {
  s3.reset();
  s3.on(GetObjectCommand).rejects(missing);
});

test('is written only where there is nothing, so that of two at once one stays', async () => {
  s3.on(PutObjectCommand).resolves({});
  await files.keep('receipts/1.pdf', new Uint8Array([1]));
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
    Key: 'receipts/1.pdf',
    ContentType: 'application/pdf',
    IfNoneMatch: '*',
  });
});

test('a bucket that refuses is not taken for one that has it already', async () => {
  s3.on(PutObjectCommand).rejects(failure('AccessDenied', 403));
  await expect(files.keep('receipts/1.pdf', new Uint8Array([1]))).rejects.toBeInstanceOf(RejectedError);
});
