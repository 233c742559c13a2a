import { S3Client } from '@aws-sdk/client-s3';
import { S3_CONFIG } from './client-config.ts';

/** For functions that read or write a file with every call. */
export function createS3Client(): S3Client {
  return new S3Client(S3_CONFIG);
}
