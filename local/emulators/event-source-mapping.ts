import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { InvocationResult } from '../function-runner.ts';
import type { Trace } from '../trace.ts';

/** What the template says of one mapping from a queue to a function. */
export interface MappingSpec {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly reportsItemFailures: boolean;
  readonly concurrencyMax: number;
}

/** SQS's longest wait for a message and largest batch of one receive. */
const LONG_POLL_SECONDS = 20;
const RECEIVE_MAX = 10;
/** After a receive that failed (the queue's endpoint is going away): not a loop that burns the processor. */
const RETRY_PAUSE_MS = 500;

/**
 * Polls a queue and calls the function with what comes, the way Lambda's SQS event source mapping does: what the
 * function handled is deleted; what it did not comes back when its visibility timeout ends, and the queue's redrive
 * policy counts. Source: Lambda developer guide, "Using Lambda with Amazon SQS", "Handling errors".
 */
export function startEventSourceMapping(
  spec: MappingSpec,
  sqs: Pick<SQSClient, 'send'>,
  invoke: (event: unknown) => Promise<InvocationResult>,
  trace: Trace,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const pollers = Array.from({ length: spec.concurrencyMax }, () => poll());

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const messages = await collectBatch();
        if (messages.length > 0) await handle(messages);
      } catch (error) {
        if (stopping.signal.aborted) return;
        trace.add('poll-failed', {
          queue: spec.queueArn,
          error: error instanceof Error ? error.message : String(error),
        });
        await pause(RETRY_PAUSE_MS);
      }
    }
  }

  async function collectBatch(): Promise<Message[]> {
    const batch: Message[] = await receive(LONG_POLL_SECONDS, spec.batchSize);
    const windowEndsAt = performance.now() + spec.batchingWindowMs;
    while (batch.length > 0 && batch.length < spec.batchSize) {
      const leftSeconds = Math.ceil((windowEndsAt - performance.now()) / 1000);
      if (leftSeconds <= 0) break;
      batch.push(...(await receive(leftSeconds, spec.batchSize - batch.length)));
    }
    return batch;
  }

  async function receive(waitSeconds: number, wanted: number): Promise<Message[]> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: spec.queueUrl,
        WaitTimeSeconds: waitSeconds,
        MaxNumberOfMessages: Math.min(wanted, RECEIVE_MAX),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return Messages;
  }

  async function handle(messages: Message[]): Promise<void> {
    const result = await invoke(sqsEvent(messages, spec));
    const handled = handledMessages(messages, result, spec.reportsItemFailures);
    for (let start = 0; start < handled.length; start += RECEIVE_MAX) {
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: spec.queueUrl,
          Entries: handled
            .slice(start, start + RECEIVE_MAX)
            .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
    }
    const deleted = new Set(handled);
    for (const message of messages) {
      trace.add(deleted.has(message) ? 'message-handled' : 'message-failed', {
        function: spec.functionName,
        messageId: message.MessageId ?? '',
        ...(result.status === 'failed' ? { errorType: result.errorType } : {}),
      });
    }
  }

  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

function sqsEvent(messages: readonly Message[], spec: MappingSpec): object {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
          name,
          {
            stringValue: attribute.StringValue,
            stringListValues: [],
            binaryListValues: [],
            dataType: attribute.DataType,
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: spec.queueArn,
      awsRegion: spec.region,
    })),
  };
}

const itemFailuresSchema = z
  .looseObject({
    batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullable();

/**
 * The messages to delete after an invocation. With item failures reported: an empty answer, or one without
 * failures, means that all were handled; an answer of another shape, or one that names a message which is not in the
 * batch, means that none was. Source: Lambda developer guide, "Success and failure conditions".
 */
export function handledMessages(
  messages: readonly Message[],
  result: InvocationResult,
  reportsItemFailures: boolean,
): readonly Message[] {
  if (result.status === 'failed') return [];
  if (!reportsItemFailures) return messages;
  const answer = itemFailuresSchema.safeParse(result.value);
  if (!answer.success) return [];
  const failed = new Set((answer.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  for (const id of failed) if (!known.has(id)) return [];
  return messages.filter(({ MessageId }) => MessageId === undefined || !failed.has(MessageId));
}
