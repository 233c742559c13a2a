import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { RejectedError, ThrottledError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { createReportUploads } from './report-uploads.ts';

const s3 = mockClient(S3Client);
const uploads = createReportUploads(new S3Client({ region: 'eu-south-1' }), 'reports');
const KEY = 'payment-reports/amazon-it/amazon-settlement-50.txt';
/** More than one part of an upload. */
const LARGE_BYTES = 6 * 1024 * 1024;

async function* pieces(...contents: (string | Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of contents) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}
function failure(name: string, status: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });
}
beforeEach(() => {
  s3.reset();
  s3.on(CreateMultipartUploadCommand).resolves({ UploadId: 'u1' });
  s3.on(UploadPartCommand).resolves({ ETag: '"part"' });
  s3.on(AbortMultipartUploadCommand).resolves({});
});

test('a file is put whole, and only when there is none', async () => {
  s3.on(PutObjectCommand).resolves({});
  expect(await uploads.putOnce(KEY, pieces('one\t', 'two'))).toBe('put');
  const [call] = s3.commandCalls(PutObjectCommand);
  expect(call?.args[0].input).toMatchObject({ Bucket: 'reports', Key: KEY, IfNoneMatch: '*' });
  expect(String(call?.args[0].input.Body)).toBe('one\ttwo');
});

test('a large file is put in parts under the same condition', async () => {
  s3.on(CompleteMultipartUploadCommand).resolves({});
  expect(await uploads.putOnce(KEY, pieces(Buffer.alloc(LARGE_BYTES)))).toBe('put');
  expect(s3.commandCalls(CompleteMultipartUploadCommand)[0]?.args[0].input).toMatchObject({
    IfNoneMatch: '*',
  });
});

test('a file that is there already stays as it is', async () => {
  s3.on(PutObjectCommand).rejects(failure('PreconditionFailed', 412));
  expect(await uploads.putOnce(KEY, pieces('one'))).toBe('exists');
  s3.on(CompleteMultipartUploadCommand).rejects(failure('PreconditionFailed', 412));
  expect(await uploads.putOnce(KEY, pieces(Buffer.alloc(LARGE_BYTES)))).toBe('exists');
});

test('contents that break off put nothing, and fail as they did', async () => {
  const broken = new UnexpectedAnswerError('amazon', 'amazon report 50: cannot be unpacked');
  await expect(uploads.putOnce(KEY, pieces('one', broken))).rejects.toBe(broken);
  const late = new ThrottledError('amazon', 'amazon report 50: 429', { retryAfterMs: 1 });
  await expect(uploads.putOnce(KEY, pieces(Buffer.alloc(LARGE_BYTES), late))).rejects.toBe(late);
  expect(s3.commandCalls(PutObjectCommand)).toEqual([]);
  expect(s3.commandCalls(CompleteMultipartUploadCommand)).toEqual([]);
});

test('a bucket that refuses is a rejection', async () => {
  s3.on(PutObjectCommand).rejects(failure('AccessDenied', 403));
  await expect(uploads.putOnce(KEY, pieces('one'))).rejects.toBeInstanceOf(RejectedError);
});
