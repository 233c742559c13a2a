import { join } from 'node:path';
import { accessKeyIdOf } from './access.ts';
import type { Assembly } from './assembly.ts';
import { createFunctionRunner, type FunctionRunner } from './function-runner.ts';
import { LAMBDA_FUNCTION, type ResourceProperties } from './resource-types.ts';
import { type Resource, type StackModel, TemplateRefused } from './template.ts';
import type { Trace } from './trace.ts';

/** Processes of one function at once, where the template sets no lower figure: this is one machine. */
const CONCURRENCY_MAX = 4;

/** A runner for each function of the template, by the function's ARN. */
export function createFunctionRunners(
  assembly: Assembly,
  model: StackModel,
  surroundings: {
    /** Endpoints, proxy and the like: the same for every function. */
    readonly environment: Readonly<Record<string, string>>;
    readonly logFolder: string;
  },
  trace: Trace,
): ReadonlyMap<string, FunctionRunner> {
  return new Map(
    model.of(LAMBDA_FUNCTION).map((resource) => {
      const { name, arn, properties } = resource;
      const assetFolder = assetFolderOf(assembly, resource);
      const runner = createFunctionRunner(
        {
          name,
          arn,
          assetFolder,
          handler: properties.Handler,
          timeoutMs: properties.Timeout * 1000,
          memoryMb: properties.MemorySize,
          concurrencyMax: Math.min(
            properties.ReservedConcurrentExecutions ?? CONCURRENCY_MAX,
            CONCURRENCY_MAX,
          ),
          environment: {
            ...surroundings.environment,
            ...lambdaEnvironment(resource, assembly.region, assetFolder),
            ...properties.Environment?.Variables,
          },
          logFile: join(surroundings.logFolder, `${name}.log`),
        },
        trace,
      );
      return [arn, runner] as const;
    }),
  );
}

function assetFolderOf(
  assembly: Assembly,
  { name, properties }: Resource<ResourceProperties<typeof LAMBDA_FUNCTION>>,
): string {
  const hash = properties.Code.S3Key.replace(/\.zip$/, '');
  const folder = assembly.assetFolders.get(hash);
  if (folder === undefined)
    throw new TemplateRefused(`function ${name}: asset ${properties.Code.S3Key} is not there`);
  return folder;
}

/** The variables Lambda itself sets. Source: Lambda developer guide, "Defined runtime environment variables". */
function lambdaEnvironment(
  { name, properties }: Resource<ResourceProperties<typeof LAMBDA_FUNCTION>>,
  region: string,
  assetFolder: string,
): Record<string, string> {
  return {
    _HANDLER: properties.Handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ACCESS_KEY_ID: accessKeyIdOf(name),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: assetFolder,
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    // There is no X-Ray daemon: a segment without a parent is no reason to fail or to complain.
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  };
}
