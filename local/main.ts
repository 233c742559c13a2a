import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readAccess, readRoles } from './access.ts';
import { readAddresses } from './addresses.ts';
import { readAssembly } from './assembly.ts';
import { runCommandLine } from './command-line.ts';
import { startBucketNotifications } from './emulators/bucket-notifications.ts';
import { realClock } from './emulators/clock.ts';
import { startConsole } from './emulators/console.ts';
import { startDynamoDb } from './emulators/dynamodb.ts';
import { startGateway } from './emulators/gateway.ts';
import { startHttpApi } from './emulators/http-api.ts';
import { startParameterStore } from './emulators/parameters.ts';
import { startPeople } from './emulators/people.ts';
import { startQueuesAndBuckets } from './emulators/queues-and-buckets.ts';
import { startScheduler } from './emulators/scheduler.ts';
import { createLogFolder, takeDataFolder } from './folders.ts';
import type { FunctionRunner } from './function-runner.ts';
import { createFunctionRunners } from './functions.ts';
import { createDemoPartner } from './partners/amazon/demo-partner.ts';
import type { AmazonStandIn } from './partners/amazon/stand-in.ts';
import { createDemoIssuer } from './partners/bitztobe/demo-issuer.ts';
import type { IssuerStandIn } from './partners/bitztobe/stand-in.ts';
import { createBrtDemo } from './partners/brt/demo-customer.ts';
import type { BrtStandIn } from './partners/brt/stand-in.ts';
import { createEbayDemo } from './partners/ebay/demo-shop.ts';
import type { EbayStandIn } from './partners/ebay/stand-in.ts';
import { createManomanoDemo } from './partners/manomano/demo-shop.ts';
import type { ManomanoStandIn } from './partners/manomano/stand-in.ts';
import { createDemoProvider } from './partners/personal-data-provider/demo-provider.ts';
import type { PersonalDataProviderStandIn } from './partners/personal-data-provider/stand-in.ts';
import { startPartnerProxy } from './partners/proxy.ts';
import { synthesise } from './synthesis.ts';
import { readTemplates, type StackModel } from './template.ts';
import { createTrace, type Trace } from './trace.ts';
import { wireFunctions } from './wiring.ts';

export interface StartOptions {
  readonly tenant: string;
  /** Keeps tables, queues, buckets and parameters between runs; without it nothing stays. */
  readonly dataDir?: string | undefined;
  /** Breaks the start off. */
  readonly signal?: AbortSignal | undefined;
  /** One line per step, Italian first. */
  readonly onProgress?: ((step: string) => void) | undefined;
}

/** The synthesised stacks of one tenant, running on this machine. */
export interface LocalStack {
  readonly tenant: string;
  readonly endpoints: {
    readonly s3: string;
    readonly sqs: string;
    readonly dynamodb: string;
    readonly ssm: string;
    /** The HTTP API. */
    readonly api: string;
    /** The operator's console, with the HTTP API behind it. */
    readonly console: string;
    /** Where people sign in to it (`sign-in.ts`). */
    readonly people: string;
  };
  /** The demo people: one per group. */
  readonly roles: readonly string[];
  /** What a person's program needs to reach the stack and its partners: endpoints, proxy, credentials and the stacks' outputs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly model: StackModel;
  readonly trace: Trace;
  readonly amazon: AmazonStandIn;
  readonly ebay: EbayStandIn;
  readonly manomano: ManomanoStandIn;
  readonly personalDataProvider: PersonalDataProviderStandIn;
  readonly brt: BrtStandIn;
  readonly bitztobe: IssuerStandIn;
  /** What "now" was when the partner's demonstration began; older than this start where a data folder is kept. */
  readonly demoBeganAtMs: number;
  readonly logFolder: string;
  /** One function by the name of its folder, e.g. `pull-orders`. */
  function(name: string): FunctionRunner;
  /** From here on the schedules call; a rate begins with a call. */
  startSchedules(): void;
  /** True while an event is on its way: an object not announced, a message not handled, an invocation running. */
  busy(): boolean;
  stop(): Promise<void>;
}

/** Lines of the trace written beside the logs when the stack stops. */
const TRACE_LINES_KEPT = 5_000;

/** Starts everything, in the order in which one part needs the other. Stops what had started when it fails. */
export async function start(options: StartOptions): Promise<LocalStack> {
  const { tenant } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const progress = options.onProgress ?? (() => {});
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  const toStop: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = toStop.pop(); next !== undefined; next = toStop.pop()) await next();
  };
  const keepUntilStop = <Started extends { stop(): Promise<unknown> | unknown }>(
    started: Started,
  ): Started => {
    toStop.push(() => started.stop());
    return started;
  };
  const dataFolder = (name: string): string | undefined =>
    dataDir === undefined ? undefined : join(dataDir, name);

  try {
    const trace = createTrace();
    const logFolder = await createLogFolder();
    toStop.push(() => writeFile(join(logFolder, 'trace.txt'), trace.tail(TRACE_LINES_KEPT)));
    if (dataDir !== undefined) toStop.push(await takeDataFolder(dataDir));

    // Addresses first: the template's queue URLs are made of them.
    const gateways = {
      s3: keepUntilStop(await startGateway('s3', trace)),
      sqs: keepUntilStop(await startGateway('sqs', trace)),
      dynamodb: keepUntilStop(await startGateway('dynamodb', trace)),
      ssm: keepUntilStop(await startGateway('ssm', trace)),
    };
    const httpApi = keepUntilStop(await startHttpApi(trace));
    const console = keepUntilStop(await startConsole());
    const demo = await createDemoPartner(dataDir);
    const ebay = createEbayDemo(demo.beganAtMs);
    const manomano = createManomanoDemo(demo.beganAtMs);
    const personalDataProvider = createDemoProvider();
    const brt = createBrtDemo();
    const bitztobe = createDemoIssuer();

    progress(
      'Sintesi degli stack, DynamoDB Local, proxy dei partner · synthesis, DynamoDB Local, partner proxy',
    );
    const [assembly, dynamoDb, proxy] = await together(
      [
        synthesise(tenant, signal).then(readAssembly),
        startDynamoDb({ dataDir: dataFolder('dynamodb'), signal }).then(keepUntilStop),
        startPartnerProxy(
          [demo.amazon, ebay, manomano, personalDataProvider, brt, bitztobe],
          logFolder,
          trace,
        ).then(keepUntilStop),
      ],
      (reason) => failed.abort(reason),
    );
    signal.throwIfAborted();

    progress('Lettura dei template · reading the templates');
    const model = readTemplates(assembly, gateways.sqs.endpoint, httpApi.endpoint);
    const roles = readRoles(model);
    const access = readAccess(model, roles);
    const pageEndpoints = { console: console.endpoint, s3: gateways.s3.endpoint };
    const people = keepUntilStop(await startPeople(model, readAddresses(model, pageEndpoints)));
    const addresses = readAddresses(model, { ...pageEndpoints, people: people.endpoint });
    await console.open(model, assembly, addresses);

    progress('Tabelle, code, bucket e parametri · tables, queues, buckets and parameters');
    const { region, accountId } = model;
    const queuesAndBuckets = keepUntilStop(
      await startQueuesAndBuckets({ region, dataDir: dataFolder('queues-and-buckets') }),
    );
    const parameters = keepUntilStop(
      await startParameterStore({ region, accountId, dataDir, clock: realClock }),
    );
    gateways.dynamodb.open(dynamoDb.endpoint, model, access);
    gateways.sqs.open(queuesAndBuckets.endpoint, model, access);
    gateways.s3.open(queuesAndBuckets.endpoint, model, access, addresses);
    gateways.ssm.open(parameters.endpoint, model, access);
    await dynamoDb.createTables(model);
    await queuesAndBuckets.createQueues(model);
    await queuesAndBuckets.createBuckets(model);
    await parameters.createParameters(model);
    signal.throwIfAborted();

    progress('Funzioni, code e notifiche collegate · functions, queues and notifications wired');
    const endpoints = {
      s3: gateways.s3.endpoint,
      sqs: gateways.sqs.endpoint,
      dynamodb: gateways.dynamodb.endpoint,
      ssm: gateways.ssm.endpoint,
      api: httpApi.endpoint,
      console: console.endpoint,
      people: people.endpoint,
    };
    const endpointVariables = {
      AWS_ENDPOINT_URL_S3: endpoints.s3,
      AWS_ENDPOINT_URL_SQS: endpoints.sqs,
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      AWS_ENDPOINT_URL_SSM: endpoints.ssm,
    };
    const proxyVariables = {
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: proxy.url,
      HTTP_PROXY: proxy.url,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: proxy.caCertificateFile,
    };
    const runners = createFunctionRunners(
      assembly,
      model,
      {
        environment: { ...endpointVariables, ...proxyVariables },
        logFolder,
      },
      trace,
    );
    const stopRunners = () => Promise.all([...runners.values()].map((runner) => runner.stop()));
    toStop.push(stopRunners);
    const wiring = wireFunctions(model, runners, endpoints.sqs, realClock, trace);
    httpApi.open(model, runners, people.keys);
    // Together with the functions: a poller ends when the invocation it waits for does.
    toStop.push(() => Promise.all([wiring.stop(), stopRunners()]));
    const notifications = keepUntilStop(startBucketNotifications(model, queuesAndBuckets, trace));

    return {
      tenant,
      endpoints,
      roles: people.groups,
      environment: {
        ...endpointVariables,
        ...proxyVariables,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: 'LOCALPERSON',
        AWS_SECRET_ACCESS_KEY: 'local',
        ...outputVariables(model),
      },
      model,
      trace,
      amazon: demo.amazon,
      ebay,
      manomano,
      personalDataProvider,
      brt,
      bitztobe,
      demoBeganAtMs: demo.beganAtMs,
      logFolder,
      function(name) {
        const found = [...runners.values()].find(({ spec }) => spec.name.endsWith(`-${name}`));
        if (found === undefined) throw new Error(`no function ${name} in these stacks`);
        return found;
      },
      startSchedules() {
        keepUntilStop(startScheduler(model, roles, wiring.asyncTargets, realClock, trace));
      },
      busy: () =>
        notifications.pending > 0 ||
        wiring.pendingAsyncCalls() > 0 ||
        [...runners.values()].some(({ pending }) => pending > 0) ||
        wiring.sourceQueues.some((queue) => queuesAndBuckets.unfinishedMessages(queue) > 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `StateTableName` → `STATE_TABLE_NAME`: the outputs under the names that functions know them by. */
function outputVariables(model: StackModel): Record<string, string> {
  return Object.fromEntries(
    [...model.outputs]
      .filter(([name]) => !name.startsWith('ExportsOutput'))
      .map(([name, value]) => [name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(), value]),
  );
}

/** Like `Promise.all`, but breaks the others off at the first failure and waits for them: what they started can then be stopped. */
async function together<Values extends readonly unknown[]>(
  work: { readonly [Index in keyof Values]: Promise<Values[Index]> },
  breakOff: (reason: unknown) => void,
): Promise<Values> {
  const failures: unknown[] = [];
  const settled: readonly Promise<unknown>[] = work;
  await Promise.all(
    settled.map((each) =>
      each.catch((reason: unknown) => {
        failures.push(reason);
        breakOff(reason);
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return Promise.all(work) as Promise<Values>;
}

if (import.meta.main) await runCommandLine(start);
