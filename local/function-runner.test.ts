import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFunctionRunner, type FunctionRunner, type FunctionSpec } from './function-runner.ts';
import { createTrace } from './trace.ts';

let folder: string;
let runner: FunctionRunner | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'function-runner-'));
});
afterEach(async () => {
  await runner?.stop();
  await rm(folder, { recursive: true });
});

async function run(
  handler: string,
  spec: Partial<FunctionSpec> = {},
  fileName = 'index.mjs',
): Promise<FunctionRunner> {
  await writeFile(join(folder, fileName), handler);
  runner = createFunctionRunner(
    {
      name: 'f',
      arn: 'arn:aws:lambda:eu-south-1:000000000000:function:f',
      assetFolder: folder,
      handler: 'index.handler',
      timeoutMs: 5_000,
      memoryMb: 128,
      concurrencyMax: 2,
      environment: {
        _HANDLER: 'index.handler',
        LAMBDA_TASK_ROOT: folder,
        AWS_LAMBDA_FUNCTION_NAME: 'f',
        TABLE: 'orders',
      },
      logFile: join(folder, 'f.log'),
      ...spec,
    },
    createTrace(),
  );
  return runner;
}

it('runs an ES module with its event, its environment and a context', async () => {
  const f = await run(
    'export const handler = async (event, context) => ({ event, table: process.env.TABLE, left: context.getRemainingTimeInMillis() > 0, arn: context.invokedFunctionArn });',
  );
  expect(await f.invoke({ a: 1 })).toMatchObject({
    status: 'returned',
    value: { event: { a: 1 }, table: 'orders', left: true, arn: f.spec.arn },
  });
});

it('runs a CommonJS module', async () => {
  const f = await run('exports.handler = async () => "here";', {}, 'index.cjs');
  expect(await f.invoke({})).toMatchObject({ status: 'returned', value: 'here' });
});

it('inherits nothing from the environment of the stack', async () => {
  process.env.SECRET_OF_THE_STACK = 'yes';
  const f = await run('export const handler = async () => process.env.SECRET_OF_THE_STACK ?? null;');
  expect(await f.invoke({})).toMatchObject({ value: null });
  delete process.env.SECRET_OF_THE_STACK;
});

it('keeps the process warm for the next event', async () => {
  const f = await run('let calls = 0; export const handler = async () => [process.pid, ++calls];');
  const first = await f.invoke({});
  const second = await f.invoke({});
  expect(first).toMatchObject({ value: [expect.any(Number), 1] });
  expect(second).toMatchObject({
    value: [first.status === 'returned' && Array.isArray(first.value) && first.value[0], 2],
  });
});

it('runs concurrent events in processes of their own, up to the cap', async () => {
  const f = await run(
    'export const handler = async () => { await new Promise((r) => setTimeout(r, 150)); return process.pid; };',
  );
  const results = await Promise.all([f.invoke({}), f.invoke({}), f.invoke({})]);
  const pids = new Set(results.map((result) => (result.status === 'returned' ? result.value : undefined)));
  expect(pids.size).toBe(2);
  expect(pids.has(undefined)).toBe(false);
});

it('a thrown error is a failure with its name and message, and the process lives on', async () => {
  const f = await run(
    'export const handler = async ({ fail }) => { if (fail) throw new RangeError("too far"); return process.pid; };',
  );
  expect(await f.invoke({ fail: true })).toMatchObject({
    status: 'failed',
    errorType: 'RangeError',
    message: 'too far',
  });
  expect(await f.invoke({ fail: false })).toMatchObject({ status: 'returned' });
  expect(await readFile(join(folder, 'f.log'), 'utf8')).toContain('RangeError: too far');
});

it('a handler that takes too long is ended, and the next event gets a new process', async () => {
  const f = await run(
    'export const handler = async ({ hang }) => { if (hang) await new Promise((r) => setTimeout(r, 60_000)); return "ok"; };',
    { timeoutMs: 300 },
  );
  expect(await f.invoke({ hang: true })).toMatchObject({ status: 'failed', errorType: 'Sandbox.Timedout' });
  expect(await f.invoke({ hang: false })).toMatchObject({ status: 'returned', value: 'ok' });
});

it('a handler that ends its process is a failure', async () => {
  const f = await run('export const handler = async () => process.exit(3);');
  expect(await f.invoke({})).toMatchObject({ status: 'failed', errorType: 'Runtime.ExitError' });
});

it('a handler that outgrows its memory is a failure', async () => {
  const f = await run(
    'export const handler = async () => { const kept = []; for (;;) kept.push(new Array(1e5).fill({})); };',
    { memoryMb: 64, timeoutMs: 20_000 },
  );
  expect(await f.invoke({})).toMatchObject({ status: 'failed', errorType: 'Runtime.ExitError' });
});

it('a module that cannot be imported is a failure that says why', async () => {
  const f = await run('throw new Error("no table");');
  expect(await f.invoke({})).toMatchObject({ status: 'failed', message: 'no table' });
});

it('an export that is not there is a failure that names it', async () => {
  const f = await run('export const other = 1;');
  expect(await f.invoke({})).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('no function handler'),
  });
});

it('stopping ends an event that is running', async () => {
  const f = await run('export const handler = async () => new Promise((r) => setTimeout(r, 60_000));');
  const running = f.invoke({});
  await f.stop();
  expect(await running).toMatchObject({ status: 'failed' });
  runner = undefined;
});
