import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import type { InvocationResult } from '../function-runner.ts';
import { createTrace } from '../trace.ts';
import { createAsyncInvoker } from './async-invocation.ts';
import { ManualClock } from './manual-clock.ts';

const sqs = mockClient(SQSClient);
const failed: InvocationResult = {
  status: 'failed',
  requestId: 'r',
  errorType: 'UnavailableError',
  message: 'down',
};
const returned: InvocationResult = { status: 'returned', requestId: 'r', value: null };
const SPEC = {
  functionName: 'plan',
  functionArn: 'arn:plan',
  retriesMax: 2,
  eventAgeMaxMs: 3_600_000,
  onFailureQueueUrl: 'http://127.0.0.1:1/000000000000/dead',
};

beforeEach(() => {
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({});
});

function setUp(results: InvocationResult[], spec = SPEC) {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const trace = createTrace();
  const invoke = vi.fn(async () => results.shift() ?? returned);
  const invoker = createAsyncInvoker(spec, invoke, new SQSClient({}), clock, trace);
  return { clock, trace, invoke, invoker };
}

it('a call that succeeds is made once', async () => {
  const { invoker, invoke, clock } = setUp([returned]);
  invoker.call({ time: 'now' });
  await vi.waitFor(() => expect(invoker.pending).toBe(0));
  clock.turn(600_000);
  expect(invoke).toHaveBeenCalledTimes(1);
});

it('a failed call is tried again after one minute and after two more', async () => {
  const { invoker, invoke, clock, trace } = setUp([failed, failed, returned]);
  invoker.call({});
  await trace.waitFor('first retry', ({ of }) => of.attempt === 2, 1_000);
  clock.turn(59_999);
  expect(invoke).toHaveBeenCalledTimes(1);
  clock.turn(1);
  await trace.waitFor('second retry', ({ of }) => of.attempt === 3, 1_000);
  clock.turn(120_000);
  await vi.waitFor(() => expect(invoker.pending).toBe(0));
  expect(invoke).toHaveBeenCalledTimes(3);
  expect(sqs.commandCalls(SendMessageCommand)).toHaveLength(0);
});

it('a call that fails every time ends in the failure queue, with its event', async () => {
  const { invoker, clock, trace } = setUp([failed, failed, failed]);
  invoker.call({ time: 'now' });
  await trace.waitFor('first retry', ({ of }) => of.attempt === 2, 1_000);
  clock.turn(60_000);
  await trace.waitFor('second retry', ({ of }) => of.attempt === 3, 1_000);
  clock.turn(120_000);
  await vi.waitFor(() => expect(sqs.commandCalls(SendMessageCommand)).toHaveLength(1));
  const body = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '';
  expect(JSON.parse(body)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { time: 'now' },
    responsePayload: { errorType: 'UnavailableError' },
  });
});

it('a call that would be too old for another try is given up', async () => {
  const { invoker, invoke } = setUp([failed], { ...SPEC, eventAgeMaxMs: 30_000 });
  invoker.call({});
  await vi.waitFor(() => expect(sqs.commandCalls(SendMessageCommand)).toHaveLength(1));
  expect(invoke).toHaveBeenCalledTimes(1);
});
