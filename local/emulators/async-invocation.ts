import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { InvocationResult } from '../function-runner.ts';
import type { Trace } from '../trace.ts';
import type { Clock } from './clock.ts';

/** How Lambda treats the asynchronous calls of one function. */
export interface AsyncInvocationSpec {
  readonly functionName: string;
  readonly functionArn: string;
  readonly retriesMax: number;
  readonly eventAgeMaxMs: number;
  /** Where a call ends that failed for good. */
  readonly onFailureQueueUrl: string | undefined;
}

/** Lambda waits a minute before the second attempt and two before the third. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/**
 * Calls a function without waiting for its answer: failures are tried again, then handed to the failure
 * destination. Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation".
 */
export function createAsyncInvoker(
  spec: AsyncInvocationSpec,
  invoke: (event: unknown) => Promise<InvocationResult>,
  sqs: Pick<SQSClient, 'send'>,
  clock: Clock,
  trace: Trace,
): { readonly pending: number; call(event: unknown): void } {
  let pending = 0;

  async function attempt(event: unknown, acceptedAt: number, attempts: number): Promise<void> {
    const result = await invoke(event);
    if (result.status === 'returned') {
      pending -= 1;
      return;
    }
    const delayMs = RETRY_DELAYS_MS[attempts];
    const exhausted = attempts >= spec.retriesMax || delayMs === undefined;
    if (!exhausted && clock.now() + delayMs - acceptedAt <= spec.eventAgeMaxMs) {
      trace.add('async-retry-planned', { function: spec.functionName, attempt: attempts + 2 });
      clock.after(delayMs, () => void attempt(event, acceptedAt, attempts + 1));
      return;
    }
    pending -= 1;
    trace.add('async-call-given-up', { function: spec.functionName });
    if (spec.onFailureQueueUrl !== undefined) await handOver(event, result, attempts, exhausted);
  }

  async function handOver(
    event: unknown,
    result: Extract<InvocationResult, { status: 'failed' }>,
    attempts: number,
    exhausted: boolean,
  ): Promise<void> {
    const record = {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: result.requestId,
        functionArn: `${spec.functionArn}:$LATEST`,
        condition: exhausted ? 'RetriesExhausted' : 'EventAgeExceeded',
        approximateInvokeCount: attempts + 1,
      },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: result.errorType, errorMessage: result.message },
    };
    try {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: spec.onFailureQueueUrl, MessageBody: JSON.stringify(record) }),
      );
    } catch (error) {
      trace.add('async-call-lost', {
        function: spec.functionName,
        error: error instanceof Error ? error.name : String(error),
      });
    }
  }

  return {
    get pending() {
      return pending;
    },
    call(event) {
      pending += 1;
      void attempt(event, clock.now(), 0);
    },
  };
}
