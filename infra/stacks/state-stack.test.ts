import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ROLES } from '../../events/http/roles.ts';
import { BUYER_TABLE, STATE_TABLE } from '../../shared/adapters/dynamodb/table.ts';
import {
  RECONCILED_PREFIX,
  REPLAY_PREFIX,
  REPORT_PREFIX,
  SHIPMENT_FILE_PREFIX,
  SHIPMENT_RESULT_PREFIX,
} from '../../shared/adapters/s3/keys.ts';
import {
  type Resource,
  resourcesOf,
  statementsOf,
  synthesise,
  targetOf,
} from '../../tests/support/synthesised-stacks.ts';
import { loadTenant } from '../tenants/tenant-config.ts';

const stacks = synthesise(loadTenant('demo'));
const { state } = stacks;

function only(type: string, prefix: string): Resource {
  const found = resourcesOf(type, state).filter(({ logicalId }) => logicalId.startsWith(prefix));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type} ${prefix}`);
  return found[0];
}
const stateTable = only('AWS::DynamoDB::Table', 'StateTable');
const buyerTable = only('AWS::DynamoDB::Table', 'BuyerTable');
const reportBucket = only('AWS::S3::Bucket', 'ReportsBucket');
const reportQueue = only('AWS::SQS::Queue', 'ReportUploadsQueue');

describe('tables', () => {
  it('outlive the stack, resist deletion and can be taken back to any second', () => {
    const tables = resourcesOf('AWS::DynamoDB::Table', state);
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      expect(table, table.logicalId).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          BillingMode: 'PAY_PER_REQUEST',
        },
      });
    }
  });

  it('are encrypted under two different keys of the tenant', () => {
    const keyOf = ({ Properties }: Resource) => {
      const encryption = z
        .object({ SSEEnabled: z.literal(true), SSEType: z.literal('KMS'), KMSMasterKeyId: z.unknown() })
        .parse(Properties.SSESpecification);
      return targetOf(encryption.KMSMasterKeyId, stacks);
    };
    expect(keyOf(stateTable)).toMatch(/^TenantKey/);
    expect(keyOf(buyerTable)).toMatch(/^BuyerKey/);
  });

  it('have the keys and indexes the repositories spell', () => {
    const keySchema = (partition: string, sort?: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
    ];
    expect(stateTable.Properties.KeySchema).toEqual(keySchema(STATE_TABLE.partitionKey, STATE_TABLE.sortKey));
    expect(stateTable.Properties.GlobalSecondaryIndexes).toEqual(
      Object.values(STATE_TABLE.indexes).map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'keysOnly' in index ? 'KEYS_ONLY' : 'ALL' },
      })),
    );
    expect(buyerTable.Properties.KeySchema).toEqual(keySchema(BUYER_TABLE.partitionKey));
    const { buyersByEnd } = BUYER_TABLE.indexes;
    expect(buyerTable.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: buyersByEnd.name,
        KeySchema: keySchema(buyersByEnd.partitionKey, buyersByEnd.sortKey),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  it('let buyers end by themselves, and of the state only rows that carry an end (request keys)', () => {
    expect(buyerTable.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: BUYER_TABLE.timeToLive,
      Enabled: true,
    });
    expect(stateTable.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: STATE_TABLE.timeToLive,
      Enabled: true,
    });
  });
});

describe('keys', () => {
  it('rotate and outlive the stack: what they encrypted does too', () => {
    const keys = resourcesOf('AWS::KMS::Key', state);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(key, key.logicalId).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: { EnableKeyRotation: true },
      });
    }
  });

  it('serve CloudWatch only for the alarms of this tenant', () => {
    const { Statement } = z
      .object({ Statement: z.array(z.object({ Principal: z.unknown(), Condition: z.unknown().optional() })) })
      .parse(only('AWS::KMS::Key', 'TenantKey').Properties.KeyPolicy);
    const cloudWatch = Statement.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('cloudwatch.amazonaws.com'),
    );
    expect(cloudWatch).toHaveLength(1);
    expect(JSON.stringify(cloudWatch[0]?.Condition)).toContain(':alarm:demo-*');
  });
});

describe('the receipt bucket', () => {
  it('keeps every version of what was issued for more than ten years, private and under the tenant key', () => {
    const bucket = only('AWS::S3::Bucket', 'ReceiptsBucket');
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { VersioningConfiguration: { Status: 'Enabled' } },
    });
    expect(JSON.stringify(bucket.Properties.BucketEncryption)).toMatch(/TenantKey/);
    const { Rules } = z
      .object({ Rules: z.array(z.object({ Id: z.string(), ExpirationInDays: z.int().optional() })) })
      .parse(bucket.Properties.LifecycleConfiguration);
    const ends = Rules.flatMap(({ ExpirationInDays }) => ExpirationInDays ?? []);
    expect(ends).toHaveLength(1);
    expect(ends[0]).toBeGreaterThan(10 * 366);
  });
});

describe('the report bucket', () => {
  it('is versioned, private, encrypted under the tenant key, logged, and outlives the stack', () => {
    expect(reportBucket).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LoggingConfiguration: {
          DestinationBucketName: { Ref: only('AWS::S3::Bucket', 'ReportsAccessLogs').logicalId },
        },
      },
    });
    expect(JSON.stringify(reportBucket.Properties.BucketEncryption)).toMatch(/"aws:kms"/);
    expect(JSON.stringify(reportBucket.Properties.BucketEncryption)).toMatch(/TenantKey/);
  });

  it('ends originals after 27 days, their hidden versions a day later, and keeps everything else', () => {
    expect(reportBucket.Properties.LifecycleConfiguration).toEqual({
      Rules: [
        ...[
          ['Originals', REPORT_PREFIX, 27],
          ['ShipmentFiles', SHIPMENT_FILE_PREFIX, 27],
          ['ShipmentResults', SHIPMENT_RESULT_PREFIX, 90],
        ].flatMap(([what, prefix, days]) => [
          {
            Id: `${what}Expire`,
            Prefix: prefix,
            Status: 'Enabled',
            ExpirationInDays: days,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
          {
            Id: `${what}DeleteMarkersExpire`,
            Prefix: prefix,
            Status: 'Enabled',
            ExpiredObjectDeleteMarker: true,
          },
        ]),
        {
          Id: 'UnfinishedUploadsExpire',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ],
    });
    for (const kept of [REPLAY_PREFIX, RECONCILED_PREFIX]) expect(kept.startsWith(REPORT_PREFIX)).toBe(false);
  });

  it('announces uploads under each prefix, and them only, to its own queue, which admits this bucket only', () => {
    const shipmentFileQueue = only('AWS::SQS::Queue', 'ShipmentFilesQueue');
    expect(reportBucket.Properties.NotificationConfiguration).toEqual({
      QueueConfigurations: [
        [reportQueue, REPORT_PREFIX] as const,
        [shipmentFileQueue, SHIPMENT_FILE_PREFIX] as const,
      ].map(([queue, prefix]) => ({
        Event: 's3:ObjectCreated:*',
        Queue: { 'Fn::GetAtt': [queue.logicalId, 'Arn'] },
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: prefix }] } },
      })),
    });
    const admitted = statementsOf('AWS::SQS::QueuePolicy', stacks).filter(({ effect }) => effect === 'Allow');
    expect(admitted).toHaveLength(2);
    for (const each of admitted) {
      expect(each).toMatchObject({
        actions: ['sqs:SendMessage'],
        principal: { Service: 's3.amazonaws.com' },
        conditions: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
      expect(JSON.stringify(each.conditions.ArnEquals)).toContain('arn:aws:s3:::markeplay-demo-reports-');
    }
    expect(reportBucket.DependsOn).toEqual(admitted.map(({ policy }) => policy).sort());
  });

  it('refuses whoever does not use TLS', () => {
    const denied = statementsOf('AWS::S3::BucketPolicy', stacks).filter(
      ({ effect, conditions }) => effect === 'Deny' && conditions.Bool?.['aws:SecureTransport'] === 'false',
    );
    expect(denied.map(({ actions }) => actions)).toEqual(Array(7).fill(['s3:*']));
  });
});

describe('the bucket of personal files', () => {
  const bucket = only('AWS::S3::Bucket', 'PersonalFilesBucket');

  it('is under the key of the buyers, keeps no versions, and ends everything after 60 days', () => {
    expect(JSON.stringify(bucket.Properties.BucketEncryption)).toMatch(/BuyerKey/);
    expect(bucket.Properties.VersioningConfiguration).toBeUndefined();
    expect(bucket.Properties.LifecycleConfiguration).toMatchObject({
      Rules: [{ Id: 'PersonalFilesExpire', Status: 'Enabled', ExpirationInDays: 60 }, {}],
    });
  });
});

describe('the people', () => {
  const [pool] = resourcesOf('AWS::Cognito::UserPool', state);
  const [client] = resourcesOf('AWS::Cognito::UserPoolClient', state);

  it('come by invitation, with a long password and a second factor that is no text message', () => {
    expect(pool?.Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: { MinimumLength: 14, RequireSymbols: true } },
    });
  });

  it('are kept when the stack goes', () => {
    expect(pool?.Properties.DeletionProtection).toBe('ACTIVE');
    expect([pool?.DeletionPolicy, pool?.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  });

  it('sign in with a code and PKCE: no secret, no password sent by a program', () => {
    expect(client?.Properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  it('have one group per role', () => {
    const groups = resourcesOf('AWS::Cognito::UserPoolGroup', state).map(
      ({ Properties }) => Properties.GroupName,
    );
    expect(groups).toEqual([...ROLES]);
  });
});

it('says what a person needs to know it by', () => {
  expect(Object.keys(state.Outputs).filter((name) => !name.startsWith('ExportsOutput'))).toEqual([
    'StateTableName',
    'BuyerTableName',
    'PersonalBucketName',
    'ReportBucketName',
    'ReceiptBucketName',
    'ReportUploadQueueUrl',
    'ReportUploadDeadLetterQueueUrl',
    'UserPoolId',
    'UserPoolClientId',
    'CredentialsPrefix',
    'CredentialsKeyAlias',
  ]);
});

it('has the shape last agreed on', () => {
  expect(JSON.stringify(state, null, 1).replaceAll(/[0-9a-f]{64}/g, '<asset>')).toMatchSnapshot();
});
