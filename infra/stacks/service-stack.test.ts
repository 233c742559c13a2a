import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '../../events/http/routes.ts';
import { envSchema as checkAccountsEnv } from '../../functions/check-accounts/env.ts';
import { envSchema as confirmShipmentEnv } from '../../functions/confirm-shipment/env.ts';
import { envSchema as deletePersonalDataEnv } from '../../functions/delete-personal-data/env.ts';
import { envSchema as fetchCustomisationsEnv } from '../../functions/fetch-customisations/env.ts';
import { envSchema as fetchPersonalDataEnv } from '../../functions/fetch-personal-data/env.ts';
import { envSchema as findSettlementReportsEnv } from '../../functions/find-settlement-reports/env.ts';
import {
  courierEnvSchema,
  envSchema as httpApiEnv,
  marketplaceEnvSchema,
  productEnvSchema,
  receiptEnvSchema,
  remoteActionEnvSchema,
} from '../../functions/http-api/env.ts';
import { envSchema as issueReceiptsEnv } from '../../functions/issue-receipts/env.ts';
import { envSchema as makeShipmentEnv } from '../../functions/make-shipment/env.ts';
import { envSchema as measureShippingRatesEnv } from '../../functions/measure-shipping-rates/env.ts';
import { envSchema as performRemoteActionEnv } from '../../functions/perform-remote-action/env.ts';
import { envSchema as planListingsEnv } from '../../functions/plan-listings/env.ts';
import { envSchema as planOrderPullsEnv } from '../../functions/plan-order-pulls/env.ts';
import { envSchema as planReScansEnv } from '../../functions/plan-re-scans/env.ts';
import { envSchema as planReceiptUploadsEnv } from '../../functions/plan-receipt-uploads/env.ts';
import { envSchema as planRemoteActionsEnv } from '../../functions/plan-remote-actions/env.ts';
import { envSchema as planTrackingEnv } from '../../functions/plan-tracking/env.ts';
import { envSchema as pullOrdersEnv } from '../../functions/pull-orders/env.ts';
import { envSchema as reconcileSettlementEnv } from '../../functions/reconcile-settlement/env.ts';
import { envSchema as registerShipmentsEnv } from '../../functions/register-shipments/env.ts';
import { envSchema as requestMissedReportsEnv } from '../../functions/request-missed-reports/env.ts';
import { envSchema as requestReceiptUploadsEnv } from '../../functions/request-receipt-uploads/env.ts';
import { envSchema as syncListingsEnv } from '../../functions/sync-listings/env.ts';
import { envSchema as trackShipmentsEnv } from '../../functions/track-shipments/env.ts';
import { envSchema as uploadReceiptEnv } from '../../functions/upload-receipt/env.ts';
import { envSchema as watchDeadlinesEnv } from '../../functions/watch-deadlines/env.ts';
import {
  type Resource,
  resourcesOf,
  type Statement,
  statementsOf,
  synthesise,
  targetOf,
} from '../../tests/support/synthesised-stacks.ts';
import { loadTenant } from '../tenants/tenant-config.ts';

const stacks = synthesise(loadTenant('demo'));
const { state, service, receipts, api } = stacks;

const ENV_SCHEMAS: Readonly<Record<string, z.ZodObject>> = {
  'markeplay-demo-check-accounts-amazon': checkAccountsEnv,
  'markeplay-demo-check-accounts-ebay': checkAccountsEnv,
  'markeplay-demo-check-accounts-manomano': checkAccountsEnv,
  'markeplay-demo-confirm-shipment-amazon': confirmShipmentEnv,
  'markeplay-demo-confirm-shipment-ebay': confirmShipmentEnv,
  'markeplay-demo-confirm-shipment-manomano': confirmShipmentEnv,
  'markeplay-demo-delete-personal-data': deletePersonalDataEnv,
  'markeplay-demo-fetch-customisations': fetchCustomisationsEnv,
  'markeplay-demo-fetch-personal-data-amazon': fetchPersonalDataEnv,
  'markeplay-demo-fetch-personal-data-ebay': fetchPersonalDataEnv,
  'markeplay-demo-fetch-personal-data-manomano': fetchPersonalDataEnv,
  'markeplay-demo-find-settlement-reports': findSettlementReportsEnv,
  'markeplay-demo-http-api': httpApiEnv,
  'markeplay-demo-http-api-amazon': marketplaceEnvSchema,
  'markeplay-demo-http-api-couriers': courierEnvSchema,
  'markeplay-demo-http-api-ebay': marketplaceEnvSchema,
  'markeplay-demo-http-api-manomano': marketplaceEnvSchema,
  'markeplay-demo-http-api-products': productEnvSchema,
  'markeplay-demo-http-api-receipts': receiptEnvSchema,
  'markeplay-demo-http-api-remote-actions': remoteActionEnvSchema,
  'markeplay-demo-issue-due-receipts': issueReceiptsEnv,
  'markeplay-demo-issue-receipts': issueReceiptsEnv,
  'markeplay-demo-make-shipment': makeShipmentEnv,
  'markeplay-demo-measure-shipping-rates': measureShippingRatesEnv,
  'markeplay-demo-perform-remote-action-amazon': performRemoteActionEnv,
  'markeplay-demo-perform-remote-action-ebay': performRemoteActionEnv,
  'markeplay-demo-perform-remote-action-manomano': performRemoteActionEnv,
  'markeplay-demo-plan-listings': planListingsEnv,
  'markeplay-demo-plan-order-pulls': planOrderPullsEnv,
  'markeplay-demo-plan-re-scans': planReScansEnv,
  'markeplay-demo-plan-receipt-uploads': planReceiptUploadsEnv,
  'markeplay-demo-plan-remote-actions': planRemoteActionsEnv,
  'markeplay-demo-plan-tracking': planTrackingEnv,
  'markeplay-demo-pull-orders-amazon': pullOrdersEnv,
  'markeplay-demo-pull-orders-ebay': pullOrdersEnv,
  'markeplay-demo-pull-orders-manomano': pullOrdersEnv,
  'markeplay-demo-reconcile-settlement': reconcileSettlementEnv,
  'markeplay-demo-register-shipments': registerShipmentsEnv,
  'markeplay-demo-request-missed-reports': requestMissedReportsEnv,
  'markeplay-demo-request-receipt-uploads': requestReceiptUploadsEnv,
  'markeplay-demo-sync-listings-amazon': syncListingsEnv,
  'markeplay-demo-sync-listings-ebay': syncListingsEnv,
  'markeplay-demo-sync-listings-manomano': syncListingsEnv,
  'markeplay-demo-track-shipments': trackShipmentsEnv,
  'markeplay-demo-upload-receipt-amazon': uploadReceiptEnv,
  'markeplay-demo-upload-receipt-manomano': uploadReceiptEnv,
  'markeplay-demo-watch-deadlines': watchDeadlinesEnv,
};

const PULLERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-pull-orders-${name}`);
const FETCHERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-fetch-personal-data-${name}`);
const ASKERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-http-api-${name}`);
const CHECKERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-check-accounts-${name}`);
const CONFIRMERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-confirm-shipment-${name}`);
const PERFORMERS = ['amazon', 'ebay', 'manomano'].map(
  (name) => `markeplay-demo-perform-remote-action-${name}`,
);
const LISTING_WORKERS = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-sync-listings-${name}`);
const ISSUERS = ['http-api-receipts', 'issue-due-receipts', 'issue-receipts'].map(
  (name) => `markeplay-demo-${name}`,
);
const PLANNERS = [
  'markeplay-demo-plan-order-pulls',
  'markeplay-demo-plan-re-scans',
  'markeplay-demo-request-missed-reports',
];

const functionSchema = z.object({
  FunctionName: z.string(),
  Timeout: z.int(),
  Role: z.unknown(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
/** CDK's own function, which copies the console's files while the stack is deployed, and what belongs to it. */
const COPIER = /^CustomCDKBucketDeployment/;
const functions = resourcesOf('AWS::Lambda::Function', state, service, receipts, api)
  .filter(({ logicalId }) => !COPIER.test(logicalId))
  .map((resource) => ({ ...resource, ...functionSchema.parse(resource.Properties) }));
const functionOf = (value: unknown) => {
  const found = functions.find(({ logicalId }) => logicalId === targetOf(value, stacks));
  if (found === undefined) throw new Error(`No function behind ${JSON.stringify(value)}`);
  return found;
};
/** Name of the function whose role a statement belongs to; undefined for any other role. */
const ownerOf = ({ roles }: Statement) =>
  functions.find((candidate) => roles.includes(targetOf(candidate.Role, stacks)))?.FunctionName;

const queues = resourcesOf('AWS::SQS::Queue', state, service, receipts);
const queueOf = (value: unknown): Resource => {
  const found = queues.find(({ logicalId }) => logicalId === targetOf(value, stacks));
  if (found === undefined) throw new Error(`No queue behind ${JSON.stringify(value)}`);
  return found;
};
const redriveSchema = z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.int() });
const workQueues = queues.filter((queue) => queue.Properties.RedrivePolicy !== undefined);
const schedules = resourcesOf('AWS::Scheduler::Schedule', service, receipts).map((resource) =>
  z
    .object({
      Target: z.object({
        Arn: z.unknown(),
        RoleArn: z.unknown(),
        DeadLetterConfig: z.object({ Arn: z.unknown() }),
        RetryPolicy: z.object({ MaximumRetryAttempts: z.int(), MaximumEventAgeInSeconds: z.int() }),
      }),
    })
    .parse(resource.Properties),
);
const deadLetterQueues = new Set([
  ...workQueues.map(
    (queue) => queueOf(redriveSchema.parse(queue.Properties.RedrivePolicy).deadLetterTargetArn).logicalId,
  ),
  ...schedules.map(({ Target }) => queueOf(Target.DeadLetterConfig.Arn).logicalId),
]);
const mappings = resourcesOf('AWS::Lambda::EventSourceMapping', service, receipts);
const grants = statementsOf('AWS::IAM::Policy', stacks).filter(({ policy }) => !COPIER.test(policy));

const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  MetricName: z.string(),
  Namespace: z.string(),
  Threshold: z.number(),
  Period: z.int(),
  EvaluationPeriods: z.int(),
  DatapointsToAlarm: z.int(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).length(1),
  AlarmActions: z.array(z.unknown()),
});
const alarms = resourcesOf('AWS::CloudWatch::Alarm', service, receipts, api).map(({ Properties }) =>
  alarmSchema.parse(Properties),
);
const alarmsOn = (logicalId: string) =>
  alarms.filter(({ Dimensions }) => Dimensions.some(({ Value }) => targetOf(Value, stacks) === logicalId));

describe('queues', () => {
  it('have a dead-letter queue or are one', () => {
    const neither = queues.filter(
      (queue) => !workQueues.includes(queue) && !deadLetterQueues.has(queue.logicalId),
    );
    expect(queues.length).toBeGreaterThan(8);
    expect(neither).toEqual([]);
  });

  it('keep a dead letter for fourteen days, and a job for so much less that its dead letter can still be read', () => {
    for (const queue of queues) {
      const days = z.int().parse(queue.Properties.MessageRetentionPeriod) / 86_400;
      expect(days, queue.logicalId).toBe(deadLetterQueues.has(queue.logicalId) ? 14 : 4);
    }
  });

  it('give a function at least six times its timeout before anyone else sees the job', () => {
    expect(mappings).toHaveLength(workQueues.length);
    for (const { Properties } of mappings) {
      const queue = queueOf(Properties.EventSourceArn);
      const { Timeout } = functionOf(Properties.FunctionName);
      expect(queue.Properties.VisibilityTimeout, queue.logicalId).toBeGreaterThanOrEqual(6 * Timeout);
    }
  });

  it('hand over one job at a time and take back the ones that failed', () => {
    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      });
    }
  });

  it('try a job five times before giving it up', () => {
    const attempts = workQueues.map(
      (queue) => redriveSchema.parse(queue.Properties.RedrivePolicy).maxReceiveCount,
    );
    expect(attempts).toEqual(workQueues.map(() => 5));
  });

  it('are encrypted, and refuse whoever does not use TLS', () => {
    const denials = statementsOf('AWS::SQS::QueuePolicy', stacks).filter(
      ({ effect, conditions }) => effect === 'Deny' && conditions.Bool?.['aws:SecureTransport'] === 'false',
    );
    for (const queue of queues) {
      expect(queue.Properties.SqsManagedSseEnabled, queue.logicalId).toBe(true);
      const denied = denials.filter(({ resources }) => targetOf(resources[0], stacks) === queue.logicalId);
      expect(denied, queue.logicalId).toHaveLength(1);
      expect(denied[0]?.actions).toEqual(['sqs:*']);
    }
  });
});

describe('schedules', () => {
  it('have a dead-letter queue and give a call up when the next one is due', () => {
    expect(
      schedules.map(({ Target }) => [
        functionOf(Target.Arn).FunctionName,
        Target.RetryPolicy.MaximumEventAgeInSeconds,
      ]),
    ).toEqual([
      ['markeplay-demo-plan-order-pulls', 240],
      ['markeplay-demo-plan-re-scans', 21_600],
      ['markeplay-demo-request-missed-reports', 3600],
      // Every minute; its retries need longer.
      ['markeplay-demo-plan-tracking', 240],
      ['markeplay-demo-plan-remote-actions', 240],
      ['markeplay-demo-plan-listings', 240],
      ...CHECKERS.map((name) => [name, 900]),
      ['markeplay-demo-fetch-customisations', 300],
      ['markeplay-demo-watch-deadlines', 900],
      ['markeplay-demo-measure-shipping-rates', 21_600],
      ...FETCHERS.map((name) => [name, 300]),
      ['markeplay-demo-delete-personal-data', 3600],
      ['markeplay-demo-find-settlement-reports', 3600],
      ['markeplay-demo-issue-due-receipts', 240],
      ['markeplay-demo-plan-receipt-uploads', 240],
    ]);
  });

  it('look at past days every night at half past two in Italy', () => {
    const [nightly] = resourcesOf('AWS::Scheduler::Schedule', service).filter(
      ({ Properties }) => Properties.Name === 'markeplay-demo-plan-re-scans',
    );
    expect(nightly?.Properties).toMatchObject({
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Rome',
    });
  });

  it('call functions whose own failures end in the same dead-letter queue', () => {
    const asynchronous = resourcesOf('AWS::Lambda::EventInvokeConfig', service, receipts).map(
      ({ Properties }) =>
        z
          .object({
            FunctionName: z.unknown(),
            MaximumRetryAttempts: z.int(),
            DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.unknown() }) }),
          })
          .parse(Properties),
    );
    for (const { Target } of schedules) {
      const target = functionOf(Target.Arn);
      const config = asynchronous.find(
        ({ FunctionName }) => functionOf(FunctionName).logicalId === target.logicalId,
      );
      expect(config?.MaximumRetryAttempts, target.FunctionName).toBe(2);
      expect(queueOf(config?.DestinationConfig.OnFailure.Destination).logicalId).toBe(
        queueOf(Target.DeadLetterConfig.Arn).logicalId,
      );
    }
  });

  it('may call their own function and no other', () => {
    for (const { Target } of schedules) {
      const invocations = grants.filter(
        ({ roles, actions }) =>
          roles.includes(targetOf(Target.RoleArn, stacks)) && actions.includes('lambda:InvokeFunction'),
      );
      expect(invocations.flatMap(({ resources }) => resources)).toEqual([Target.Arn]);
    }
  });
});

describe('functions', () => {
  it('are those that the schemas here are for', () => {
    expect(functions.map(({ FunctionName }) => FunctionName).sort()).toEqual(Object.keys(ENV_SCHEMAS));
  });

  it('get exactly the variables their own schema asks for, and two for Powertools', () => {
    for (const { FunctionName, Environment } of functions) {
      expect(Object.keys(Environment.Variables).sort(), FunctionName).toEqual(
        [
          ...Object.keys(ENV_SCHEMAS[FunctionName]?.shape ?? {}),
          'POWERTOOLS_METRICS_NAMESPACE',
          'POWERTOOLS_SERVICE_NAME',
        ].sort(),
      );
    }
  });

  it('run on arm64 with the Node version the project is tested with, and are traced', () => {
    const major = /^(\d+)\./.exec(
      z
        .object({ devDependencies: z.object({ node: z.string() }) })
        .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))
        .devDependencies.node,
    )?.[1];
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: `nodejs${major}.x`,
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
    }
  });

  it('write to a log group of their own, kept for 90 days', () => {
    const logGroups = resourcesOf('AWS::Logs::LogGroup', service, receipts, api);
    const used = functions.map(({ Properties, FunctionName }) => {
      const { LogGroup } = z.object({ LogGroup: z.unknown() }).parse(Properties.LoggingConfig);
      const group = logGroups.find(({ logicalId }) => logicalId === targetOf(LogGroup, stacks));
      expect(group?.Properties.RetentionInDays, FunctionName).toBe(90);
      return group?.logicalId;
    });
    expect(new Set(used).size).toBe(functions.length);
    // Two more: what API Gateway writes of each request, and the copier's.
    expect(logGroups).toHaveLength(functions.length + 2);
  });
});

describe('grants', () => {
  /** Where `*` may stand, and why. Anything else is a finding. */
  const WILDCARDS: Readonly<Record<string, string>> = {
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/amazon/*':
      'the accounts of one marketplace, which are opened after the deployment',
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/brt/*,parameter/markeplay/demo/credentials/dhl/*,parameter/markeplay/demo/credentials/gls/*,parameter/markeplay/demo/credentials/poste/*,parameter/markeplay/demo/credentials/ups/*':
      'contracts with couriers are entered after the deployment, by this function',
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/ebay/*':
      'the accounts of one marketplace, which are opened after the deployment',
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/manomano/*':
      'the accounts of one marketplace, which are opened after the deployment',
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/personal-data/*':
      'Keys of the providers of personal data: accounts are made after the deployment',
    's3:GetObject on customisations/*,reconciled/*':
      'what buyers had made, and what reports said of each order, shown to people',
    'xray:PutTraceSegments,xray:PutTelemetryRecords on *': 'X-Ray has no resources to name',
    's3:DeleteObject on customisations/*,labels/*':
      'files are named by the orders and shipments they belong to',
    's3:GetObject on receipts/*': 'documents are made after the deployment',
    's3:PutObject,s3:GetObject on receipts/*': 'documents are made after the deployment',
    's3:GetObject on logos/*': 'logos are named by what is in them',
    's3:PutObject on logos/*': 'logos are named by what is in them',
    's3:GetObject on receipts/*,receipt-exports/*':
      'documents and exports, shown to people by signed addresses',
    's3:PutObject,s3:AbortMultipartUpload on receipt-exports/*': 'exports are named by their period',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/receipt-issuer/*':
      'the key of the other issuer is entered after the deployment',
    'ssm:PutParameter,ssm:GetParameter on parameter/markeplay/demo/credentials/receipt-issuer/*':
      'the key of the other issuer is entered after the deployment',
    's3:GetObject on payment-reports/*,reconciled/*,replay/*': 'objects are named by whoever uploads them',
    's3:GetObject on incoming/*,results/*': 'files are named by whoever drops them',
    's3:GetObject on results/*': 'what came of dropped files, shown to people',
    's3:PutObject,s3:AbortMultipartUpload on incoming/*': 'files are named by whoever drops them',
    's3:PutObject,s3:AbortMultipartUpload on results/*': 'results are named by their files',
    's3:PutObject on customisations/*': 'files are named by the orders they belong to',
    's3:PutObject,s3:GetObject,s3:DeleteObject on labels/*':
      'labels are made and deleted with shipments, while a person waits',
    's3:PutObject on labels/*': 'labels are named by the shipments they belong to',
    's3:PutObject,s3:AbortMultipartUpload on payment-reports/*': 'files are named by the reports Amazon made',
    's3:PutObject,s3:AbortMultipartUpload on reconciled/*,replay/*':
      'objects are named by the report they come from',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/*': 'accounts are opened after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/amazon/*':
      'accounts are opened after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/brt/*':
      'contracts with couriers are entered after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/brt/*,parameter/markeplay/demo/credentials/dhl/*,parameter/markeplay/demo/credentials/gls/*,parameter/markeplay/demo/credentials/poste/*,parameter/markeplay/demo/credentials/ups/*':
      'contracts with couriers are entered after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/ebay/*':
      'accounts are opened after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/manomano/*':
      'accounts are opened after the deployment',
    'ssm:GetParameter on parameter/markeplay/demo/credentials/personal-data/*':
      'accounts are opened after the deployment',
  };

  it('never name an action by a wildcard', () => {
    expect(grants.length).toBeGreaterThan(10);
    expect(grants.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('reach more than one named thing only where there is a reason', () => {
    const wide = grants
      .filter(({ resources }) => JSON.stringify(resources).includes('*'))
      .map(({ actions, resources }) => `${actions.toSorted().reverse()} on ${resources.map(tail)}`);
    expect([...new Set(wide)].sort()).toEqual(Object.keys(WILDCARDS).sort());
  });

  it('use a key only through the service that needs it', () => {
    const keyGrants = grants.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
    expect(keyGrants.length).toBeGreaterThan(4);
    for (const { policy, conditions } of keyGrants) {
      expect(conditions.StringEquals?.['kms:ViaService'], policy).toMatch(
        /^(?:dynamodb|s3|ssm)\.eu-south-1\.amazonaws\.com$/,
      );
    }
  });

  it('come from no policy that somebody else maintains', () => {
    for (const role of resourcesOf('AWS::IAM::Role', state, service, receipts, api)) {
      if (COPIER.test(role.logicalId)) continue;
      expect(role.Properties.ManagedPolicyArns, role.logicalId).toBeUndefined();
    }
  });

  it('let only those near buyers who bring or use their data, each with what it does', () => {
    const merges = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];
    // A shipment is addressed, and keeps how the courier spells the address.
    const near = [
      'markeplay-demo-fetch-customisations',
      'markeplay-demo-http-api-couriers',
      'markeplay-demo-make-shipment',
      ...FETCHERS,
      ...PULLERS,
    ];
    expect(actionsOn('BuyerTable')).toEqual({
      ...Object.fromEntries(near.map((name) => [name, merges])),
      'markeplay-demo-delete-personal-data': ['dynamodb:GetItem', 'dynamodb:PutItem'],
      // Shown to whoever ships, with a reason, and never changed.
      'markeplay-demo-http-api': ['dynamodb:GetItem'],
      // Stand on documents, which say so or are decided by it.
      ...Object.fromEntries(ISSUERS.map((name) => [name, ['dynamodb:GetItem']])),
    });
    expect(Object.keys(actionsOn('BuyerKey')).sort()).toEqual(
      ['markeplay-demo-delete-personal-data', 'markeplay-demo-http-api', ...ISSUERS, ...near].sort(),
    );
  });

  it('let one function end buyers: it alone may replace their rows, list what is due and delete their files', () => {
    const ends = grants.filter(({ actions, resources }) => {
      const onBuyers = JSON.stringify(resources).includes('BuyerTable');
      const listsOrReplaces = actions.some((action) => /^dynamodb:(?:Put|Delete|Query|Batch)/.test(action));
      return (onBuyers && listsOrReplaces) || actions.includes('s3:DeleteObject');
    });
    const byOthers = ends.filter((grant) => ownerOf(grant) !== 'markeplay-demo-delete-personal-data');
    expect(ends.length - byOthers.length).toBe(3);
    // A shipment that a person deletes loses its labels at once.
    expect(byOthers.map((grant) => [ownerOf(grant), grant.resources.map(tail)])).toEqual([
      ['markeplay-demo-http-api-couriers', ['labels/*']],
    ]);
  });

  it('let only those read credentials who call a partner', () => {
    const readers = grants.filter(({ actions }) => actions.some((action) => action.startsWith('ssm:')));
    expect(readers.map(ownerOf).sort()).toEqual([
      ...CHECKERS,
      ...CONFIRMERS,
      'markeplay-demo-delete-personal-data',
      'markeplay-demo-fetch-customisations',
      ...FETCHERS,
      'markeplay-demo-find-settlement-reports',
      'markeplay-demo-http-api',
      ...ASKERS.slice(0, 1),
      'markeplay-demo-http-api-couriers',
      ...ASKERS.slice(1),
      ...ISSUERS,
      'markeplay-demo-make-shipment',
      ...PERFORMERS,
      ...PULLERS,
      ...LISTING_WORKERS,
      'markeplay-demo-track-shipments',
      'markeplay-demo-upload-receipt-amazon',
      'markeplay-demo-upload-receipt-manomano',
    ]);
  });

  it('let the planners read the state and change nothing in it', () => {
    const onState = actionsOn('StateTable');
    for (const planner of PLANNERS) {
      const changes = onState[planner]?.filter(
        (action) => !['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'].includes(action),
      );
      expect(changes, planner).toEqual([]);
    }
  });

  it('let each puller send to its own queue only, and the planners of pulls to all of them', () => {
    const sends: Record<string, string[]> = {};
    for (const grant of grants) {
      const owner = ownerOf(grant);
      if (owner === undefined || !grant.actions.includes('sqs:SendMessage')) continue;
      const names = grant.resources.map((resource) => String(queueOf(resource).Properties.QueueName));
      sends[owner] = [...(sends[owner] ?? []), ...names].filter((name) => !name.endsWith('-dead-letters'));
    }
    const all = ['amazon', 'ebay', 'manomano'].map((name) => `markeplay-demo-order-pull-${name}`);
    expect(sends).toMatchObject({
      'markeplay-demo-pull-orders-amazon': [all[0]],
      'markeplay-demo-pull-orders-ebay': [all[1]],
      'markeplay-demo-pull-orders-manomano': [all[2]],
      'markeplay-demo-plan-order-pulls': all,
      'markeplay-demo-plan-re-scans': all,
    });
  });

  it('let nobody scan or delete a table', () => {
    const all = grants.flatMap(({ actions }) => actions);
    expect(all.filter((action) => /^dynamodb:(?:Scan|DeleteTable|PartiQL)/.test(action))).toEqual([]);
  });

  /** Actions per function on the table or key whose logical id starts like this. */
  function actionsOn(prefix: string): Record<string, readonly string[]> {
    const found: Record<string, readonly string[]> = {};
    for (const grant of grants) {
      if (!grant.resources.some((resource) => targetOf(resource, stacks)?.startsWith(prefix))) continue;
      const owner = ownerOf(grant) ?? grant.policy;
      found[owner] = [...(found[owner] ?? []), ...grant.actions];
    }
    return found;
  }

  /** The end of an ARN, from the part that says what it is: enough to read, without account and region. */
  function tail(resource: unknown): string {
    const text = JSON.stringify(resource);
    return /(\*|[a-z-]+\/\*|parameter\/[^"]*\*)"/.exec(text.replace(/.*eu-south-1\//, ''))?.[1] ?? text;
  }
});

describe('alarms', () => {
  it('ring when anything reaches a dead-letter queue', () => {
    for (const queue of deadLetterQueues) {
      expect(alarmsOn(queue), queue).toMatchObject([
        { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 },
      ]);
    }
  });

  it('ring when a job waits too long', () => {
    const ages = workQueues.map(({ logicalId }) =>
      alarmsOn(logicalId).map(({ MetricName, Threshold }) => [MetricName, Threshold]),
    );
    expect(ages.flat()).toEqual(workQueues.map(() => ['ApproximateAgeOfOldestMessage', 1800]));
  });

  it('ring for a function after fewer failures than send its job to the dead letters, however slowly it is tried', () => {
    const slowestRetry = Math.max(
      ...workQueues.map(({ Properties }) => z.int().parse(Properties.VisibilityTimeout)),
    );
    for (const { MetricName, Period, EvaluationPeriods, DatapointsToAlarm } of alarms) {
      if (MetricName !== 'Errors' && MetricName !== 'Throttles') continue;
      expect(DatapointsToAlarm).toBeLessThan(5);
      expect(Period * EvaluationPeriods).toBeGreaterThanOrEqual(slowestRetry * DatapointsToAlarm);
    }
  });

  it('ring when a function keeps failing or is held back', () => {
    for (const { logicalId, FunctionName } of functions) {
      expect(
        alarmsOn(logicalId).map(({ MetricName }) => MetricName),
        FunctionName,
      ).toEqual(['Errors', 'Throttles']);
    }
  });

  it('are heard at the address of the tenant, through an encrypted topic that CloudWatch may publish to', () => {
    const [topic] = resourcesOf('AWS::SNS::Topic', service);
    const [subscription] = resourcesOf('AWS::SNS::Subscription', service);
    expect(targetOf(topic?.Properties.KmsMasterKeyId, stacks)).toMatch(/^TenantKey/);
    expect(subscription?.Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'operations@demo.example',
    });
    for (const { AlarmActions } of alarms) {
      expect(AlarmActions.map((action) => targetOf(action, stacks))).toEqual([topic?.logicalId]);
    }

    const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
    const publish = statementsOf('AWS::SNS::TopicPolicy', stacks).filter(({ effect }) => effect === 'Allow');
    expect(publish).toMatchObject([{ actions: ['sns:Publish'], principal: cloudWatch }]);
    const [tenantKey] = resourcesOf('AWS::KMS::Key', state);
    expect(JSON.stringify(tenantKey?.Properties.KeyPolicy)).toContain(JSON.stringify(cloudWatch));
  });
});

it('holds nothing that cannot be made again', () => {
  const lasting = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key'];
  expect(
    lasting.flatMap((type) => resourcesOf(type, service, api)).map(({ logicalId }) => logicalId),
    // The build of the console is copied there by every deployment.
  ).toEqual([expect.stringMatching(/^ConsoleFiles/)]);
  expect(
    [service, api]
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain'),
  ).toEqual([]);
});

it('has the shape last agreed on', () => {
  for (const template of [service, receipts, api]) {
    expect(
      JSON.stringify(inOrder(template), null, 1).replaceAll(/[0-9a-f]{64}/g, '<asset>'),
    ).toMatchSnapshot();
  }
});

describe('the HTTP API', () => {
  const routes = resourcesOf('AWS::ApiGatewayV2::Route', api).map(({ Properties }) =>
    z
      .object({ RouteKey: z.string(), AuthorizationType: z.string(), AuthorizerId: z.unknown() })
      .parse(Properties),
  );

  it('has the routes that are listed and no other', () => {
    const listed = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(listed.sort());
  });

  it('lets nobody in without a token of its own people', () => {
    const [authorizer, ...others] = resourcesOf('AWS::ApiGatewayV2::Authorizer', api);
    expect(others).toEqual([]);
    for (const { RouteKey, AuthorizationType, AuthorizerId } of routes) {
      expect([RouteKey, AuthorizationType, targetOf(AuthorizerId, stacks)]).toEqual([
        RouteKey,
        'JWT',
        authorizer?.logicalId,
      ]);
    }
    const { issuer, audience } = z
      .object({ issuer: z.unknown(), audience: z.array(z.unknown()).length(2) })
      .parse(
        z
          .object({ JwtConfiguration: z.record(z.string(), z.unknown()) })
          .transform(({ JwtConfiguration }) => ({
            issuer: JwtConfiguration.Issuer,
            audience: JwtConfiguration.Audience,
          }))
          .parse(authorizer?.Properties),
      );
    expect(JSON.stringify(issuer)).toMatch(/https:\/\/cognito-idp\.eu-south-1\.amazonaws\.com\//);
    const clients = resourcesOf('AWS::Cognito::UserPoolClient', state, api);
    expect(audience.map((each) => targetOf(each, stacks))).toEqual(clients.map(({ logicalId }) => logicalId));
  });

  it('writes down neither who asked nor what for', () => {
    const [stage] = resourcesOf('AWS::ApiGatewayV2::Stage', api);
    const { Format } = z.object({ Format: z.string() }).parse(stage?.Properties.AccessLogSettings);
    expect(Object.values(z.record(z.string(), z.string()).parse(JSON.parse(Format))).join(' ')).not.toMatch(
      /sourceIp|userAgent|\.path|claims|querystring|identity/,
    );
    expect(stage?.Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 25,
      ThrottlingBurstLimit: 50,
    });
  });
});

describe('the console', () => {
  const behaviourSchema = z.object({
    ViewerProtocolPolicy: z.string(),
    AllowedMethods: z.array(z.string()).optional(),
    ResponseHeadersPolicyId: z.unknown(),
    CachePolicyId: z.string(),
  });
  const [distribution] = resourcesOf('AWS::CloudFront::Distribution', api);
  const settings = z
    .object({
      DefaultRootObject: z.string(),
      DefaultCacheBehavior: behaviourSchema,
      CacheBehaviors: z.array(behaviourSchema.extend({ PathPattern: z.string() })),
    })
    .parse(distribution?.Properties.DistributionConfig);
  const [headers] = resourcesOf('AWS::CloudFront::ResponseHeadersPolicy', api);

  it('has the API at its own address, uncached, and everything over TLS with the same headers', () => {
    expect(settings.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/v1/*']);
    expect(settings.CacheBehaviors[0]).toMatchObject({
      ViewerProtocolPolicy: 'https-only',
      // CloudFront's managed policy "CachingDisabled".
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      AllowedMethods: expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']),
    });
    expect(settings.DefaultCacheBehavior.ViewerProtocolPolicy).toBe('redirect-to-https');
    for (const each of [settings.DefaultCacheBehavior, ...settings.CacheBehaviors]) {
      expect(targetOf(each.ResponseHeadersPolicyId, stacks)).toBe(headers?.logicalId);
    }
  });

  it('allows neither inline scripts nor any server but its own, the sign-in and the one for uploads', () => {
    const policy = JSON.stringify(headers?.Properties);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe-|data:|\*/);
    const allowed = /connect-src 'self' (.*?); base-uri/.exec(policy)?.[1] ?? '';
    expect(allowed.match(/https:/g)).toHaveLength(2);
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('is read by CloudFront alone', () => {
    const admitted = statementsOf('AWS::S3::BucketPolicy', stacks).filter(
      ({ policy, effect, actions }) =>
        policy.startsWith('ConsoleFiles') && effect === 'Allow' && actions.includes('s3:GetObject'),
    );
    expect(admitted).toMatchObject([
      {
        principal: { Service: 'cloudfront.amazonaws.com' },
        conditions: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      },
    ]);
    const [files] = resourcesOf('AWS::S3::Bucket', api);
    expect(files?.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('signs people in with the code flow alone, and comes back to its own address alone', () => {
    const clients = resourcesOf('AWS::Cognito::UserPoolClient', api);
    expect(clients).toHaveLength(1);
    expect(clients[0]?.Properties).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const callbacks = z.array(z.unknown()).length(1).parse(clients[0]?.Properties.CallbackURLs);
    expect(callbacks).toEqual([
      { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distribution?.logicalId, 'DomainName'] }, '/']] },
    ]);
  });
});

/** CDK exports what another stack uses in no certain order. */
function inOrder<Template extends object>(template: Template): Template {
  const outputs = 'Outputs' in template && template.Outputs;
  if (!outputs) return template;
  const sorted = Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...template, Outputs: Object.fromEntries(sorted) };
}
