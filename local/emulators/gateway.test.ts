import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeyIdOf, readAccess, readRoles } from '../access.ts';
import { stackOf } from '../assembly.ts';
import { readTemplates } from '../template.ts';
import { createTrace } from '../trace.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from './queues-and-buckets.ts';

const trace = createTrace();
let emulator: QueuesAndBuckets;
let gateways: { s3: Gateway; sqs: Gateway };

beforeAll(async () => {
  emulator = await startQueuesAndBuckets({ region: 'eu-south-1', dataDir: undefined });
  gateways = { s3: await startGateway('s3', trace), sqs: await startGateway('sqs', trace) };
  const Statement = [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Reports', 'Arn'] }, '/in/*']] },
    },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Jobs', 'Arn'] } },
  ];
  const template = {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Others: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'others' } },
      Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'reports' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'reader', Policies: [{ PolicyName: 'p', PolicyDocument: { Statement } }] },
      },
      F: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'read',
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { S3Bucket: 'b', S3Key: 'k.zip' },
        },
      },
    },
  };
  const model = readTemplates(
    {
      accountId: '000000000000',
      region: 'eu-south-1',
      stacks: [stackOf('S', template)],
      assetFolders: new Map(),
    },
    gateways.sqs.endpoint,
  );
  await emulator.createQueues(model);
  await emulator.createBuckets(model);
  const access = readAccess(model, readRoles(model));
  gateways.s3.open(emulator.endpoint, model, access);
  gateways.sqs.open(emulator.endpoint, model, access);
});
afterAll(async () => {
  await gateways.s3.stop();
  await gateways.sqs.stop();
  await emulator.stop();
});

function s3As(accessKeyId: string): S3Client {
  const { endpoint } = gateways.s3;
  return new S3Client({ endpoint, region: 'eu-south-1', credentials: { accessKeyId, secretAccessKey: 'x' } });
}
function sqsAs(accessKeyId: string): SQSClient {
  const { endpoint } = gateways.sqs;
  return new SQSClient({
    endpoint,
    region: 'eu-south-1',
    credentials: { accessKeyId, secretAccessKey: 'x' },
  });
}
const FUNCTION = accessKeyIdOf('read');

describe('S3', () => {
  it('a person may do anything; the function what its role allows', async () => {
    const Body = Buffer.alloc(3_000_000, 'a');
    await s3As('LOCALPERSON').send(new PutObjectCommand({ Bucket: 'reports', Key: 'in/a.txt', Body }));
    const object = await s3As(FUNCTION).send(new GetObjectCommand({ Bucket: 'reports', Key: 'in/a.txt' }));
    expect((await object.Body?.transformToByteArray())?.length).toBe(Body.length);
  });

  it('an object larger than the emulator takes in one piece arrives whole, from memory and from a stream', async () => {
    const person = s3As('LOCALPERSON');
    const content = Buffer.alloc(13_000_000, 'abcdefg\n');
    for (const Body of [content, Readable.from([content.subarray(0, 70_001), content.subarray(70_001)])]) {
      const Metadata = { origin: 'seller-central' };
      await person.send(
        new PutObjectCommand({
          Bucket: 'reports',
          Key: 'in/large.txt',
          Body,
          ContentLength: content.length,
          Metadata,
        }),
      );
      const object = await person.send(new GetObjectCommand({ Bucket: 'reports', Key: 'in/large.txt' }));
      expect(object.Metadata).toEqual(Metadata);
      expect(Buffer.compare(Buffer.from((await object.Body?.transformToByteArray()) ?? []), content)).toBe(0);
    }
  });

  it.each([10, 6_000_000])('an object of %i bytes put once is not put again', async (bytes) => {
    const client = s3As('LOCALPERSON');
    const Key = `in/once-${bytes}.txt`;
    const put = (letter: string) =>
      new Upload({
        client,
        params: { Bucket: 'reports', Key, Body: Buffer.alloc(bytes, letter), IfNoneMatch: '*' },
      }).done();
    await put('a');
    await expect(put('b')).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'reports', Key }));
    expect((await Body?.transformToString())?.slice(0, 2)).toBe('aa');
  });

  it('a call outside the role is denied by name, and nothing is changed', async () => {
    const writing = s3As(FUNCTION).send(
      new PutObjectCommand({ Bucket: 'reports', Key: 'in/b.txt', Body: 'b' }),
    );
    await expect(writing).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:PutObject on resource: arn:aws:s3:::reports/in/b.txt'),
    });
    const reading = s3As('LOCALPERSON').send(new GetObjectCommand({ Bucket: 'reports', Key: 'in/b.txt' }));
    await expect(reading).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(trace.events.at(-1)).toMatchObject({
      what: 'access-denied',
      of: { function: 'read', action: 's3:PutObject' },
    });
  });
});

describe('SQS', () => {
  it('the function sends where its role allows, and nowhere else', async () => {
    const send = (queue: string) =>
      sqsAs(FUNCTION).send(
        new SendMessageCommand({
          QueueUrl: `${gateways.sqs.endpoint}/000000000000/${queue}`,
          MessageBody: 'x',
        }),
      );
    await send('jobs');
    expect(emulator.unfinishedMessages('jobs')).toBe(1);
    await expect(send('others')).rejects.toThrow(
      'sqs:SendMessage on resource: arn:aws:sqs:eu-south-1:000000000000:others',
    );
    expect(emulator.unfinishedMessages('others')).toBe(0);
  });
});

it('an emulator that is gone is told as unavailable, not left hanging', async () => {
  const gateway = await startGateway('ssm', trace);
  const answer = await fetch(gateway.endpoint, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(503);
  await gateway.stop();
});
