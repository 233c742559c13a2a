import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realClock } from './clock.ts';
import { type ParameterStore, startParameterStore } from './parameters.ts';

let dataDir: string;
let store: ParameterStore;
let client: SSMClient;

async function open(): Promise<void> {
  store = await startParameterStore({
    region: 'eu-south-1',
    accountId: '000000000000',
    dataDir,
    clock: realClock,
  });
  client = new SSMClient({
    endpoint: store.endpoint,
    region: 'eu-south-1',
    credentials: { accessKeyId: 'LOCAL', secretAccessKey: 'local' },
  });
}
async function close(): Promise<void> {
  client.destroy();
  await store.stop();
}
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parameters-'));
  await open();
});
afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true });
});

const put = (Name: string, Value: string, more: object = {}) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', ...more }));
const get = async (Name: string, WithDecryption = true) =>
  (await client.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

it('a secure parameter is readable only with decryption', async () => {
  await put('/demo/a', 'secret');
  expect(await get('/demo/a')).toMatchObject({ Value: 'secret', Type: 'SecureString', Version: 1 });
  expect((await get('/demo/a', false))?.Value).not.toContain('secret');
});

it('an existing parameter is replaced only when asked to', async () => {
  await put('/demo/a', 'one');
  await expect(put('/demo/a', 'two')).rejects.toThrow(ParameterAlreadyExists);
  await put('/demo/a', 'two', { Overwrite: true });
  expect(await get('/demo/a')).toMatchObject({ Value: 'two', Version: 2 });
});

it('a parameter that is not there is an error', async () => {
  await expect(get('/demo/none')).rejects.toThrow(ParameterNotFound);
});

it('a value of more than 4 kB is refused', async () => {
  await put('/demo/long', 'x'.repeat(4_096));
  await expect(put('/demo/longer', 'x'.repeat(4_097))).rejects.toThrow('4096');
});

it('a path is read page by page, with or without what is deeper', async () => {
  for (let index = 0; index < 12; index += 1) await put(`/demo/list/${String(index).padStart(2, '0')}`, 'x');
  await put('/demo/list/deep/1', 'x');
  const page = (NextToken?: string, Recursive = false) =>
    client.send(new GetParametersByPathCommand({ Path: '/demo/list', Recursive, NextToken }));
  const first = await page();
  expect(first.Parameters).toHaveLength(10);
  expect((await page(first.NextToken)).Parameters).toHaveLength(2);
  const deep = await page(undefined, true);
  expect((await page(deep.NextToken, true)).Parameters).toHaveLength(3);
});

it('parameters outlive the process, readable by their owner only', async () => {
  await put('/demo/a', 'secret');
  await close();
  await open();
  expect(await get('/demo/a')).toMatchObject({ Value: 'secret' });
  expect((await stat(join(dataDir, 'parameters.json'))).mode & 0o077).toBe(0);
});

it('a damaged file is named in both languages', async () => {
  await writeFile(join(dataDir, 'parameters.json'), '{');
  await close();
  await expect(open()).rejects.toThrow(/parameters\.json non è leggibile[\s\S]*cannot be read/);
  await rm(join(dataDir, 'parameters.json'));
  await open();
});
