import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { sqsEventOf } from '../../tests/support/sqs-event.ts';
import { UnavailableError } from '../domain/errors.ts';
import { processJobs } from './sqs-batch.ts';

const schema = z.object({ correlationId: z.string(), n: z.int() });

class RecordingLogger {
  keys: Record<string, unknown> = {};
  readonly errors: { message: string; fields: Record<string, unknown>; keys: Record<string, unknown> }[] = [];
  appendKeys(keys: Record<string, unknown>) {
    this.keys = { ...this.keys, ...keys };
  }
  resetKeys() {
    this.keys = {};
  }
  error(message: string, fields: Record<string, unknown>) {
    this.errors.push({ message, fields, keys: this.keys });
  }
}

const job = (n: number) => JSON.stringify({ correlationId: `c${n}`, n });

describe('processJobs', () => {
  test('performs every job and reports no failure', async () => {
    const done: number[] = [];
    const answer = await processJobs(
      sqsEventOf(job(1), job(2)),
      schema,
      new RecordingLogger(),
      async ({ n }) => {
        done.push(n);
      },
    );
    expect(done).toEqual([1, 2]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test('a job that fails is reported alone, with its correlation id', async () => {
    const logger = new RecordingLogger();
    const answer = await processJobs(sqsEventOf(job(1), job(2), job(3)), schema, logger, async ({ n }) => {
      if (n === 2) throw new UnavailableError('amazon', 'amazon: no answer');
    });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(logger.errors).toMatchObject([
      {
        message: 'job-failed',
        keys: { messageId: 'm1', correlationId: 'c2' },
        fields: { retryable: true, attempt: 2 },
      },
    ]);
    expect(logger.keys).toEqual({});
  });

  test.each([
    ['not JSON', 'private words {'],
    ['JSON of another kind', '{"n":"private words"}'],
    ['null', 'null'],
  ])('a message that is %s is reported and its text is not logged', async (_, body) => {
    const logger = new RecordingLogger();
    const answer = await processJobs(sqsEventOf(body, job(1)), schema, logger, async () => {});
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    const { error } = logger.errors[0]?.fields ?? {};
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('private');
  });
});
