import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ReportAddresses } from '../../ports/report-addresses.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import { REPORT_PREFIX } from './keys.ts';

/** Signs addresses with the function's own role. No checksum: whoever uploads has only the file and the address. */
export function createSigningClient(): S3Client {
  return new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
}

/**
 * Presigned PUTs into a channel's report folder. Length and type are part of the signature: S3 refuses other bytes
 * (S3 user guide, "Authenticating Requests: Using Query Parameters", X-Amz-SignedHeaders).
 */
export function createReportAddresses(client: S3Client, bucket: string): ReportAddresses {
  return {
    async address({ channelId, fileName, sizeBytes, contentType, at, validMs }) {
      const time = at.replaceAll(/[-:]|\.\d+/g, '');
      const objectKey = `${REPORT_PREFIX}${channelId}/${time}-${fileName.replaceAll(/[^\w.-]+/g, '-')}`;
      const url = await callAws('s3', () =>
        getSignedUrl(
          client,
          new PutObjectCommand({
            Bucket: bucket,
            Key: objectKey,
            ContentLength: sizeBytes,
            ContentType: contentType,
          }),
          {
            expiresIn: Math.floor(validMs / 1000),
            signingDate: new Date(at),
            signableHeaders: new Set(['host', 'content-length', 'content-type']),
          },
        ),
      );
      return { url, objectKey, headers: { 'content-type': contentType } };
    },
  };
}
