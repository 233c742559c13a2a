import { SQSClient } from '@aws-sdk/client-sqs';
import { accessKeyIdOf } from './access.ts';
import { createAsyncInvoker } from './emulators/async-invocation.ts';
import type { Clock } from './emulators/clock.ts';
import { type MappingSpec, startEventSourceMapping } from './emulators/event-source-mapping.ts';
import type { ScheduleTarget } from './emulators/scheduler.ts';
import type { FunctionRunner } from './function-runner.ts';
import { EVENT_INVOKE_CONFIG, EVENT_SOURCE_MAPPING, LAMBDA_FUNCTION, QUEUE } from './resource-types.ts';
import { type Resource, type StackModel, TemplateRefused } from './template.ts';
import type { Trace } from './trace.ts';

/** Concurrent batches of a mapping that sets none. */
const MAPPING_CONCURRENCY = 2;
/** What Lambda does with an asynchronous call of a function without an EventInvokeConfig. */
const ASYNC_DEFAULTS = {
  MaximumRetryAttempts: 2,
  MaximumEventAgeInSeconds: 21_600,
  DestinationConfig: undefined,
};

/** What leads events to functions, as the template declares it. */
export interface Wiring {
  /** Queues that a function reads, by name. */
  readonly sourceQueues: readonly string[];
  /** Asynchronous calls of each function, by its ARN. */
  readonly asyncTargets: ReadonlyMap<string, ScheduleTarget>;
  /** Asynchronous calls not finished, retries included. */
  pendingAsyncCalls(): number;
  stop(): Promise<void>;
}

/** Polls and calls are made with each function's own key: its role must allow them, as it must in Lambda. */
export function wireFunctions(
  model: StackModel,
  runners: ReadonlyMap<string, FunctionRunner>,
  sqsEndpoint: string,
  clock: Clock,
  trace: Trace,
): Wiring {
  const queues = new Map(model.of(QUEUE).map((queue) => [queue.arn, queue]));
  const queueOf = (arn: string, user: string): Resource<unknown> => {
    const queue = queues.get(arn);
    if (queue === undefined) throw new TemplateRefused(`${user}: ${arn} is no queue of these stacks`);
    return queue;
  };
  const clients = new Map<string, SQSClient>();
  const sqsAs = (functionName: string): SQSClient => {
    const client =
      clients.get(functionName) ??
      new SQSClient({
        endpoint: sqsEndpoint,
        region: model.region,
        credentials: { accessKeyId: accessKeyIdOf(functionName), secretAccessKey: 'local' },
      });
    clients.set(functionName, client);
    return client;
  };

  const sourceQueues: string[] = [];
  const planned = model
    .of(EVENT_SOURCE_MAPPING)
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, properties }) => {
      const runner = runnerNamed(runners, properties.FunctionName, logicalId);
      const queue = queueOf(properties.EventSourceArn, logicalId);
      sourceQueues.push(queue.name);
      const spec: MappingSpec = {
        queueUrl: queue.ref,
        queueArn: queue.arn,
        region: model.region,
        functionName: runner.spec.name,
        batchSize: properties.BatchSize,
        batchingWindowMs: properties.MaximumBatchingWindowInSeconds * 1000,
        reportsItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        concurrencyMax: Math.min(
          properties.ScalingConfig?.MaximumConcurrency ?? MAPPING_CONCURRENCY,
          runner.spec.concurrencyMax,
        ),
      };
      return { spec, runner };
    });

  const configs = new Map(
    model.of(EVENT_INVOKE_CONFIG).map(({ properties }) => [properties.FunctionName, properties]),
  );
  const invokers = model.of(LAMBDA_FUNCTION).map(({ name, arn, properties }) => {
    const runner = runnerNamed(runners, name, name);
    const config = configs.get(name) ?? configs.get(arn) ?? ASYNC_DEFAULTS;
    const destination =
      config.DestinationConfig?.OnFailure?.Destination ?? properties.DeadLetterConfig?.TargetArn;
    const invoker = createAsyncInvoker(
      {
        functionName: name,
        functionArn: arn,
        retriesMax: config.MaximumRetryAttempts,
        eventAgeMaxMs: config.MaximumEventAgeInSeconds * 1000,
        onFailureQueueUrl: destination === undefined ? undefined : queueOf(destination, name).ref,
      },
      (event) => runner.invoke(event),
      sqsAs(name),
      clock,
      trace,
    );
    return { arn, invoker };
  });

  // Everything is known to fit; only now something begins to run.
  const mappings = planned.map(({ spec, runner }) =>
    startEventSourceMapping(spec, sqsAs(spec.functionName), (event) => runner.invoke(event), trace),
  );
  return {
    sourceQueues,
    asyncTargets: new Map(invokers.map(({ arn, invoker }) => [arn, (event) => invoker.call(event)])),
    pendingAsyncCalls: () => invokers.reduce((sum, { invoker }) => sum + invoker.pending, 0),
    async stop() {
      await Promise.all(mappings.map((mapping) => mapping.stop()));
      for (const client of clients.values()) client.destroy();
    },
  };
}

function runnerNamed(
  runners: ReadonlyMap<string, FunctionRunner>,
  nameOrArn: string,
  user: string,
): FunctionRunner {
  const runner = runners.get(nameOrArn) ?? [...runners.values()].find(({ spec }) => spec.name === nameOrArn);
  if (runner === undefined) throw new TemplateRefused(`${user}: ${nameOrArn} is no function of these stacks`);
  return runner;
}
