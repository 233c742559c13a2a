import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, Duration, RemovalPolicy, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { Alarms } from './alarms.ts';
import { bundle } from './bundle.ts';
import { metricsNamespace, resourceName } from './names.ts';

const FUNCTIONS_FOLDER = fileURLToPath(new URL('../../functions/', import.meta.url));

/**
 * A failed call is made again by the schedule or the queue, by the slowest of them after half an hour. Failures at three
 * different times within two hours are for a person.
 */
const ALARM_PERIOD = Duration.minutes(5);
const ALARM_PERIODS = 24;
const ALARM_PERIODS_FAILED = 3;

export interface NodeFunctionProps {
  readonly tenant: string;
  /** The function's name; also its folder under `functions/`, unless that is said apart. */
  readonly name: string;
  /** Folder of a job that is several functions, one per partner: they count their metrics together, under its name. */
  readonly folder?: string;
  /** Entry file in that folder; exports `handler`. */
  readonly entry: string;
  /** It speaks with a partner in XML, and its bundle holds the reader for that. */
  readonly readsXml?: true;
  /** It draws documents: its bundle holds fonts and what draws with them. */
  readonly drawsPdf?: true;
  /** The function's own `env.ts` schema. */
  readonly envSchema: z.ZodObject;
  /** Exactly the variables the schema names. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly alarms: Alarms;
  /** What a person loses while the function fails: one sentence. */
  readonly failureImpact: string;
}

/**
 * One function: its bundle, a role with nothing but its own log, the log, its environment, its alarms.
 *
 * No reserved concurrency: a new AWS account may have as few as ten concurrent executions, all of which must stay
 * unreserved (Lambda developer guide, "Lambda quotas"), and the first deployment would fail. Queues limit their
 * consumers instead.
 * @throws Error when the environment is not what the function's schema asks for.
 */
export class NodeFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    checkEnvironment(props);
    const { tenant, name, folder = name } = props;

    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/markeplay/${tenant}/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray has no resources to name: PutTraceSegments and PutTelemetryRecords are only granted on *.',
    });

    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: resourceName(tenant, name),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(this, props),
      role,
      logGroup,
      tracing: Tracing.ACTIVE,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(tenant),
      },
    });

    for (const [id, alarm, metric] of [
      ['ErrorsAlarm', 'errors', this.lambda.metricErrors({ period: ALARM_PERIOD })],
      ['ThrottlesAlarm', 'throttles', this.lambda.metricThrottles({ period: ALARM_PERIOD })],
    ] as const) {
      props.alarms.add(this, id, {
        name: `${name}-${alarm}`,
        impact: props.failureImpact,
        metric,
        above: 0,
        periods: ALARM_PERIODS,
        periodsAbove: ALARM_PERIODS_FAILED,
      });
    }
  }
}

function checkEnvironment({ name, folder = name, envSchema, environment }: NodeFunctionProps): void {
  const wanted = Object.keys(envSchema.shape);
  const given = Object.keys(environment);
  const missing = wanted.filter((variable) => !given.includes(variable));
  const extra = given.filter((variable) => !wanted.includes(variable));
  if (missing.length > 0 || extra.length > 0) {
    throw new Error(
      `The environment of ${name} differs from functions/${folder}/env.ts: missing [${missing}], not asked for [${extra}].`,
    );
  }
}

/** Templates can be made without bundling; tests do. */
function codeOf(
  scope: Construct,
  { name, folder = name, entry, readsXml, drawsPdf }: NodeFunctionProps,
): Code {
  const source = join(FUNCTIONS_FOLDER, folder);
  if (!Stack.of(scope).bundlingRequired) {
    return Code.fromAsset(source, { assetHashType: AssetHashType.CUSTOM, assetHash: `unbundled-${name}` });
  }
  const output = join(Stage.of(scope)?.outdir ?? 'cdk.out', 'bundles', name);
  // Nothing of an earlier build: its other files may have other names.
  rmSync(output, { recursive: true, force: true });
  bundle(join(source, entry), join(output, 'index.mjs'), { readsXml, drawsPdf });
  return Code.fromAsset(output);
}
