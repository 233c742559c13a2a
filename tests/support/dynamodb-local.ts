import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BUYER_TABLE, STATE_TABLE } from '../../shared/adapters/dynamodb/table.ts';

const EMULATOR = fileURLToPath(
  new URL('../../node_modules/amplify-dynamodb-simulator/emulator', import.meta.url),
);
/** A Java start on a busy two-core machine; usually it takes two seconds. */
const START_TIMEOUT_MS = 60_000;

export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts AWS's own DynamoDB Local, in memory, on a free port. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  if (spawnSync('java', ['-version']).error) {
    throw new Error(
      'Java is missing: DynamoDB Local needs Java 17 or newer (Debian: apt install openjdk-17-jre-headless)',
    );
  }
  const port = await freePort();
  const child = spawn(
    'java',
    [
      `-Djava.library.path=${EMULATOR}/DynamoDBLocal_lib`,
      '-Xmx512m',
      '-jar',
      `${EMULATOR}/DynamoDBLocal.jar`,
      '-inMemory',
      '-sharedDb',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await answers(endpoint, child);
  return {
    endpoint,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** A client of the DynamoDB Local that the whole test run shares. */
export function testClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

let tables = 0;

/** A state table of the test's own, with the keys and indexes the stack declares. */
export async function createStateTable(client: DynamoDBClient): Promise<string> {
  const { partitionKey, sortKey, indexes } = STATE_TABLE;
  const attributes = new Set<string>([partitionKey, sortKey]);
  for (const index of Object.values(indexes)) attributes.add(index.partitionKey).add(index.sortKey);
  return createTable(client, 'state', {
    AttributeDefinitions: [...attributes].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: Object.values(indexes).map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: 'keysOnly' in index ? 'KEYS_ONLY' : 'ALL' },
    })),
  });
}

/** A buyer table of the test's own. */
export async function createBuyerTable(client: DynamoDBClient): Promise<string> {
  const { partitionKey, indexes } = BUYER_TABLE;
  const byEnd = indexes.buyersByEnd;
  return createTable(client, 'buyers', {
    AttributeDefinitions: [partitionKey, byEnd.partitionKey, byEnd.sortKey].map((name) => ({
      AttributeName: name,
      AttributeType: 'S',
    })),
    KeySchema: keySchema(partitionKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: byEnd.name,
        KeySchema: keySchema(byEnd.partitionKey, byEnd.sortKey),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
}

async function createTable(
  client: DynamoDBClient,
  kind: string,
  shape: Omit<ConstructorParameters<typeof CreateTableCommand>[0], 'TableName' | 'BillingMode'>,
): Promise<string> {
  tables += 1;
  const TableName = `${kind}-${process.pid}-${Date.now().toString(36)}-${tables}`;
  await client.send(new CreateTableCommand({ ...shape, TableName, BillingMode: 'PAY_PER_REQUEST' }));
  return TableName;
}

function keySchema(partitionKey: string, sortKey?: string) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
  return address.port;
}

/** Waits until the emulator answers; any HTTP status is an answer. */
async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2_000);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`DynamoDB Local stopped while starting: ${complaint}`);
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
      return;
    } catch (cause) {
      if (Date.now() > deadline) {
        child.kill();
        throw new Error(`DynamoDB Local did not answer in ${START_TIMEOUT_MS} ms: ${complaint}`, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
