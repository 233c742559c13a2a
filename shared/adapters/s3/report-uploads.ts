import { Readable } from 'node:stream';
import { type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { PartnerError } from '../../domain/errors.ts';
import type { ReportUploads } from '../../ports/settlement-finder.ts';
import { awsFailure } from '../../runtime/aws-errors.ts';

/** Payment files put into the tenant's report bucket by a program instead of a person. */
export function createReportUploads(client: S3Client, bucket: string): ReportUploads {
  return {
    async putOnce(objectKey, contents) {
      try {
        await new Upload({
          client,
          params: {
            Bucket: bucket,
            Key: objectKey,
            Body: Readable.from(contents),
            ContentType: 'text/plain',
            // Put again it would be a new upload, with a date of its own, and be reconciled again.
            IfNoneMatch: '*',
          },
        }).done();
        return 'put';
      } catch (error) {
        // The contents broke off: nothing was put, and the failure is theirs.
        if (error instanceof PartnerError) throw error;
        if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return 'exists';
        throw awsFailure('s3', error);
      }
    },
  };
}
