import * as z from 'zod';
import { objectKeyOf, reportObjectCreatedSchema, s3TestEventSchema } from './report-object-created.ts';

/** Read one dropped file; sent for files whose S3 notification never came. */
export const fileRequestedSchema = z.object({
  type: z.literal('file-requested'),
  version: z.literal(1),
  correlationId: z.string().min(1),
  /** Object key in the report bucket. */
  objectKey: z.string().min(1),
});
export type FileRequested = z.infer<typeof fileRequestedSchema>;

/** Whatever arrives in a queue of dropped files, as the object keys to read: none for S3's test event. */
export const fileJobSchema = z.union([
  fileRequestedSchema.transform(({ correlationId, objectKey }) => ({
    correlationId,
    objectKeys: [objectKey],
  })),
  reportObjectCreatedSchema.transform((event) => {
    const objectKeys = event.Records.map(objectKeyOf);
    return { correlationId: objectKeys.join(' '), objectKeys };
  }),
  s3TestEventSchema.transform(() => ({ correlationId: 's3-test-event', objectKeys: [] })),
]);
