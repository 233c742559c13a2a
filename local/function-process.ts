/**
 * The inside of one function process: imports the bundled handler named by `_HANDLER` from the asset folder and runs
 * one event at a time, as Lambda's runtime does. Ends when the process that started it goes away.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

interface Invoke {
  readonly requestId: string;
  readonly event: unknown;
  /** Milliseconds since the epoch at which the process will be ended. */
  readonly deadlineMs: number;
  readonly traceId: string;
  readonly functionArn: string;
}

const send = (message: object): void => {
  process.send?.(message);
};

// A Ctrl-C in the terminal reaches this process too; only the stack decides when a function ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const taskRoot = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
const [moduleName = '', exportName = ''] = (process.env._HANDLER ?? '').split('.');

try {
  const handler = await loadHandler();
  process.on('message', (invoke: Invoke) => void run(handler, invoke));
  send({ type: 'ready' });
} catch (error) {
  process.stderr.write(`Init Error ${inspect(error)}\n`);
  send({ type: 'init-failed', error: describe(error) });
}

async function loadHandler(): Promise<(event: unknown, context: object) => unknown> {
  for (const extension of ['.mjs', '.js', '.cjs']) {
    const file = join(taskRoot, moduleName + extension);
    if (
      !(await access(file).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const module: Record<string, unknown> = await import(pathToFileURL(file).href);
    const fromDefault = module.default;
    const handler =
      module[exportName] ??
      (typeof fromDefault === 'object' && fromDefault !== null
        ? Reflect.get(fromDefault, exportName)
        : undefined);
    if (typeof handler !== 'function') throw new Error(`${file} exports no function ${exportName}`);
    return (event, context) => handler(event, context);
  }
  throw new Error(`no module ${moduleName} in ${taskRoot}`);
}

async function run(handler: (event: unknown, context: object) => unknown, invoke: Invoke): Promise<void> {
  process.env._X_AMZN_TRACE_ID = invoke.traceId;
  const name = process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';
  try {
    const value = await handler(invoke.event, {
      awsRequestId: invoke.requestId,
      functionName: name,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      invokedFunctionArn: invoke.functionArn,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, invoke.deadlineMs - Date.now()),
    });
    // Through JSON, as the real runtime sends it: what JSON cannot carry is lost or fails here too.
    send({ type: 'result', requestId: invoke.requestId, json: JSON.stringify(value ?? null) });
  } catch (error) {
    process.stderr.write(`${invoke.requestId} Invoke Error ${inspect(error)}\n`);
    send({ type: 'error', requestId: invoke.requestId, error: describe(error) });
  }
}

function describe(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
