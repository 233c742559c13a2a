import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ROUTE_IDS, ROUTES } from '../../events/http/routes.ts';
import { openApiDocument } from '../../functions/http-api/openapi.ts';

const written: unknown = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);
const pathsSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), 'x-roles': z.array(z.string()) })),
  ),
});

test('docs/openapi.json is what the routes say (npm run openapi)', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('the document is valid OpenAPI', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(z.looseObject({}).parse(written)));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
});

test('a document that is none is found out', async () => {
  const broken = { ...z.looseObject({}).parse(structuredClone(written)), paths: { orders: {} } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test('every route is in the document with its roles, and nothing else is', () => {
  const described = Object.entries(pathsSchema.parse(written).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${operation.operationId} ${method.toUpperCase()} ${path} ${operation['x-roles'].join()}`,
    ),
  );
  const listed = ROUTE_IDS.map((id) => {
    const { method, path, roles } = ROUTES[id];
    return `${id} ${method} ${path} ${roles.join()}`;
  });
  expect(described.sort()).toEqual(listed.sort());
});

test('no two routes are one, and every variable of a path is described', () => {
  const keys = ROUTE_IDS.map((id) => `${ROUTES[id].method} ${ROUTES[id].path}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const id of ROUTE_IDS) {
    const variables = [...ROUTES[id].path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(ROUTES[id].params.shape), id).toEqual(variables);
  }
});
