import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stackOf } from '../assembly.ts';
import { readTemplates, type StackModel } from '../template.ts';
import { type QueuesAndBuckets, startQueuesAndBuckets } from './queues-and-buckets.ts';

let dataDir: string;
let emulator: QueuesAndBuckets | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'queues-and-buckets-'));
});
afterEach(async () => {
  await emulator?.stop();
  emulator = undefined;
  await rm(dataDir, { recursive: true });
});

function modelWith(visibilitySeconds: number): StackModel {
  const template = {
    Resources: {
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: 'jobs', VisibilityTimeout: visibilitySeconds },
      },
      Reports: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'reports' } },
    },
  };
  return readTemplates(
    {
      accountId: '123456789012',
      region: 'eu-south-1',
      stacks: [stackOf('S', template)],
      assetFolders: new Map(),
    },
    'http://127.0.0.1:1',
  );
}

async function open(model: StackModel): Promise<QueuesAndBuckets> {
  emulator = await startQueuesAndBuckets({ region: 'eu-south-1', dataDir });
  await emulator.createQueues(model);
  await emulator.createBuckets(model);
  return emulator;
}

it('messages and objects outlive the process; changed queue settings are taken over', async () => {
  const first = await open(modelWith(30));
  const QueueUrl = `${first.endpoint}/000000000000/jobs`;
  await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await first.s3.send(new PutObjectCommand({ Bucket: 'reports', Key: 'a/b.txt', Body: 'content' }));
  await first.stop();

  const second = await open(modelWith(60));
  expect(second.unfinishedMessages('jobs')).toBe(1);
  const object = await second.s3.send(new GetObjectCommand({ Bucket: 'reports', Key: 'a/b.txt' }));
  expect(await object.Body?.transformToString()).toBe('content');
  const { Attributes } = await second.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${second.endpoint}/000000000000/jobs`,
      AttributeNames: ['VisibilityTimeout'],
    }),
  );
  expect(Attributes).toEqual({ VisibilityTimeout: '60' });
});

it('a client that knows only the address reaches the bucket', async () => {
  const { s3 } = await open(modelWith(30));
  await s3.send(new PutObjectCommand({ Bucket: 'reports', Key: 'payment-reports/x', Body: 'x' }));
  const { Contents } = await s3.send(
    new ListObjectsV2Command({ Bucket: 'reports', Prefix: 'payment-reports/' }),
  );
  expect(Contents?.map(({ Key }) => Key)).toEqual(['payment-reports/x']);
});

it('a damaged data folder is named in both languages', async () => {
  const first = await open(modelWith(30));
  await first.stop();
  emulator = undefined;
  for (const name of await readdir(dataDir)) {
    if (name.includes('.db')) await writeFile(join(dataDir, name), 'this is no database'.repeat(500));
  }
  await expect(startQueuesAndBuckets({ region: 'eu-south-1', dataDir })).rejects.toThrow(
    /non è leggibile[\s\S]*cannot be read/,
  );
});
