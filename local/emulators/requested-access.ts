import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { AccessRequest } from '../access.ts';

/** The services that functions reach through this machine's endpoints. */
export type Service = 'dynamodb' | 'sqs' | 's3' | 'ssm';

export interface ServiceCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; empty for S3, whose calls are known by their address. */
  readonly body: string;
}

export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** A call whose meaning is not known cannot be checked, so it is not let through. */
export class UnknownCall extends Error {
  constructor(call: string) {
    super(`${call} is not a call the local stack can check`);
    this.name = 'UnknownCall';
  }
}

/** What a call asks for, in IAM's words: every (action, resource) must be allowed. */
export function requestedAccess(service: Service, call: ServiceCall, place: Place): AccessRequest[] {
  switch (service) {
    case 'dynamodb':
      return dynamoDbAccess(call, place);
    case 'sqs':
      return sqsAccess(call, place);
    case 'ssm':
      return ssmAccess(call, place);
    case 's3':
      return s3Access(call);
  }
}

const looseBodySchema = z.record(z.string(), z.unknown());
const requestItemsSchema = z.looseObject({ RequestItems: looseBodySchema });
const transactItemsSchema = z.looseObject({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }))),
});
const tableSchema = z.looseObject({ TableName: z.string(), IndexName: z.string().optional() });
const statementSchema = z.looseObject({ Statement: z.string() });
const statementsSchema = z.looseObject({ Statements: z.array(statementSchema) });
const transactStatementsSchema = z.looseObject({ TransactStatements: z.array(statementSchema) });

/** Source: IAM service authorization reference, "Actions, resources, and condition keys for Amazon DynamoDB". */
function dynamoDbAccess(call: ServiceCall, { region, accountId }: Place): AccessRequest[] {
  const operation = String(call.headers['x-amz-target']).split('.')[1] ?? '';
  const table = (name: string): string =>
    name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
  const request = (action: string, resource: string): AccessRequest => ({
    action: `dynamodb:${action}`,
    resource,
    conditionKeys: {},
  });
  const body: unknown = JSON.parse(call.body);
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys(requestItemsSchema.parse(body).RequestItems).map((name) =>
        request(operation, table(name)),
      );
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return distinct(
        transactItemsSchema
          .parse(body)
          .TransactItems.flatMap((item) =>
            Object.entries(item).map(([kind, { TableName }]) =>
              request(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, table(TableName)),
            ),
          ),
      );
    case 'ExecuteStatement':
      return [partiQl(statementSchema.parse(body).Statement, table, request)];
    case 'BatchExecuteStatement':
      return distinct(
        statementsSchema.parse(body).Statements.map(({ Statement }) => partiQl(Statement, table, request)),
      );
    case 'ExecuteTransaction':
      return distinct(
        transactStatementsSchema
          .parse(body)
          .TransactStatements.map(({ Statement }) => partiQl(Statement, table, request)),
      );
    case 'ListTables':
      return [request(operation, '*')];
    default: {
      const { TableName, IndexName } = tableSchema.parse(body);
      return [
        request(
          operation,
          IndexName === undefined ? table(TableName) : `${table(TableName)}/index/${IndexName}`,
        ),
      ];
    }
  }
}

function partiQl(
  statement: string,
  table: (name: string) => string,
  request: (action: string, resource: string) => AccessRequest,
): AccessRequest {
  const [, verb = '', name = '', index] =
    /^\s*(select|insert|update|delete)\b(?:.*?\b(?:from|into))?\s+"?([\w.-]+)"?(?:\."?([\w.-]+)"?)?/is.exec(
      statement,
    ) ?? [];
  const action = { select: 'Select', insert: 'Insert', update: 'Update', delete: 'Delete' }[
    verb.toLowerCase()
  ];
  if (action === undefined) throw new UnknownCall('PartiQL statement');
  return request(`PartiQL${action}`, index === undefined ? table(name) : `${table(name)}/index/${index}`);
}

const queueSchema = z.looseObject({ QueueUrl: z.string() });
const queueNameSchema = z.looseObject({ QueueName: z.string() });

/** Source: IAM service authorization reference, "… for Amazon SQS": a batch needs the action of its single call. */
function sqsAccess(call: ServiceCall, { region, accountId }: Place): AccessRequest[] {
  const operation = String(call.headers['x-amz-target']).split('.')[1] ?? '';
  const body: unknown = JSON.parse(call.body);
  const name =
    operation === 'GetQueueUrl' || operation === 'CreateQueue'
      ? queueNameSchema.parse(body).QueueName
      : operation === 'ListQueues'
        ? '*'
        : queueSchema.parse(body).QueueUrl.split('/').at(-1);
  return [
    {
      action: `sqs:${operation.replace(/Batch$/, '')}`,
      resource: `arn:aws:sqs:${region}:${accountId}:${name}`,
      conditionKeys: {},
    },
  ];
}

const parameterSchema = z.looseObject({
  Name: z.string().optional(),
  Names: z.array(z.string()).optional(),
  Path: z.string().optional(),
});

function ssmAccess(call: ServiceCall, { region, accountId }: Place): AccessRequest[] {
  const operation = String(call.headers['x-amz-target']).split('.')[1] ?? '';
  const { Name, Names, Path } = parameterSchema.parse(JSON.parse(call.body));
  const names = [
    ...(Names ?? []),
    ...(Name === undefined ? [] : [Name]),
    ...(Path === undefined ? [] : [Path]),
  ];
  if (names.length === 0) throw new UnknownCall(`ssm:${operation}`);
  return names.map((name) => ({
    action: `ssm:${operation}`,
    resource: `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\/|\/$/g, '')}`,
    conditionKeys: {},
  }));
}

/** Source: IAM service authorization reference, "… for Amazon S3". */
function s3Access(call: ServiceCall): AccessRequest[] {
  const url = new URL(call.url, 'http://s3.local');
  const [bucket = '', ...keyParts] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  const key = keyParts.join('/');
  const query = url.searchParams;
  const request = (action: string, path = key): AccessRequest => ({
    action: `s3:${action}`,
    resource: path === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${path}`,
    conditionKeys: query.has('prefix') ? { 's3:prefix': query.get('prefix') ?? '' } : {},
  });
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*', conditionKeys: {} }];

  if (key === '') {
    if (call.method === 'POST' && query.has('delete')) return [request('DeleteObject', '*')];
    if (call.method === 'GET' && query.has('uploads')) return [request('ListBucketMultipartUploads')];
    if (call.method === 'GET' && query.has('location')) return [request('GetBucketLocation')];
    if (call.method === 'HEAD' || (call.method === 'GET' && !hasSubresource(query)))
      return [request('ListBucket')];
    throw new UnknownCall(`s3 ${call.method} ?${[...query.keys()].join('&')}`);
  }
  const source = call.headers['x-amz-copy-source'];
  const alsoReads: AccessRequest[] =
    typeof source === 'string'
      ? [
          {
            action: 's3:GetObject',
            resource: `arn:aws:s3:::${decodeURIComponent(source).replace(/^\//, '')}`,
            conditionKeys: {},
          },
        ]
      : [];
  switch (call.method) {
    case 'GET':
      if (query.has('uploadId')) return [request('ListMultipartUploadParts')];
      if (query.has('tagging')) return [request('GetObjectTagging')];
      if (query.has('attributes')) return [request('GetObjectAttributes'), request('GetObject')];
      return [request('GetObject')];
    case 'HEAD':
      return [request('GetObject')];
    case 'PUT':
      if (query.has('tagging')) return [request('PutObjectTagging')];
      return [
        request('PutObject'),
        ...(call.headers['x-amz-tagging'] === undefined ? [] : [request('PutObjectTagging')]),
        ...alsoReads,
      ];
    case 'POST':
      if (query.has('uploads') || query.has('uploadId')) return [request('PutObject')];
      throw new UnknownCall('s3 POST');
    case 'DELETE':
      return [request(query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject')];
    default:
      throw new UnknownCall(`s3 ${call.method}`);
  }
}

/** Listing has query parameters of its own; a bare name such as `?policy` asks for something else of the bucket. */
function hasSubresource(query: URLSearchParams): boolean {
  const listing = [
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'marker',
    'continuation-token',
    'start-after',
  ];
  const also = ['fetch-owner', 'encoding-type', 'x-id'];
  return [...query.keys()].some((name) => !listing.includes(name) && !also.includes(name));
}

function distinct(requests: readonly AccessRequest[]): AccessRequest[] {
  return [...new Map(requests.map((request) => [`${request.action} ${request.resource}`, request])).values()];
}
