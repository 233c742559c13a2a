import * as z from 'zod';
import { nextCursorSchema, pagingShape } from './shared-fields.ts';

const valuesSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

export const activityQuerySchema = z.strictObject({
  /** `channel/amazon-it`, `order/amazon:404-0000001-0000001` */
  subject: z
    .string()
    .regex(/^[a-z-]+\/[\w:./-]{1,100}$/)
    .optional(),
  ...pagingShape,
});

export const activityPageSchema = z.object({
  activities: z.array(
    z.object({
      activityId: z.string(),
      at: z.string(),
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      before: valuesSchema.nullable(),
      after: valuesSchema.nullable(),
    }),
  ),
  cursor: nextCursorSchema,
});
