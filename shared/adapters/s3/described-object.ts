import { UnexpectedAnswerError } from '../../domain/errors.ts';
import type { ReportObject } from '../../ports/report-files.ts';

/** S3's listing and its headers differ below the second: cut there, so that both name the same upload. */
export function describedObject(
  objectKey: string,
  lastModified: Date | undefined,
  etag: string | undefined,
  sizeBytes: number | undefined,
): ReportObject {
  if (!lastModified || !etag || sizeBytes === undefined) {
    throw new UnexpectedAnswerError('s3', 'an object came without date, tag or size');
  }
  const seconds = Math.floor(lastModified.getTime() / 1000);
  return { objectKey, uploadedAt: new Date(seconds * 1000).toISOString(), etag, sizeBytes };
}
