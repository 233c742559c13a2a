import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import {
  CONNECTION_DROPPED,
  type Partner,
  type PartnerAnswer,
  type PartnerRequest,
} from '../../local/partners/partner.ts';

const mediaSchema = z.record(z.string(), z.object({ schema: z.unknown() })).optional();
const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(
    z.union([
      z.object({ $ref: z.string() }),
      z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean() }),
    ]),
  ),
  requestBody: z.object({ content: mediaSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({
      content: mediaSchema,
      headers: z.record(z.string(), z.object({ required: z.boolean() })).optional(),
    }),
  ),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    parameters: z.record(
      z.string(),
      z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean() }),
    ),
  }),
});

/** docs/personal-data-provider.openapi.json as it stands. */
export function providerContract(): Record<string, unknown> {
  const file = new URL('../../docs/personal-data-provider.openapi.json', import.meta.url);
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The stand-in behind a clerk who holds every request and every answer against the contract, and says what breaks it. */
export function heldAgainstContract(
  partner: Partner,
  document: Record<string, unknown> = providerContract(),
): Partner & {
  readonly breaches: readonly string[];
  readonly operations: ReadonlySet<string>;
} {
  const { paths, components } = documentSchema.parse(document);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, 'contract');
  const breaches: string[] = [];
  const operations = new Set<string>();

  const check = (what: string, pointer: readonly string[], body: string): void => {
    const path = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const validate = ajv.compile({ $ref: `contract#/${encodeURI(path)}` });
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      breaches.push(`${what}: no JSON`);
      return;
    }
    if (!validate(value)) breaches.push(`${what}: ${ajv.errorsText(validate.errors)}`);
  };

  const checkRequest = (request: PartnerRequest): { path: string; method: string } | undefined => {
    const method = request.method.toLowerCase();
    const path = Object.keys(paths).find(
      (template) =>
        paths[template]?.[method] !== undefined &&
        new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(request.url.pathname),
    );
    const operation = path === undefined ? undefined : paths[path]?.[method];
    if (path === undefined || operation === undefined) {
      breaches.push(`${request.method} ${request.url.pathname}: no such operation`);
      return undefined;
    }
    operations.add(operation.operationId);
    for (const given of operation.parameters) {
      const parameter = '$ref' in given ? components.parameters[given.$ref.split('/').at(-1) ?? ''] : given;
      if (parameter === undefined || parameter.in === 'path' || !parameter.required) continue;
      const value =
        parameter.in === 'query'
          ? request.url.searchParams.get(parameter.name)
          : request.headers[parameter.name.toLowerCase()];
      if (!value) breaches.push(`${operation.operationId}: ${parameter.name} is missing`);
    }
    if (!/^Bearer [!-~]+$/.test(request.headers.authorization ?? '')) {
      breaches.push(`${operation.operationId}: no key`);
    }
    if (operation.requestBody === undefined) {
      if (request.body !== '') breaches.push(`${operation.operationId}: a body where there is none`);
    } else {
      const pointer = ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'];
      check(`${operation.operationId} request`, pointer, request.body);
    }
    return { path, method };
  };

  const checkAnswer = ({ path, method }: { path: string; method: string }, answer: PartnerAnswer): void => {
    const operation = paths[path]?.[method];
    const response = operation?.responses[String(answer.status)];
    const what = `${operation?.operationId} ${answer.status}`;
    if (response === undefined) {
      breaches.push(`${what}: not a status of this operation`);
      return;
    }
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      if (header.required && !answer.headers[name.toLowerCase()]) breaches.push(`${what}: no ${name}`);
    }
    const [type] = Object.keys(response.content ?? {});
    if (type === undefined) return;
    if (type === 'application/pdf') return;
    if (answer.headers['content-type'] !== type) breaches.push(`${what}: not ${type}`);
    check(
      what,
      ['paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'],
      answer.body,
    );
  };

  return {
    name: partner.name,
    hosts: partner.hosts,
    breaches,
    operations,
    answer(request) {
      const found = checkRequest(request);
      const answer = partner.answer(request);
      if (found !== undefined && answer !== CONNECTION_DROPPED) checkAnswer(found, answer);
      return answer;
    },
  };
}
