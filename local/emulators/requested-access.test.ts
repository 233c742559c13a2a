import { describe, expect, it } from 'vitest';
import { requestedAccess, type Service } from './requested-access.ts';

const PLACE = { region: 'eu-south-1', accountId: '000000000000' };

function asked(service: Service, target: string, body: object): string[] {
  return requestedAccess(
    service,
    { method: 'POST', url: '/', headers: { 'x-amz-target': target }, body: JSON.stringify(body) },
    PLACE,
  ).map(({ action, resource }) => `${action} ${resource.replace(/^arn:aws:[^:]*:[^:]*:[^:]*:/, '')}`);
}

function askedOfS3(method: string, url: string, headers = {}): string[] {
  return requestedAccess('s3', { method, url, headers, body: '' }, PLACE).map(
    ({ action, resource }) => `${action} ${resource.replace('arn:aws:s3:::', '')}`,
  );
}

describe('DynamoDB', () => {
  const target = (operation: string): string => `DynamoDB_20120810.${operation}`;

  it('a plain call asks for its own action on its table, or on the index it reads', () => {
    expect(asked('dynamodb', target('GetItem'), { TableName: 'orders' })).toEqual([
      'dynamodb:GetItem table/orders',
    ]);
    expect(asked('dynamodb', target('Query'), { TableName: 'orders', IndexName: 'byDay' })).toEqual([
      'dynamodb:Query table/orders/index/byDay',
    ]);
  });

  it('a batch asks for every table in it', () => {
    expect(asked('dynamodb', target('BatchWriteItem'), { RequestItems: { orders: [], buyers: [] } })).toEqual(
      ['dynamodb:BatchWriteItem table/orders', 'dynamodb:BatchWriteItem table/buyers'],
    );
  });

  it('a transaction asks for the action of each of its parts, once', () => {
    const TransactItems = [
      { Put: { TableName: 'orders' } },
      { Put: { TableName: 'orders' } },
      { ConditionCheck: { TableName: 'orders' } },
      { Delete: { TableName: 'buyers' } },
    ];
    expect(asked('dynamodb', target('TransactWriteItems'), { TransactItems })).toEqual([
      'dynamodb:PutItem table/orders',
      'dynamodb:ConditionCheckItem table/orders',
      'dynamodb:DeleteItem table/buyers',
    ]);
  });

  it('a PartiQL statement asks for its verb', () => {
    expect(
      asked('dynamodb', target('ExecuteStatement'), {
        Statement: 'SELECT a, b FROM "orders"."byDay" WHERE pk=?',
      }),
    ).toEqual(['dynamodb:PartiQLSelect table/orders/index/byDay']);
    const Statements = [
      { Statement: 'UPDATE "orders" SET a=?' },
      { Statement: 'INSERT INTO "orders" VALUE {\'pk\':?}' },
      { Statement: 'DELETE FROM "orders" WHERE pk=?' },
    ];
    expect(asked('dynamodb', target('BatchExecuteStatement'), { Statements })).toEqual([
      'dynamodb:PartiQLUpdate table/orders',
      'dynamodb:PartiQLInsert table/orders',
      'dynamodb:PartiQLDelete table/orders',
    ]);
  });
});

it('a batch send asks for the action of a single send', () => {
  const QueueUrl = 'http://127.0.0.1:4000/000000000000/jobs';
  expect(asked('sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl })).toEqual(['sqs:SendMessage jobs']);
});

it('parameters are asked for one by one, without the leading slash', () => {
  expect(asked('ssm', 'AmazonSSM.GetParameters', { Names: ['/a/b', '/a/c'] })).toEqual([
    'ssm:GetParameters parameter/a/b',
    'ssm:GetParameters parameter/a/c',
  ]);
});

describe('S3', () => {
  it('objects are read, written and deleted under their decoded key', () => {
    expect(askedOfS3('GET', '/reports/a%20b/c.txt?x-id=GetObject')).toEqual([
      's3:GetObject reports/a b/c.txt',
    ]);
    expect(askedOfS3('HEAD', '/reports/c.txt')).toEqual(['s3:GetObject reports/c.txt']);
    expect(askedOfS3('PUT', '/reports/c.txt')).toEqual(['s3:PutObject reports/c.txt']);
    expect(askedOfS3('DELETE', '/reports/c.txt')).toEqual(['s3:DeleteObject reports/c.txt']);
  });

  it('every step of an upload in parts is a put, but breaking it off is its own action', () => {
    expect(askedOfS3('POST', '/reports/c.txt?uploads')).toEqual(['s3:PutObject reports/c.txt']);
    expect(askedOfS3('PUT', '/reports/c.txt?partNumber=1&uploadId=u')).toEqual([
      's3:PutObject reports/c.txt',
    ]);
    expect(askedOfS3('POST', '/reports/c.txt?uploadId=u')).toEqual(['s3:PutObject reports/c.txt']);
    expect(askedOfS3('DELETE', '/reports/c.txt?uploadId=u')).toEqual([
      's3:AbortMultipartUpload reports/c.txt',
    ]);
  });

  it('a copy also reads its source', () => {
    expect(askedOfS3('PUT', '/reports/new.txt', { 'x-amz-copy-source': '/reports/old.txt' })).toEqual([
      's3:PutObject reports/new.txt',
      's3:GetObject reports/old.txt',
    ]);
  });

  it('a listing asks for the bucket and carries its prefix', () => {
    expect(
      requestedAccess(
        's3',
        { method: 'GET', url: '/reports?list-type=2&prefix=a%2F', headers: {}, body: '' },
        PLACE,
      ),
    ).toEqual([
      { action: 's3:ListBucket', resource: 'arn:aws:s3:::reports', conditionKeys: { 's3:prefix': 'a/' } },
    ]);
  });

  it('a call that is not known cannot be checked', () => {
    expect(() => askedOfS3('PUT', '/reports?policy')).toThrow('not a call the local stack can check');
  });
});
