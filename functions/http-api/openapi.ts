import * as z from 'zod';
import { PROBLEM_TYPE, problemSchema } from '../../events/http/problem.ts';
import { needsIdempotencyKey, type Route } from '../../events/http/route.ts';
import { ROUTE_IDS, ROUTES } from '../../events/http/routes.ts';

/**
 * The HTTP API as an OpenAPI 3.1 document, made from the same schemas that check requests and answers.
 */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const id of ROUTE_IDS) {
    const route: Route = ROUTES[id];
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(id, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Markeplay Channels',
      version: '1',
      description:
        'Orders, payment reports and channels of one tenant. Amounts are decimal text in the unit of their currency. ' +
        'A POST is repeated safely with the same Idempotency-Key; a change needs the ETag of what was read as If-Match.',
      license: { name: 'UNLICENSED', url: 'https://spdx.org/licenses/' },
    },
    servers: [{ url: 'https://{api}', variables: { api: { default: 'api.example' } } }],
    security: [{ people: [] }],
    paths,
    components: {
      securitySchemes: {
        people: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "An access token of the tenant's user pool (authorization code flow with PKCE).",
        },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
    },
  };
}

function operation(id: string, route: Route): object {
  const { body, answer } = route;
  const headers = [
    ...(needsIdempotencyKey(route)
      ? [header('Idempotency-Key', '8 to 64 letters, digits, hyphens; kept for 24 hours', '^[\\w-]{8,64}$')]
      : []),
    ...(route.onVersion ? [header('If-Match', 'The ETag of what was read', '^"\\d{1,9}"$')] : []),
  ];
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    description: `Roles: ${route.roles.join(', ')}.`,
    'x-roles': route.roles,
    parameters: [...parameters('path', route.params), ...parameters('query', route.query), ...headers],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(body, 'input') } },
          },
        }),
    responses: {
      [route.status]: {
        description: 'As asked.',
        ...(route.versioned
          ? { headers: { ETag: { description: 'The version, for If-Match', schema: { type: 'string' } } } }
          : {}),
        content: { 'application/json': { schema: jsonSchema(answer, 'output') } },
      },
      default: {
        description:
          'What went wrong. Without a valid token API Gateway itself answers 401 with {"message"}.',
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

function parameters(where: 'path' | 'query', schema: z.ZodObject): readonly object[] {
  const { properties = {}, required = [] }: ObjectSchema = jsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
  }));
}

function header(name: string, description: string, pattern: string): object {
  return { name, in: 'header', required: true, description, schema: { type: 'string', pattern } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}
