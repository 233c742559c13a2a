import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type {
  FileAddresses,
  ReportAddresses,
  UploadAddress,
  WantedUpload,
} from '../../ports/report-addresses.ts';
import { callAws } from '../../runtime/aws-errors.ts';
import type { S3Later } from './client-later.ts';
import { REPORT_PREFIX } from './keys.ts';

/** Addresses in a channel's report folder. */
export function createReportAddresses(s3: S3Later, bucket: string): ReportAddresses {
  return {
    address: ({ channelId, ...wanted }) => presignedPut(s3, bucket, `${REPORT_PREFIX}${channelId}/`, wanted),
  };
}

/** Addresses in one folder. */
export function createFileAddresses(s3: S3Later, bucket: string, folder: string): FileAddresses {
  return { address: (wanted) => presignedPut(s3, bucket, folder, wanted) };
}

/**
 * A presigned PUT. Length and type are part of the signature: S3 refuses other bytes (S3 user guide, "Authenticating Requests:
 * Using Query Parameters", X-Amz-SignedHeaders).
 */
async function presignedPut(
  s3: S3Later,
  bucket: string,
  folder: string,
  { fileName, sizeBytes, contentType, at, validMs }: WantedUpload,
): Promise<UploadAddress> {
  const { sdk, client } = await s3();
  const time = at.replaceAll(/[-:]|\.\d+/g, '');
  const objectKey = `${folder}${time}-${fileName.replaceAll(/[^\w.-]+/g, '-')}`;
  const put = { Bucket: bucket, Key: objectKey, ContentLength: sizeBytes, ContentType: contentType };
  const url = await callAws('s3', () =>
    getSignedUrl(client, new sdk.PutObjectCommand(put), {
      expiresIn: Math.floor(validMs / 1000),
      signingDate: new Date(at),
      signableHeaders: new Set(['host', 'content-length', 'content-type']),
    }),
  );
  return { url, objectKey, headers: { 'content-type': contentType } };
}
