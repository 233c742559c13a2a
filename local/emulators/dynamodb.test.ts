import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stackOf } from '../assembly.ts';
import { readTemplates } from '../template.ts';
import { startDynamoDb } from './dynamodb.ts';

const template = {
  Resources: {
    Orders: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'day', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byDay',
            KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
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
  'http://127.0.0.1:1',
);

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dynamodb-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

async function withTables<Result>(work: (client: DynamoDBClient) => Promise<Result>): Promise<Result> {
  const emulator = await startDynamoDb({ dataDir });
  const client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'LOCAL', secretAccessKey: 'local' },
  });
  try {
    await emulator.createTables(model);
    return await work(client);
  } finally {
    client.destroy();
    await emulator.stop();
  }
}

it('makes the tables of the template, and keeps them and their items in the data folder', async () => {
  await withTables(async (client) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byDay' }]);
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: 'orders' }),
    );
    expect(TimeToLiveDescription).toMatchObject({
      AttributeName: 'expiresAtSeconds',
      TimeToLiveStatus: 'ENABLED',
    });
    await client.send(new PutItemCommand({ TableName: 'orders', Item: { pk: { S: '1' } } }));
  });
  const { Count } = await withTables((client) => client.send(new ScanCommand({ TableName: 'orders' })));
  expect(Count).toBe(1);
}, 30_000);

it('a damaged data folder is named in both languages, and Java is ended', async () => {
  await writeFile(join(dataDir, 'shared-local-instance.db'), 'this is no database'.repeat(500));
  await expect(withTables(async () => {})).rejects.toThrow(
    /non è leggibile da DynamoDB Local[\s\S]*cannot read the folder/,
  );
}, 30_000);

it('a start that is broken off ends Java', async () => {
  const controller = new AbortController();
  const starting = startDynamoDb({ dataDir, signal: controller.signal });
  controller.abort(new Error('Ctrl-C'));
  await expect(starting).rejects.toThrow('Ctrl-C');
}, 30_000);
