import * as z from 'zod';
import {
  associationSchema,
  creditSchema,
  newReceiptSchema,
  problemSchema,
  remoteReceiptSchema,
  remoteReceiptsSchema,
} from './schemas.ts';

const JSON_TYPE = 'application/json';

/** What an issuer of receipts offers so that we can use it, as an OpenAPI 3.1 document made from the schemas we check with. */
export function issuerContract(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Receipt issuer',
      version: '1.0.0',
      description:
        'What an issuer of receipts and electronic invoices offers so that Markeplay Channels can use it. The issuer numbers, ' +
        'keeps and, for invoices, talks to SdI. Amounts are whole minor units of the currency, VAT rates hundredths of a ' +
        'percent, days those of Europe/Rome, instants UTC in ISO 8601. The same Idempotency-Key with the same body is the ' +
        'same receipt for good; no personal data stands in an address, an answer or a log.',
      license: { name: 'UNLICENSED', url: 'https://spdx.org/licenses/' },
    },
    servers: [{ url: 'https://receipts.example' }],
    security: [{ key: [] }],
    paths: {
      '/v1/associations/{channelId}': {
        put: operation('associate', 'Associate a sales channel with an account', {
          parameters: [PATH_CHANNEL],
          body: associationSchema,
          responses: { 204: nothing('Associated; the same again changes nothing.') },
          refusals: [404, 422],
        }),
        delete: operation('dissociate', 'End an association', {
          parameters: [PATH_CHANNEL],
          responses: { 204: nothing('Not associated (any more).') },
          refusals: [],
        }),
      },
      '/v1/receipts': {
        post: operation('createReceipt', 'Issue a receipt or an invoice', {
          parameters: [IDEMPOTENCY_KEY],
          body: newReceiptSchema,
          responses: {
            200: receipt('The receipt of this key, made before.'),
            201: receipt('Issued.'),
            202: receipt('Being issued: read it again after Retry-After.'),
          },
          // IDEMPOTENCY_MISMATCH; ALREADY_ISSUED, under another key, with the receipt's id; NOT_ASSOCIATED.
          refusals: [409, 422],
        }),
        get: operation(
          'findReceipts',
          'All receipts of an order, reversals too: what became of a request whose answer was lost',
          {
            parameters: [query('channel'), query('marketplaceOrderId')],
            responses: { 200: answer('None is an empty list.', remoteReceiptsSchema) },
            refusals: [],
          },
        ),
      },
      '/v1/receipts/{receiptId}': {
        get: operation('readReceipt', 'Read a receipt', {
          parameters: [PATH_RECEIPT],
          responses: { 200: receipt('As it stands.') },
          refusals: [404],
        }),
      },
      '/v1/receipts/{receiptId}/credit': {
        post: operation('creditReceipt', 'Take a receipt back, in part or whole, by one that points at it', {
          parameters: [PATH_RECEIPT, IDEMPOTENCY_KEY],
          body: creditSchema,
          responses: {
            200: receipt('The credit of this key, made before.'),
            201: receipt('Issued.'),
            202: receipt('Being issued: read it again after Retry-After.'),
          },
          // IDEMPOTENCY_MISMATCH.
          refusals: [404, 409, 422],
        }),
      },
      '/v1/receipts/{receiptId}/pdf': {
        get: operation('receiptPdf', "The issued receipt's page", {
          parameters: [PATH_RECEIPT],
          responses: {
            200: {
              description: 'Always the same bytes; `pdf.sha256` is of them.',
              content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
            },
            202: nothing('Being drawn: ask again after Retry-After.'),
          },
          refusals: [404],
        }),
      },
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: "The account's key." } },
      parameters: {
        requestId: {
          name: 'X-Request-Id',
          in: 'header',
          required: true,
          description: 'Fresh for every call; both sides log it.',
          schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
        },
      },
      schemas: {
        Receipt: jsonSchema(remoteReceiptSchema, 'output'),
        Problem: jsonSchema(problemSchema, 'output'),
      },
    },
  };
}

const PATH_CHANNEL = parameter('channelId', 'path', 'Our id of the channel.');
const PATH_RECEIPT = parameter('receiptId', 'path', "The issuer's id of the receipt.");
const IDEMPOTENCY_KEY = parameter(
  'Idempotency-Key',
  'header',
  'Names the request for good: `<seller>:<channel>:<order number>:<sale or reversal>:<request>`.',
);
/** What any call may be answered. */
const ALWAYS: Readonly<Record<number, string>> = {
  400: 'The call is not one of this contract.',
  401: 'The key is not, or no longer, valid.',
  403: 'The account is suspended.',
  429: 'Too many calls: Retry-After says when to go on.',
  503: 'Not now; nobody knows whether it was carried out.',
};
const REFUSALS: Readonly<Record<number, string>> = {
  404: 'There is no such thing.',
  409: 'Another request stands in the way; the code says which.',
  422: 'The figures or the data are wrong; `violations` says where.',
};

function operation(
  operationId: string,
  summary: string,
  {
    parameters,
    body,
    responses,
    refusals,
  }: {
    readonly parameters: readonly object[];
    readonly body?: z.ZodType;
    readonly responses: Readonly<Record<number, object>>;
    readonly refusals: readonly number[];
  },
): object {
  const refused = [
    ...refusals.map((status) => [status, REFUSALS[status]] as const),
    ...Object.entries(ALWAYS),
  ].map(([status, description]) => [
    status,
    {
      description,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return {
    operationId,
    summary,
    parameters: [{ $ref: '#/components/parameters/requestId' }, ...parameters],
    ...(body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { [JSON_TYPE]: { schema: jsonSchema(body, 'input') } } },
        }),
    responses: { ...responses, ...Object.fromEntries(refused) },
  };
}

function parameter(name: string, place: 'path' | 'header' | 'query', description: string): object {
  return { name, in: place, required: true, description, schema: { type: 'string', minLength: 1 } };
}

function query(name: string): object {
  return parameter(name, 'query', 'As in `externalReference`.');
}

function receipt(description: string): object {
  return { description, content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Receipt' } } } };
}

function answer(description: string, schema: z.ZodType): object {
  return { description, content: { [JSON_TYPE]: { schema: jsonSchema(schema, 'output') } } };
}

function nothing(description: string): object {
  return { description };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}
