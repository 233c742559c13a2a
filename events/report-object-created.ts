import * as z from 'zod';

/**
 * S3's own notification, as it arrives in the report queue: the fields we read, everything else ignored.
 * The key is URL-encoded with '+' for spaces, as S3 sends it.
 * Source: Amazon S3 user guide, "Event message structure".
 */
export const reportObjectCreatedSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string().min(1) }),
        object: z.object({ key: z.string().min(1) }),
      }),
    }),
  ),
});
export type ReportObjectCreated = z.infer<typeof reportObjectCreatedSchema>;

/** S3 sends this once when the notification is set up; it carries no object. */
export const s3TestEventSchema = z.object({ Event: z.literal('s3:TestEvent') });

/** The object's key as it is in the bucket. */
export function objectKeyOf(record: ReportObjectCreated['Records'][number]): string {
  return decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
}
