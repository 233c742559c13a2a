import * as z from 'zod';
import { nextCursorSchema, pagingShape } from './shared-fields.ts';

/** Two thousand rows at most: some hundred kilobytes. */
const FILE_BYTES_MAX = 1024 * 1024;
/** What browsers call CSV; with Excel installed, some call it that. */
const CONTENT_TYPES = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/vnd.ms-excel',
] as const;

export const shipmentFileUploadSchema = z.strictObject({
  fileName: z.string().regex(/^[\w][\w .()+-]{0,99}\.(?:txt|tsv|csv)$/i),
  sizeBytes: z.int().min(1).max(FILE_BYTES_MAX),
  contentType: z.enum(CONTENT_TYPES),
});

const problemSchema = z.object({ code: z.string(), it: z.string(), en: z.string() });

const listedShipmentFileSchema = z.object({
  fileId: z.string(),
  fileName: z.string(),
  uploadedAt: z.string(),
  readAt: z.string(),
  /** Why nothing of the file was used. */
  problem: problemSchema.nullable(),
  rows: z.int(),
  /** Shipments that the file brought, and those that were here before. */
  registered: z.int(),
  known: z.int(),
  /** Orders that have not been pulled yet: their marketplaces are told once they are. */
  waitingOrders: z.int(),
  rejectedRows: z.int(),
  /** Headers that mean nothing here. */
  ignoredColumns: z.array(z.string()),
});

export const shipmentFileListQuerySchema = z.strictObject(pagingShape);
export const shipmentFilePageSchema = z.object({
  files: z.array(listedShipmentFileSchema),
  cursor: nextCursorSchema,
});
export const shipmentFileParamsSchema = z.strictObject({
  fileId: z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{16}$/),
});
export const shipmentFileSchema = listedShipmentFileSchema.extend({
  /** Rows that registered nothing, in the file's order; the header is line 1. */
  rejected: z.array(problemSchema.extend({ line: z.int() })),
});
