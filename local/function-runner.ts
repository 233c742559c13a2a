import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Trace } from './trace.ts';

/** What the template says of one function, and the environment it runs in. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly assetFolder: string;
  /** `module.export` inside the asset. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly concurrencyMax: number;
  /** Complete: nothing of this process's own environment is inherited but the path to programs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export type InvocationResult =
  | { readonly status: 'returned'; readonly requestId: string; readonly value: unknown }
  | {
      readonly status: 'failed';
      readonly requestId: string;
      readonly errorType: string;
      readonly message: string;
    };

export interface FunctionRunner {
  readonly spec: FunctionSpec;
  /** Invocations running or waiting for a process. */
  readonly pending: number;
  /** Runs one event to its end; never rejects: a failure is a result. Waits while all processes are busy. */
  invoke(event: unknown): Promise<InvocationResult>;
  stop(): Promise<void>;
}

/** Lambda's own limit for importing the handler. */
const INIT_TIMEOUT_MS = 10_000;
/** Share of the memory size left to the heap; the rest is code, buffers and the runtime itself. */
const HEAP_SHARE = 0.85;

const childMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({
    type: z.literal('init-failed'),
    error: z.strictObject({ name: z.string(), message: z.string() }),
  }),
  z.strictObject({ type: z.literal('result'), requestId: z.string(), json: z.string() }),
  z.strictObject({
    type: z.literal('error'),
    requestId: z.string(),
    error: z.strictObject({ name: z.string(), message: z.string() }),
  }),
]);
type ChildMessage = z.infer<typeof childMessageSchema>;

/** Runs one function: each concurrent invocation in a process of its own, kept warm for the next. */
export function createFunctionRunner(spec: FunctionSpec, trace: Trace): FunctionRunner {
  const idle: FunctionProcess[] = [];
  const all = new Set<FunctionProcess>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let stopped = false;
  const log = createWriteStream(spec.logFile, { flags: 'a' });

  async function takeTurn(): Promise<void> {
    if (running >= spec.concurrencyMax) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
  }
  function passTurn(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    spec,
    get pending() {
      return running + waiting.length;
    },
    async invoke(event) {
      await takeTurn();
      const requestId = randomUUID();
      trace.add('invocation-started', { function: spec.name, requestId });
      const startedAt = performance.now();
      const functionProcess = idle.pop() ?? new FunctionProcess(spec, log);
      all.add(functionProcess);
      const result: InvocationResult = stopped
        ? { status: 'failed', requestId, errorType: 'Stopped', message: 'the stack is stopping' }
        : await functionProcess.run(requestId, event);
      if (functionProcess.alive && !stopped) idle.push(functionProcess);
      else all.delete(functionProcess);
      passTurn();
      trace.add('invocation-ended', {
        function: spec.name,
        requestId,
        status: result.status,
        ...(result.status === 'failed' ? { errorType: result.errorType } : {}),
        tookMs: Math.round(performance.now() - startedAt),
      });
      return result;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await Promise.all([...all].map((each) => each.kill()));
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}

class FunctionProcess {
  readonly #spec: FunctionSpec;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #onMessage: (message: ChildMessage) => void = () => {};
  #onEnd: (how: string) => void = () => {};
  #ready = false;
  alive = true;

  constructor(spec: FunctionSpec, log: WriteStream) {
    this.#spec = spec;
    this.#child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${Math.floor(spec.memoryMb * HEAP_SHARE)}`,
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('function-process.ts', import.meta.url)),
      ],
      {
        cwd: spec.assetFolder,
        env: { PATH: process.env.PATH ?? '', ...spec.environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // A group of its own, so that Ctrl-C in the terminal does not reach it before the stack has decided.
        detached: true,
      },
    );
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.#child.on('message', (message) => this.#onMessage(childMessageSchema.parse(message)));
    this.#ended = new Promise((resolve) => {
      const ended = (how: string): void => {
        this.alive = false;
        this.#onEnd(how);
        resolve();
      };
      this.#child.once('close', (code, signal) => ended(signal ?? `exit code ${code}`));
      this.#child.on('error', (error) => ended(error.message));
    });
  }

  async run(requestId: string, event: unknown): Promise<InvocationResult> {
    if (!this.#ready) {
      const init = await this.#exchange(INIT_TIMEOUT_MS, () => {});
      if (init.outcome !== 'message' || init.message.type !== 'ready') {
        await this.kill();
        return { status: 'failed', requestId, ...this.#initFailure(init) };
      }
      this.#ready = true;
    }
    const deadlineMs = Date.now() + this.#spec.timeoutMs;
    const answer = await this.#exchange(this.#spec.timeoutMs, () =>
      this.#child.send({ requestId, event, deadlineMs, traceId: newTraceId(), functionArn: this.#spec.arn }),
    );
    if (answer.outcome === 'message' && answer.message.type === 'result') {
      return { status: 'returned', requestId, value: JSON.parse(answer.message.json) };
    }
    if (answer.outcome === 'message' && answer.message.type === 'error') {
      const { name, message } = answer.message.error;
      return { status: 'failed', requestId, errorType: name, message };
    }
    await this.kill();
    return answer.outcome === 'timeout'
      ? {
          status: 'failed',
          requestId,
          errorType: 'Sandbox.Timedout',
          message: `Task timed out after ${this.#spec.timeoutMs / 1000} seconds`,
        }
      : {
          status: 'failed',
          requestId,
          errorType: 'Runtime.ExitError',
          message: `the function process ended: ${answer.outcome === 'ended' ? answer.how : 'unexpected answer'}`,
        };
  }

  #initFailure(init: Exchange): { errorType: string; message: string } {
    if (init.outcome === 'message' && init.message.type === 'init-failed') {
      return { errorType: init.message.error.name, message: init.message.error.message };
    }
    return {
      errorType: 'Runtime.InitError',
      message:
        init.outcome === 'timeout'
          ? `not imported within ${INIT_TIMEOUT_MS} ms`
          : 'the process ended on import',
    };
  }

  #exchange(timeoutMs: number, begin: () => void): Promise<Exchange> {
    return new Promise((resolve) => {
      const done = (exchange: Exchange): void => {
        clearTimeout(timer);
        this.#onMessage = () => {};
        this.#onEnd = () => {};
        resolve(exchange);
      };
      const timer = setTimeout(() => done({ outcome: 'timeout' }), timeoutMs);
      this.#onMessage = (message) => done({ outcome: 'message', message });
      this.#onEnd = (how) => done({ outcome: 'ended', how });
      if (this.alive) begin();
      else done({ outcome: 'ended', how: 'before the invocation' });
    });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

type Exchange =
  | { readonly outcome: 'message'; readonly message: ChildMessage }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'ended'; readonly how: string };

/** Not sampled: there is nothing that would take the segments. */
function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
