import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { RejectedError, UnavailableError } from '../../domain/errors.ts';
import { createJobQueue } from './job-queue.ts';

const sqs = mockClient(SQSClient);
const queue = createJobQueue<{ n: number }>(new SQSClient({}), 'https://sqs.example/1/jobs');
beforeEach(() => {
  sqs.reset();
});

test('a job is sent as JSON, its delay in whole seconds and never shorter than asked', async () => {
  sqs.on(SendMessageCommand).resolves({});
  await queue.send({ n: 1 }, { delayMs: 178_572 });
  expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
    QueueUrl: 'https://sqs.example/1/jobs',
    MessageBody: '{"n":1}',
    DelaySeconds: 179,
  });
});

test('a send that fails is one of the four families', async () => {
  sqs.on(SendMessageCommand).rejects(new Error('socket hang up'));
  await expect(queue.send({ n: 1 })).rejects.toBeInstanceOf(UnavailableError);
  const refused = Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client' });
  sqs.on(SendMessageCommand).rejects(refused);
  await expect(queue.send({ n: 1 })).rejects.toBeInstanceOf(RejectedError);
});
