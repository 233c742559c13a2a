import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { PartnerError } from '../domain/errors.ts';

/** The part of a logger this needs; Powertools' has it. */
export interface BatchLogger {
  appendKeys(keys: Record<string, unknown>): void;
  resetKeys(): void;
  error(message: string, fields: Record<string, unknown>): void;
}

/**
 * One job per SQS message, one after the other. A message that fails is reported alone, so that SQS delivers it
 * again and the others are done with; what is not a job at all ends in the dead-letter queue the same way.
 * `correlationId` and `messageId` stand in every line logged meanwhile.
 */
export async function processJobs<Schema extends z.ZodType<{ readonly correlationId: string }>>(
  event: SQSEvent,
  schema: Schema,
  logger: BatchLogger,
  perform: (job: z.output<Schema>) => Promise<void>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of event.Records) {
    logger.appendKeys({ messageId: record.messageId });
    try {
      const job = jobOf(record, schema);
      logger.appendKeys({ correlationId: job.correlationId });
      await perform(job);
    } catch (error) {
      logger.error('job-failed', {
        error,
        attempt: Number(record.attributes.ApproximateReceiveCount),
        retryable: error instanceof PartnerError && error.retryable,
      });
      batchItemFailures.push({ itemIdentifier: record.messageId });
    } finally {
      logger.resetKeys();
    }
  }
  return { batchItemFailures };
}

function jobOf<Schema extends z.ZodType>(record: SQSRecord, schema: Schema): z.output<Schema> {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch {
    // The parser's message quotes the text, and the text may be anything.
    throw new Error('the message is not JSON');
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(whole)');
  throw new Error(`the message is not a job of this queue; wrong: ${paths.join(', ')}`);
}
