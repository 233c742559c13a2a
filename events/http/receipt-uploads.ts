import * as z from 'zod';
import { marketplaceSchema, nextCursorSchema, pagingShape } from './shared-fields.ts';

const nullableText = z.string().nullable();

/** What became of a document at its order's marketplace. */
export const receiptUploadSchema = z.object({
  /** `unclear`: nobody knows whether it is there, and it is not sent again before a person looked. */
  state: z.enum(['wanted', 'sending', 'followed', 'accepted', 'rejected', 'unclear', 'not-available']),
  /** Where it stands, why, and what to do: for programs, and for people in Italian and English. */
  why: z.object({ code: z.string(), it: z.string(), en: z.string() }),
  /** The marketplace's id of it: the evidence that it is there. */
  documentId: nullableText,
  attempts: z.int(),
  wantedAt: z.string(),
  sentAt: nullableText,
  endedAt: nullableText,
  /** When it is looked at again by itself. */
  dueAt: nullableText,
  /** Until when the marketplace wants it (Amazon, business orders). */
  deadlineAt: nullableText,
});

const listedUploadSchema = z.object({
  marketplace: marketplaceSchema,
  marketplaceOrderId: z.string(),
  /** Names the document among its order's: `sale-1`. */
  receipt: z.string(),
  channel: z.string(),
  upload: receiptUploadSchema,
});

export const failedUploadsQuerySchema = z.strictObject(pagingShape);
/** Those that a person has to look at, the longest ended first. */
export const failedUploadsSchema = z.object({
  uploads: z.array(listedUploadSchema),
  cursor: nextCursorSchema,
});

/** What waits for its turn, account by account: each has an allowance of calls of its own. */
export const waitingUploadsSchema = z.object({
  accounts: z.array(
    z.object({
      marketplace: marketplaceSchema,
      accountId: z.string(),
      waiting: z.int(),
      /** When the last of them will have been sent, by what the marketplace takes in an hour; null when none waits. */
      lastPredictedAt: nullableText,
      /** The first ones, in their order. */
      first: z.array(listedUploadSchema.extend({ predictedAt: z.string() })),
    }),
  ),
});

/** Asks for another try; of one that is `unclear` it has to be said what was seen at the marketplace. */
export const retryUploadSchema = z.strictObject({ seen: z.enum(['there', 'not-there']).optional() });
