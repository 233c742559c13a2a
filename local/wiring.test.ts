import { expect, it } from 'vitest';
import { stackOf } from './assembly.ts';
import { realClock } from './emulators/clock.ts';
import type { FunctionRunner } from './function-runner.ts';
import { readTemplates } from './template.ts';
import { createTrace } from './trace.ts';
import { type Wiring, wireFunctions } from './wiring.ts';

const FUNCTION_ARN = 'arn:aws:lambda:eu-south-1:000000000000:function:pull';

function wire(resources: object): Wiring {
  const template = {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Pull: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'pull',
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: 'arn:aws:iam::000000000000:role/r',
          Code: { S3Bucket: 'b', S3Key: 'k.zip' },
        },
      },
      ...resources,
    },
  };
  const model = readTemplates(
    {
      accountId: '000000000000',
      region: 'eu-south-1',
      stacks: [stackOf('S', template)],
      assetFolders: new Map(),
    },
    'http://127.0.0.1:1',
  );
  const runner: FunctionRunner = {
    spec: {
      name: 'pull',
      arn: FUNCTION_ARN,
      assetFolder: '/',
      handler: 'index.handler',
      timeoutMs: 1_000,
      memoryMb: 128,
      concurrencyMax: 1,
      environment: {},
      logFile: '/dev/null',
    },
    pending: 0,
    invoke: () => Promise.reject(new Error('nothing was to be invoked')),
    stop: async () => {},
  };
  return wireFunctions(
    model,
    new Map([[FUNCTION_ARN, runner]]),
    'http://127.0.0.1:1',
    realClock,
    createTrace(),
  );
}

const mapping = (properties: object) => ({
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: properties },
});

it('a mapping reads its queue; a disabled one does not', async () => {
  const EventSourceArn = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
  const reading = wire(mapping({ FunctionName: { Ref: 'Pull' }, EventSourceArn }));
  expect(reading.sourceQueues).toEqual(['jobs']);
  await reading.stop();
  const disabled = wire(mapping({ FunctionName: { Ref: 'Pull' }, EventSourceArn, Enabled: false }));
  expect(disabled.sourceQueues).toEqual([]);
  await disabled.stop();
});

it('a mapping from a source that is no queue of the stacks is refused by name', () => {
  const EventSourceArn = 'arn:aws:kinesis:eu-south-1:000000000000:stream/orders';
  expect(() => wire(mapping({ FunctionName: { Ref: 'Pull' }, EventSourceArn }))).toThrow(EventSourceArn);
});

it('a mapping to a function that is not in the stacks is refused by name', () => {
  const EventSourceArn = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
  expect(() => wire(mapping({ FunctionName: 'elsewhere', EventSourceArn }))).toThrow('elsewhere');
});

it('a failure destination that is no queue of the stacks is refused by name', () => {
  const Destination = 'arn:aws:sns:eu-south-1:000000000000:failures';
  const config = {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'Pull' },
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination } },
    },
  };
  expect(() => wire({ Config: config })).toThrow(Destination);
});
