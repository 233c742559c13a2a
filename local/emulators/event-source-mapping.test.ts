import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stackOf } from '../assembly.ts';
import type { InvocationResult } from '../function-runner.ts';
import { QUEUE } from '../resource-types.ts';
import { readTemplates, type StackModel } from '../template.ts';
import { createTrace, type Trace } from '../trace.ts';
import { handledMessages, type MappingSpec, startEventSourceMapping } from './event-source-mapping.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from './queues-and-buckets.ts';

const returned = (value: unknown): InvocationResult => ({ status: 'returned', requestId: 'r', value });
const failed: InvocationResult = { status: 'failed', requestId: 'r', errorType: 'Error', message: 'no' };

describe('what counts as handled', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
  const ids = (result: InvocationResult, reports = true): (string | undefined)[] =>
    handledMessages(messages, result, reports).map(({ MessageId }) => MessageId);

  it('everything, when the answer is empty or lists no failures', () => {
    for (const value of [null, {}, { batchItemFailures: null }, { batchItemFailures: [] }]) {
      expect(ids(returned(value))).toEqual(['a', 'b']);
    }
  });

  it('all but the reported messages', () => {
    expect(ids(returned({ batchItemFailures: [{ itemIdentifier: 'a' }] }))).toEqual(['b']);
  });

  it('nothing, when the answer has another shape or names a message that was not sent', () => {
    for (const value of [
      'done',
      7,
      { batchItemFailures: 'a' },
      { batchItemFailures: [{ itemIdentifier: '' }] },
      { batchItemFailures: [{ itemIdentifier: null }] },
      { batchItemFailures: [{ id: 'a' }] },
      { batchItemFailures: [{ itemIdentifier: 'c' }] },
    ]) {
      expect(ids(returned(value))).toEqual([]);
    }
  });

  it('nothing, when the function failed', () => {
    expect(ids(failed)).toEqual([]);
    expect(ids(failed, false)).toEqual([]);
  });

  it('everything, whatever the answer, when item failures are not reported', () => {
    expect(ids(returned({ batchItemFailures: [{ itemIdentifier: 'a' }] }), false)).toEqual(['a', 'b']);
  });
});

describe('on a real queue', () => {
  let emulator: QueuesAndBuckets;
  let model: StackModel;
  beforeAll(async () => {
    emulator = await startQueuesAndBuckets({ region: 'eu-south-1', dataDir: undefined });
    const deadLetters = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } };
    const queueNamed = (name: string, VisibilityTimeout = 0) => ({
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: name,
        VisibilityTimeout,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
      },
    });
    const template = {
      Resources: {
        Dead: deadLetters,
        Jobs: queueNamed('jobs'),
        Mixed: queueNamed('mixed'),
        Slow: queueNamed('slow', 30),
      },
    };
    model = readTemplates(
      {
        accountId: '000000000000',
        region: 'eu-south-1',
        stacks: [stackOf('S', template)],
        assetFolders: new Map(),
      },
      emulator.endpoint,
    );
    await emulator.createQueues(model);
  });
  afterAll(() => emulator.stop());

  function mapping(
    name: string,
    invoke: (event: unknown) => Promise<InvocationResult>,
    trace: Trace,
    spec: Partial<MappingSpec> = {},
  ) {
    const queue = model.of(QUEUE).find((found) => found.name === name);
    return startEventSourceMapping(
      {
        queueUrl: queue?.ref ?? '',
        queueArn: queue?.arn ?? '',
        region: 'eu-south-1',
        functionName: 'f',
        batchSize: 10,
        batchingWindowMs: 0,
        reportsItemFailures: true,
        concurrencyMax: 1,
        ...spec,
      },
      emulator.sqs,
      invoke,
      trace,
    );
  }
  const send = (name: string, MessageBody: string) =>
    emulator.sqs.send(
      new SendMessageCommand({ QueueUrl: `${emulator.endpoint}/000000000000/${name}`, MessageBody }),
    );
  const bodies = (
    event: unknown,
  ): { messageId: string; body: string; attributes: Record<string, string> }[] =>
    JSON.parse(JSON.stringify(event)).Records;

  it('a message that keeps failing ends in the dead-letter queue, with the count of its receives', async () => {
    const trace = createTrace();
    const receives: (string | undefined)[] = [];
    const running = mapping(
      'jobs',
      async (event) => {
        receives.push(bodies(event)[0]?.attributes.ApproximateReceiveCount);
        return failed;
      },
      trace,
    );
    await send('jobs', 'poison');
    await expect.poll(() => emulator.unfinishedMessages('dead')).toBe(1);
    expect(receives).toEqual(['1', '2']);
    expect(emulator.unfinishedMessages('jobs')).toBe(0);
    await running.stop();
  });

  it('only the failed message of a batch comes back', async () => {
    const trace = createTrace();
    const seen: string[][] = [];
    await send('mixed', 'good');
    await send('mixed', 'bad');
    const running = mapping(
      'mixed',
      async (event) => {
        const records = bodies(event);
        seen.push(records.map(({ body }) => body));
        const again = seen.length === 1 ? records.filter(({ body }) => body === 'bad') : [];
        return returned({ batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) });
      },
      trace,
    );
    await expect.poll(() => emulator.unfinishedMessages('mixed')).toBe(0);
    expect(seen).toEqual([['good', 'bad'], ['bad']]);
    await running.stop();
  });

  it('the batching window gathers what comes within it', async () => {
    const trace = createTrace();
    const seen: string[][] = [];
    const running = mapping(
      'slow',
      async (event) => {
        seen.push(bodies(event).map(({ body }) => body));
        return returned(null);
      },
      trace,
      { batchSize: 3, batchingWindowMs: 20_000 },
    );
    for (const body of ['one', 'two', 'three']) await send('slow', body);
    await trace.waitFor('the batch', ({ what }) => what === 'message-handled', 5_000);
    expect(seen).toEqual([['one', 'two', 'three']]);
    await running.stop();
  });
});
