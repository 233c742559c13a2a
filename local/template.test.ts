import { describe, expect, it } from 'vitest';
import { type Assembly, stackOf } from './assembly.ts';
import { BUCKET, LAMBDA_FUNCTION, QUEUE, TABLE } from './resource-types.ts';
import { readTemplates } from './template.ts';

const ORIGIN = 'http://127.0.0.1:4000';

function assemblyOf(...templates: readonly object[]): Assembly {
  return {
    accountId: '000000000000',
    region: 'eu-south-1',
    stacks: templates.map((template, index) => stackOf(`Stack${index + 1}`, template)),
    assetFolders: new Map(),
  };
}

const read = (...templates: readonly object[]) => readTemplates(assemblyOf(...templates), ORIGIN);
const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const lambda = (variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::000000000000:role/r',
    Code: { S3Bucket: 'assets', S3Key: 'abc.zip' },
    Environment: { Variables: variables },
  },
});
const variablesOf = (...templates: readonly object[]) =>
  read(...templates).of(LAMBDA_FUNCTION)[0]?.properties.Environment?.Variables;

describe('intrinsic functions', () => {
  it('Ref of a queue is its URL, Fn::GetAtt its ARN', () => {
    const Resources = {
      Jobs: queue({ QueueName: 'jobs' }),
      F: lambda({
        URL: { Ref: 'Jobs' },
        ARN: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
        DOTTED: { 'Fn::GetAtt': 'Jobs.Arn' },
      }),
    };
    expect(variablesOf({ Resources })).toEqual({
      URL: `${ORIGIN}/000000000000/jobs`,
      ARN: 'arn:aws:sqs:eu-south-1:000000000000:jobs',
      DOTTED: 'arn:aws:sqs:eu-south-1:000000000000:jobs',
    });
  });

  it('joins, splits, selects and substitutes, literals and local variables included', () => {
    const Resources = {
      Jobs: queue({ QueueName: 'jobs' }),
      F: lambda({
        JOIN: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] },
        SELECT: { 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y/z'] }] },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is CloudFormation's
        SUB: { 'Fn::Sub': '${AWS::AccountId}.${Jobs.QueueName}.${!Literal}' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is CloudFormation's
        SUB_WITH: { 'Fn::Sub': ['${Which}!', { Which: { Ref: 'AWS::Partition' } }] },
      }),
    };
    expect(variablesOf({ Resources })).toEqual({
      JOIN: 'a-eu-south-1',
      SELECT: 'y',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is CloudFormation's
      SUB: '000000000000.jobs.${Literal}',
      SUB_WITH: 'aws!',
    });
  });

  it('an import finds what the other stack exports, whichever comes first', () => {
    const importing = { Resources: { F: lambda({ URL: { 'Fn::ImportValue': 'jobs-url' } }) } };
    const exporting = {
      Resources: { Jobs: queue({ QueueName: 'jobs' }) },
      Outputs: { Url: { Value: { Ref: 'Jobs' }, Export: { Name: 'jobs-url' } } },
    };
    expect(variablesOf(importing, exporting)).toEqual({ URL: `${ORIGIN}/000000000000/jobs` });
  });

  it('an import that nobody exports is refused by name', () => {
    const importing = { Resources: { F: lambda({ URL: { 'Fn::ImportValue': 'nothing' } }) } };
    expect(() => read(importing)).toThrow('Stack1/F (AWS::Lambda::Function): no stack exports nothing');
  });

  it('AWS::NoValue leaves the property out', () => {
    const model = read({
      Resources: { Jobs: queue({ QueueName: { Ref: 'AWS::NoValue' }, DelaySeconds: 3 }) },
    });
    expect(model.of(QUEUE)[0]).toMatchObject({ name: 'Stack1-Jobs', properties: { DelaySeconds: 3 } });
  });

  it('an unknown function is refused by name', () => {
    expect(() => read({ Resources: { Jobs: queue({ QueueName: { 'Fn::Base64': 'x' } }) } })).toThrow(
      'Fn::Base64',
    );
  });

  it('a name that depends on itself is refused', () => {
    const Resources = { A: queue({ QueueName: { Ref: 'B' } }), B: queue({ QueueName: { Ref: 'A' } }) };
    expect(() => read({ Resources })).toThrow('its name depends on itself');
  });

  it('a reference to nothing is refused by name', () => {
    expect(() => read({ Resources: { F: lambda({ X: { Ref: 'Gone' } }) } })).toThrow(
      'nothing is called Gone',
    );
  });
});

describe('properties', () => {
  it('an unknown property fails the start with its name', () => {
    expect(() => read({ Resources: { Jobs: queue({ FifoQueue: true }) } })).toThrow(
      'Stack1/Jobs (AWS::SQS::Queue): FifoQueue',
    );
  });

  it('an unknown property deep inside is named with its path', () => {
    const RedrivePolicy = { deadLetterTargetArn: 'arn', maxReceiveCount: 5, later: 1 };
    expect(() => read({ Resources: { Jobs: queue({ RedrivePolicy }) } })).toThrow('RedrivePolicy.later');
  });

  it('a property on the ignored list changes nothing', () => {
    const model = read({ Resources: { Jobs: queue({ QueueName: 'jobs', SqsManagedSseEnabled: true }) } });
    expect(model.of(QUEUE)[0]?.properties).toEqual({ QueueName: 'jobs' });
  });

  it('a value that cannot be honoured is refused', () => {
    const provisioned = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PROVISIONED',
      },
    };
    expect(() => read({ Resources: { T: provisioned } })).toThrow('BillingMode');
    const { Properties } = provisioned;
    const onDemand = { ...provisioned, Properties: { ...Properties, BillingMode: 'PAY_PER_REQUEST' } };
    expect(read({ Resources: { T: onDemand } }).of(TABLE)).toHaveLength(1);
  });

  it('an unknown resource type is refused by name, one on the ignored list is passed over', () => {
    expect(() => read({ Resources: { X: { Type: 'AWS::Kinesis::Stream' } } })).toThrow(
      'resource type AWS::Kinesis::Stream',
    );
    expect(
      read({ Resources: { X: { Type: 'AWS::CloudWatch::Alarm', Properties: { Any: 1 } } } }).of(QUEUE),
    ).toEqual([]);
  });

  it('a conditional resource is refused: whether it exists is not known here', () => {
    expect(() => read({ Resources: { Jobs: { ...queue(), Condition: 'Sometimes' } } })).toThrow('Condition');
  });

  it('all refusals are told at once', () => {
    const Resources = { A: queue({ FifoQueue: true }), B: { Type: 'AWS::Kinesis::Stream' } };
    expect(() => read({ Resources })).toThrow(/FifoQueue[\s\S]*AWS::Kinesis::Stream/);
  });

  it('a bucket without a name gets one that S3 accepts', () => {
    const model = read({ Resources: { AccessLogs: { Type: 'AWS::S3::Bucket' } } });
    expect(model.of(BUCKET)[0]?.name).toBe('stack1-accesslogs');
  });
});
