import * as z from 'zod';
import type { LedgerEntry } from '../domain/ledger.ts';
import { FEE_GROUPS } from '../domain/statement.ts';

const feesSchema = z.partialRecord(z.enum(FEE_GROUPS), z.int());
const entryMoneySchema = z.object({ price: z.int(), tax: z.int(), discount: z.int(), taxWithheld: z.int() });

/** A ledger entry as it is stored as JSON, in an order's row and in the file kept for each report. */
export const ledgerEntrySchema: z.ZodType<LedgerEntry> = z.object({
  source: z.enum(['settlement-v2', 'settlement-v1', 'date-range']),
  settlementId: z.string(),
  marketplace: z.string(),
  day: z.string(),
  released: z.boolean(),
  currency: z.string(),
  fees: z.object({ sale: feesSchema, reversal: feesSchema }),
  sale: entryMoneySchema,
  reversal: entryMoneySchema,
  orderCost: z.int(),
  reimbursement: z.int(),
  reportId: z.string(),
  rows: z.int(),
  lines: z.array(z.tuple([z.int(), z.int()])),
  rank: z.string(),
});
