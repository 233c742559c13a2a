import { createHash } from 'node:crypto';
import type { ReportObject } from '../../ports/report-files.ts';

/** The natural key of an upload: which object, with which contents, since when. */
export function reportIdOf(object: ReportObject): string {
  return createHash('sha256')
    .update(`${object.objectKey}\n${object.etag}\n${object.uploadedAt}`)
    .digest('hex')
    .slice(0, 24);
}
