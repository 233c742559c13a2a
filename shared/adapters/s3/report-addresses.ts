import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ReportAddresses } from '../../ports/report-addresses.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { REPORT_PREFIX } from './keys.ts';

/**
 * Presigned PUTs into a channel's report folder. Length and type are part of the signature: S3 refuses other bytes
 * (S3 user guide, "Authenticating Requests: Using Query Parameters", X-Amz-SignedHeaders).
 */
export function createReportAddresses(s3: S3Later, bucket: string): ReportAddresses {
  return {
    async address({ channelId, fileName, sizeBytes, contentType, at, validMs }) {
      const { sdk, client } = await s3();
      const time = at.replaceAll(/[-:]|\.\d+/g, '');
      const objectKey = `${REPORT_PREFIX}${channelId}/${time}-${fileName.replaceAll(/[^\w.-]+/g, '-')}`;
      const url = await callAws('s3', () =>
        getSignedUrl(
          client,
          new sdk.PutObjectCommand({
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
