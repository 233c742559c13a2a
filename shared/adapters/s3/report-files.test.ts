import { CopyObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { RejectedError, UnavailableError } from '../../domain/errors.ts';
import { createReportFiles } from './report-files.ts';

const s3 = mockClient(S3Client);
const files = createReportFiles(new S3Client({}), 'reports');
const object = {
  objectKey: 'payment-reports/amazon-it/2026 nov+1.txt',
  uploadedAt: '2026-11-01T10:00:00.000Z',
  etag: '"abc"',
  sizeBytes: 3,
};
function failure(name: string, status: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } });
}
beforeEach(() => {
  s3.reset();
});

test('the object that was reconciled is kept, and no other under its name', async () => {
  s3.on(CopyObjectCommand).resolves({});
  await files.keepObject('r1', object);
  expect(s3.commandCalls(CopyObjectCommand)[0]?.args[0].input).toEqual({
    Bucket: 'reports',
    Key: 'replay/r1',
    CopySource: 'reports/payment-reports/amazon-it/2026%20nov%2B1.txt',
    CopySourceIfMatch: '"abc"',
  });
});

test('an object overwritten meanwhile is worth another attempt, a forbidden one is not', async () => {
  s3.on(CopyObjectCommand).rejects(failure('PreconditionFailed', 412));
  await expect(files.keepObject('r1', object)).rejects.toBeInstanceOf(UnavailableError);
  s3.on(CopyObjectCommand).rejects(failure('AccessDenied', 403));
  await expect(files.keepObject('r1', object)).rejects.toBeInstanceOf(RejectedError);
});
