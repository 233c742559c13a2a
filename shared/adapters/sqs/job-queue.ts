import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobQueue } from '../../ports/job-queue.ts';
import { callAws } from '../../runtime/aws-errors.ts';

const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Region, credentials and endpoint come from the SDK's standard environment. */
export function createSqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/** A queue whose messages are jobs in JSON. Delays are rounded up to SQS's whole seconds. */
export function createJobQueue<Job>(client: SQSClient, queueUrl: string): JobQueue<Job> {
  return {
    async send(job, { delayMs = 0 } = {}) {
      await callAws('sqs', () =>
        client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: JSON.stringify(job),
            DelaySeconds: Math.ceil(delayMs / 1000),
          }),
        ),
      );
    },
  };
}
