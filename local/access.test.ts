import { describe, expect, it } from 'vitest';
import { accessKeyIdOf, type FunctionAccess, readAccess, readRoles } from './access.ts';
import { stackOf } from './assembly.ts';
import { readTemplates } from './template.ts';

const TABLE = 'arn:aws:dynamodb:eu-south-1:000000000000:table/orders';

function accessWith(...statements: readonly object[]): FunctionAccess {
  const template = {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'puller', AssumeRolePolicyDocument: {} } },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'p', PolicyDocument: { Statement: statements }, Roles: [{ Ref: 'Role' }] },
      },
      F: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'demo-pull-orders',
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { S3Bucket: 'b', S3Key: 'k.zip' },
        },
      },
    },
  };
  const assembly = {
    accountId: '000000000000',
    region: 'eu-south-1',
    stacks: [stackOf('S', template)],
    assetFolders: new Map<string, string>(),
  };
  const model = readTemplates(assembly, 'http://127.0.0.1:1');
  const access = readAccess(model, readRoles(model)).get(accessKeyIdOf('demo-pull-orders'));
  if (access === undefined) throw new Error('no access for the function');
  return access;
}

const request = (action: string, resource: string, conditionKeys = {}) => ({
  action,
  resource,
  conditionKeys,
});

describe('what a role allows', () => {
  const access = accessWith({
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:Batch*'],
    Resource: [TABLE, `${TABLE}/index/*`],
  });

  it('the action and the resource it names', () => {
    expect(access.allows(request('dynamodb:PutItem', TABLE))).toBe(true);
    expect(access.allows(request('dynamodb:PutItem', `${TABLE}/index/byDay`))).toBe(true);
    expect(access.allows(request('dynamodb:BatchGetItem', TABLE))).toBe(true);
  });

  it('not another action, not another resource, not a longer name', () => {
    expect(access.allows(request('dynamodb:DeleteItem', TABLE))).toBe(false);
    expect(access.allows(request('dynamodb:PutItem', TABLE.replace('orders', 'buyers')))).toBe(false);
    expect(access.allows(request('dynamodb:PutItem', `${TABLE}-2`))).toBe(false);
  });

  it('nothing without a statement', () => {
    expect(accessWith().allows(request('dynamodb:PutItem', TABLE))).toBe(false);
  });

  it('nothing that another statement denies', () => {
    const denied = accessWith(
      { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:DeleteItem', Resource: TABLE },
    );
    expect(denied.allows(request('dynamodb:PutItem', TABLE))).toBe(true);
    expect(denied.allows(request('dynamodb:DeleteItem', TABLE))).toBe(false);
  });

  it('a listing only under the prefix of its condition', () => {
    const listing = accessWith({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::reports',
      Condition: { StringLike: { 's3:prefix': ['payment-reports/*'] } },
    });
    const bucket = 'arn:aws:s3:::reports';
    expect(
      listing.allows(request('s3:ListBucket', bucket, { 's3:prefix': 'payment-reports/amazon-it/' })),
    ).toBe(true);
    expect(listing.allows(request('s3:ListBucket', bucket, { 's3:prefix': 'replay/' }))).toBe(false);
    expect(listing.allows(request('s3:ListBucket', bucket))).toBe(false);
  });

  it('a condition that cannot be checked is refused by name', () => {
    const statement = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '::1' } },
    };
    expect(() => accessWith(statement)).toThrow('policy p: condition IpAddress');
  });
});

it('an access key id is letters and digits, and names the function', () => {
  expect(accessKeyIdOf('demo-pull-orders')).toBe('LOCALDEMOPULLORDERS');
});
