import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ListTablesCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GLOBAL_TABLE, TABLE } from '../resource-types.ts';
import { StartFailure } from '../start-failure.ts';
import type { StackModel } from '../template.ts';

/** AWS's own DynamoDB Local, run by the machine's Java. */
export interface DynamoDbEmulator {
  readonly endpoint: string;
  createTables(model: StackModel): Promise<void>;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 3_000;

const MISSING_JAVA =
  'Serve Java 17 o più recente (per DynamoDB Local): installare un JRE, ad esempio "apt install openjdk-17-jre-headless" o da https://adoptium.net.\n' +
  'Java 17 or newer is needed (for DynamoDB Local): install a JRE, e.g. "apt install openjdk-17-jre-headless" or from https://adoptium.net.';

/**
 * Starts DynamoDB Local.
 * @param dataDir keeps the tables there; without it they live in memory
 */
export async function startDynamoDb(options: {
  readonly dataDir: string | undefined;
  readonly signal?: AbortSignal;
}): Promise<DynamoDbEmulator> {
  const jar = join(
    dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json')),
    'emulator',
    'DynamoDBLocal.jar',
  );
  if (options.dataDir !== undefined) await mkdir(options.dataDir, { recursive: true });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const keeper = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../keeper.ts', import.meta.url)),
      'java',
      // A short-lived process: the quick compiler only, and no telemetry.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
      '-jar',
      jar,
      '-disableTelemetry',
      ...(options.dataDir === undefined ? ['-inMemory'] : ['-dbPath', options.dataDir]),
      '-sharedDb',
      '-port',
      String(port),
    ],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true },
  );
  let output = '';
  for (const stream of [keeper.stdout, keeper.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  let exitCode: number | undefined;
  const exited = new Promise<void>((resolve) => {
    keeper.once('exit', (code) => {
      exitCode = code ?? 1;
      resolve();
    });
  });

  /** At once: nothing that Java holds is worth waiting for. */
  async function kill(): Promise<void> {
    if (keeper.connected) keeper.disconnect();
    await exited;
  }
  /** With time to close the files of the data folder. */
  async function close(): Promise<void> {
    keeper.kill('SIGTERM');
    const timer = setTimeout(() => void kill(), STOP_DEADLINE_MS);
    await exited;
    clearTimeout(timer);
  }

  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'LOCALSTACK', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  try {
    const deadline = performance.now() + START_DEADLINE_MS;
    for (;;) {
      options.signal?.throwIfAborted();
      if (exitCode !== undefined) throw startFailure(output, options.dataDir);
      if (performance.now() > deadline)
        throw new Error(`DynamoDB Local: no answer in ${START_DEADLINE_MS} ms`);
      try {
        await client.send(new ListTablesCommand({ Limit: 1 }), { abortSignal: options.signal });
        break;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isConnectionRefused(error)) throw dataFailure(options.dataDir, error);
        await pause(100);
      }
    }
  } catch (error) {
    await kill();
    throw error;
  }

  return {
    endpoint,
    async createTables(model) {
      try {
        await Promise.all(tablesOf(model).map((table) => createTable(client, table)));
      } catch (error) {
        throw dataFailure(options.dataDir, error);
      }
    },
    async stop() {
      client.destroy();
      await (options.dataDir === undefined ? kill() : close());
    },
  };
}

interface TableToCreate {
  readonly create: CreateTableCommandInput;
  readonly timeToLive: { readonly AttributeName: string; readonly Enabled: boolean } | undefined;
}

function tablesOf(model: StackModel): TableToCreate[] {
  return [...model.of(TABLE), ...model.of(GLOBAL_TABLE)].map(({ name, properties }) => ({
    create: {
      TableName: name,
      BillingMode: properties.BillingMode,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    },
    timeToLive: properties.TimeToLiveSpecification,
  }));
}

async function createTable(client: DynamoDBClient, { create, timeToLive }: TableToCreate): Promise<void> {
  try {
    await client.send(new CreateTableCommand(create));
  } catch (error) {
    // Kept from an earlier run with the same data folder, time to live included.
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  if (timeToLive !== undefined) {
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: create.TableName, TimeToLiveSpecification: timeToLive }),
    );
  }
}

function startFailure(output: string, dataDir: string | undefined): Error {
  const classFileTooNew = /UnsupportedClassVersionError/.test(output);
  if (/ENOENT/.test(output) || classFileTooNew) return new StartFailure(MISSING_JAVA);
  return dataFailure(dataDir, new Error(output.trim().split('\n').slice(-3).join(' ')));
}

function dataFailure(dataDir: string | undefined, cause: unknown): Error {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new StartFailure(
    dataDir === undefined
      ? `DynamoDB Local non parte: ${detail}\nDynamoDB Local does not start: ${detail}`
      : `La cartella ${dataDir} non è leggibile da DynamoDB Local: cancellarla o indicarne un'altra con --data.\n` +
          `DynamoDB Local cannot read the folder ${dataDir}: delete it or name another one with --data. (${detail})`,
    { cause },
  );
}

function isConnectionRefused(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET')
  );
}

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
