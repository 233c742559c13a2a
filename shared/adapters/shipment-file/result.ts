import * as z from 'zod';
import { FILE_PROBLEMS, type ShipmentFileResult } from '../../domain/shipment-file.ts';
import { SHIPMENT_REFUSALS } from '../../domain/shipment-refusal.ts';

const problemSchema = z.object({
  code: z.enum([...FILE_PROBLEMS, ...SHIPMENT_REFUSALS]),
  detail: z.string(),
});

/** What came of a file of shipments, as it is kept. */
export const shipmentFileResultSchema: z.ZodType<ShipmentFileResult> = z.object({
  fileId: z.string(),
  fileName: z.string(),
  uploadedAt: z.string(),
  readAt: z.string(),
  problem: problemSchema.optional(),
  rows: z.int(),
  registered: z.int(),
  known: z.int(),
  waitingOrders: z.int(),
  rejected: z.array(problemSchema.extend({ line: z.int() })),
  ignoredColumns: z.array(z.string()),
});
