import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import * as z from 'zod';

/** Amazon's published models, where they lie beside the repository. */
const FOLDER = fileURLToPath(new URL('../../../shared/reference/models/amazon/', import.meta.url));

export const AMAZON_MODELS_THERE = existsSync(FOLDER);

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  type: z.string().optional(),
});
const modelSchema = z.looseObject({
  definitions: z.record(z.string(), z.record(z.string(), z.unknown())),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z.array(parameterSchema).default([]),
});

/** What a model says of a call: where it goes, what it may say, and how it is answered. */
export interface PublishedModel {
  /** Checks an answer; a property the model does not have is an error. */
  answer(definition: string): ValidateFunction;
  /** `GET /orders/2026-01-01/orders/{orderId}` */
  route(operation: string): string;
  /** Checks a query as it is before it is encoded, lists as lists. */
  query(operation: string): ValidateFunction;
}

/** @param file name of the model's file */
export function publishedModel(file: string): PublishedModel {
  const model = modelSchema.parse(JSON.parse(readFileSync(FOLDER + file, 'utf8')));
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajv.addSchema({ $id: 'model', definitions: closed(model.definitions) });
  const operations = Object.entries(model.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const parsed = operationSchema.safeParse(operation);
      return parsed.success ? [{ route: `${method.toUpperCase()} ${path}`, ...parsed.data }] : [];
    }),
  );
  const find = (id: string) => {
    const found = operations.find(({ operationId }) => operationId === id);
    if (found === undefined) throw new Error(`${file} has no operation ${id}`);
    return found;
  };
  return {
    answer: (definition) => ajv.compile({ $ref: `model#/definitions/${definition}` }),
    route: (operation) => find(operation).route,
    query(operation) {
      const parameters = find(operation).parameters.filter((parameter) => parameter.in === 'query');
      return ajv.compile({
        type: 'object',
        additionalProperties: false,
        required: parameters.filter(({ required }) => required).map(({ name }) => name),
        properties: Object.fromEntries(
          parameters.map(({ name, in: _in, required: _required, ...rules }) => [name, closed(rules)]),
        ),
      });
    },
  };
}

/** Swagger 2 as a JSON schema, closed: a property the model does not have is an error. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  const copy = Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('x-') && key !== 'example' && key !== 'format')
      .map(([key, element]) => [key, closed(element)]),
  );
  return copy.type === 'object' && 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}
