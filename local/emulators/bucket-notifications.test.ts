import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { objectKeyOf, reportObjectCreatedSchema } from '../../events/report-object-created.ts';
import { stackOf } from '../assembly.ts';
import { readTemplates } from '../template.ts';
import { createTrace } from '../trace.ts';
import { startBucketNotifications } from './bucket-notifications.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from './queues-and-buckets.ts';

const trace = createTrace();
let emulator: QueuesAndBuckets;
let notifications: { stop(): Promise<void> };

beforeAll(async () => {
  emulator = await startQueuesAndBuckets({ region: 'eu-south-1', dataDir: undefined });
  const Rules = [
    { Name: 'prefix', Value: 'payment-reports/' },
    { Name: 'suffix', Value: '.txt' },
  ];
  const template = {
    Resources: {
      Uploads: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'uploads' } },
      Reports: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'reports',
          NotificationConfiguration: {
            QueueConfigurations: [
              {
                Event: 's3:ObjectCreated:*',
                Queue: { 'Fn::GetAtt': ['Uploads', 'Arn'] },
                Filter: { S3Key: { Rules } },
              },
            ],
          },
        },
      },
      Other: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'other' } },
    },
  };
  const model = readTemplates(
    {
      accountId: '000000000000',
      region: 'eu-south-1',
      stacks: [stackOf('S', template)],
      assetFolders: new Map(),
    },
    emulator.endpoint,
  );
  await emulator.createQueues(model);
  await emulator.createBuckets(model);
  notifications = startBucketNotifications(model, emulator, trace);
});
afterAll(async () => {
  await notifications.stop();
  await emulator.stop();
});

const put = (Bucket: string, Key: string) =>
  emulator.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));

async function nextRecord(): Promise<{ key: string; event: string }> {
  const { Messages = [] } = await emulator.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: `${emulator.endpoint}/000000000000/uploads`, WaitTimeSeconds: 5 }),
  );
  const [record] = reportObjectCreatedSchema.parse(JSON.parse(Messages[0]?.Body ?? '{}')).Records;
  if (record === undefined) throw new Error('no record');
  return { key: objectKeyOf(record), event: record.eventName };
}

it('an object under the prefix is announced with its key as S3 encodes it', async () => {
  await put('reports', 'payment-reports/amazon-it/settembre è + 1 (2).txt');
  expect(await nextRecord()).toEqual({
    key: 'payment-reports/amazon-it/settembre è + 1 (2).txt',
    event: 'ObjectCreated:Put',
  });
});

it('an object uploaded in parts is announced once, when it is complete', async () => {
  const upload = new Upload({
    client: emulator.s3,
    partSize: 5 * 1024 * 1024,
    params: {
      Bucket: 'reports',
      Key: 'payment-reports/amazon-it/big.txt',
      Body: Buffer.alloc(6 * 1024 * 1024),
    },
  });
  await upload.done();
  expect(await nextRecord()).toEqual({
    key: 'payment-reports/amazon-it/big.txt',
    event: 'ObjectCreated:CompleteMultipartUpload',
  });
  expect(emulator.unfinishedMessages('uploads')).toBe(2);
});

it('another prefix, another suffix and another bucket are not announced', async () => {
  const announced = (): number => trace.events.filter(({ what }) => what === 'notification-sent').length;
  const before = announced();
  await put('reports', 'replay/amazon-it/a.txt');
  await put('reports', 'payment-reports/amazon-it/a.csv');
  await put('other', 'payment-reports/amazon-it/a.txt');
  await put('reports', 'payment-reports/amazon-it/last.txt');
  await trace.waitFor(
    'the last one',
    ({ what, of }) => what === 'notification-sent' && String(of.key).endsWith('last.txt'),
    5_000,
  );
  expect(announced()).toBe(before + 1);
});
