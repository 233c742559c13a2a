import * as z from 'zod';
import { objectKeyOf, reportObjectCreatedSchema, s3TestEventSchema } from './report-object-created.ts';

/** Reconcile one uploaded payment report; sent for uploads whose S3 notification never came. */
export const reportRequestedSchema = z.object({
  type: z.literal('report-requested'),
  version: z.literal(1),
  correlationId: z.string().min(1),
  /** Object key in the report bucket. */
  objectKey: z.string().min(1),
});
export type ReportRequested = z.infer<typeof reportRequestedSchema>;

/** Whatever arrives in the report queue, as the object keys to reconcile: none for S3's test event. */
export const reportJobSchema = z.union([
  reportRequestedSchema.transform(({ correlationId, objectKey }) => ({
    correlationId,
    objectKeys: [objectKey],
  })),
  reportObjectCreatedSchema.transform((event) => {
    const objectKeys = event.Records.map(objectKeyOf);
    return { correlationId: objectKeys.join(' '), objectKeys };
  }),
  s3TestEventSchema.transform(() => ({ correlationId: 's3-test-event', objectKeys: [] })),
]);
