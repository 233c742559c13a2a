import * as z from 'zod';
import { amountSchema, channelIdSchema, nextCursorSchema, pagingShape } from './shared-fields.ts';

const bucketSchema = z.enum(['order', 'account', 'waiting', 'otherChannel', 'unclassified', 'rejected']);
const reportIdSchema = z.string().regex(/^[0-9a-f]{24}$/);

export const reportListQuerySchema = z.strictObject({ channel: channelIdSchema, ...pagingShape });

const listedReportSchema = z.object({
  reportId: z.string(),
  channel: z.string(),
  /** Name of the uploaded object, without its folder. */
  fileName: z.string(),
  sizeBytes: z.int(),
  uploadedAt: z.string(),
  outcome: z.enum(['processing', 'imported', 'refused', 'duplicate', 'superseded']),
  /** Why the file as a whole was not used, in words. */
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
  /** The report that stands in its place. */
  standsInstead: z.string().nullable(),
  warnings: z.array(z.string()),
  format: z.string().nullable(),
  settlementIds: z.array(z.string()),
  currency: z.string().nullable(),
  rows: z.int().nullable(),
  computed: amountSchema.nullable(),
  /** Whether the rows add up to the total the file states; null where it states none. */
  balanced: z.boolean().nullable(),
});

export const reportPageSchema = z.object({ reports: z.array(listedReportSchema), cursor: nextCursorSchema });

export const reportSchema = listedReportSchema.extend({
  stated: amountSchema.nullable(),
  /** Every row of the file is in exactly one; orders that arrived since no longer wait. */
  buckets: z.array(z.object({ bucket: bucketSchema, rows: z.int(), amount: amountSchema })),
  fees: z.record(z.string(), amountSchema),
  notices: z.array(z.string()),
  rejectedCount: z.int(),
});

export const reportRowsParamsSchema = z.strictObject({ reportId: reportIdSchema, bucket: bucketSchema });
export const reportParamsSchema = z.strictObject({ reportId: reportIdSchema });
export const reportRowsQuerySchema = z.strictObject(pagingShape);

/** What a bucket holds: sums per order for those of orders, sums per label for the account, single rows for the others. */
const reportRowSchema = z.object({
  marketplaceOrderId: z.string().nullable(),
  /** The file's own words, or why the row was rejected. */
  label: z.string().nullable(),
  /** First line in the file. */
  line: z.int().nullable(),
  rows: z.int(),
  /** Null for a row whose amount could not be read. */
  amount: amountSchema.nullable(),
  fee: amountSchema.nullable(),
});
export const reportRowsPageSchema = z.object({
  currency: z.string(),
  rows: z.array(reportRowSchema),
  cursor: nextCursorSchema,
});

/** Half a gigabyte: three million rows, thirty times what a large seller gets in a fortnight. */
const REPORT_BYTES_MAX = 512 * 1024 * 1024;
/** What browsers call the files that Seller Central gives. */
const REPORT_CONTENT_TYPES = ['text/csv', 'text/plain', 'text/tab-separated-values'] as const;

export const uploadParamsSchema = z.strictObject({ channelId: channelIdSchema });
export const uploadRequestSchema = z.strictObject({
  fileName: z.string().regex(/^[\w][\w .()+-]{0,99}\.(?:txt|tsv|csv)$/i),
  sizeBytes: z.int().min(1).max(REPORT_BYTES_MAX),
  contentType: z.enum(REPORT_CONTENT_TYPES),
});
/** A PUT of exactly that many bytes of that type, to that address, with these headers, before it expires. */
export const uploadSchema = z.object({
  method: z.literal('PUT'),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  objectKey: z.string(),
  expiresAt: z.string(),
});
