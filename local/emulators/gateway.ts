import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { AccessRequest, FunctionAccess } from '../access.ts';
import type { Addresses } from '../addresses.ts';
import { BUCKET } from '../resource-types.ts';
import type { StackModel } from '../template.ts';
import type { Trace } from '../trace.ts';
import { isLargePut, putInParts } from './large-put.ts';
import { checkPresigned } from './presigned.ts';
import { requestedAccess, type Service, type ServiceCall, UnknownCall } from './requested-access.ts';

/**
 * The AWS endpoint of one service as functions and people see it: in front of the emulator, which knows no
 * permissions. A function's call is held against its role in the template; a call outside it is answered with the
 * service's own "access denied" and named in the trace. Bodies of S3 pass through as streams.
 */
export interface Gateway {
  readonly endpoint: string;
  /** From now on calls go to the emulator, checked against the template's roles. */
  open(
    emulatorEndpoint: string,
    model: StackModel,
    access: ReadonlyMap<string, FunctionAccess>,
    /** Of pages that call from a browser, where the buckets admit some. */
    addresses?: Addresses,
  ): void;
  stop(): Promise<void>;
}

interface Opened {
  readonly upstream: URL;
  readonly model: StackModel;
  readonly access: ReadonlyMap<string, FunctionAccess>;
  readonly addresses: Addresses | undefined;
}

/** Listens at once, so that the address can be written into queue URLs before there is anything behind it. */
export async function startGateway(service: Service, trace: Trace): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  let opened: Opened | undefined;

  const server: Server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // The caller or the emulator went away in the middle: nothing is left to answer to.
      if (!response.headersSent) {
        response.writeHead(503).end(error instanceof Error ? error.message : '');
      } else response.destroy();
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (opened === undefined) {
      response.writeHead(503).end();
      return;
    }
    // All but S3 talk in small JSON bodies, which say what the call is about.
    const body = service === 's3' ? '' : await text(incoming);
    const { method = 'GET', url = '/', headers } = incoming;
    if (service === 's3' && headers.origin !== undefined) {
      const admitted = admission(incoming, opened);
      for (const [name, value] of Object.entries(admitted ?? {})) response.setHeader(name, value);
      if (method === 'OPTIONS') {
        incoming.resume();
        if (admitted === undefined) answerS3(response, 403, 'AccessForbidden', 'CORSResponse');
        else response.writeHead(200).end();
        return;
      }
    }
    const presigned = service === 's3' ? checkPresigned({ method, url, headers }, Date.now()) : undefined;
    if (presigned?.problem !== undefined) {
      trace.add('presigned-refused', { problem: presigned.problem });
      incoming.resume();
      answerS3(response, 403, presigned.problem, 'The address is not good for this request.');
      return;
    }
    const denied = denial(service, { method, url, headers, body }, opened);
    if (denied !== undefined) {
      trace.add('access-denied', {
        function: denied.functionName,
        action: denied.action,
        resource: denied.resource,
      });
      incoming.resume();
      answerDenied(response, service, denied, opened.model);
      return;
    }
    const conditional =
      service === 's3' && ['PUT', 'POST'].includes(method) && headers['if-none-match'] === '*';
    // The emulator knows no conditions on a put.
    if (conditional && (await isThere(url, opened.upstream))) {
      incoming.resume();
      answerThere(response);
      return;
    }
    if (service === 's3' && isLargePut(method, url, headers)) {
      const emulator = { endpoint: opened.upstream.origin, region: opened.model.region };
      response.writeHead(200, { etag: await putInParts(emulator, url, headers, incoming) }).end();
      return;
    }
    await forward(incoming, response, body, opened.upstream);
  }

  /** Whether there is an object under the key that a put, or the end of an upload in parts, is for. */
  function isThere(url: string, upstream: URL): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { pathname: path } = new URL(url, upstream);
      const { hostname: host, port } = upstream;
      const head = request({ agent, host, port, method: 'HEAD', path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      head.once('error', reject);
      head.end();
    });
  }

  async function forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    body: string,
    upstream: URL,
  ): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          host: upstream.hostname,
          port: upstream.port,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers as OutgoingHttpHeaders,
        },
        resolve,
      );
      outgoing.once('error', reject);
      response.once('close', () => {
        if (!response.writableFinished) outgoing.destroy();
      });
      if (service === 's3') pipeline(incoming, outgoing).catch(reject);
      else outgoing.end(body);
    });
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    open(emulatorEndpoint, model, access, addresses) {
      opened = { upstream: new URL(emulatorEndpoint), model, access, addresses };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

/**
 * What a browser is told when a page of another origin asks: undefined when the bucket admits none such.
 * Source: Amazon S3 user guide, "Elements of a CORS configuration".
 */
function admission(
  { url = '/', method, headers }: IncomingMessage,
  { model, addresses }: Opened,
): Record<string, string> | undefined {
  const origin = headers.origin ?? '';
  const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : method;
  const bucketName = new URL(url, 'http://localhost').pathname.split('/')[1];
  const bucket = model.of(BUCKET).find(({ name }) => name === bucketName);
  const rule = bucket?.properties.CorsConfiguration?.CorsRules.find(
    ({ AllowedMethods, AllowedOrigins }) =>
      AllowedMethods.includes(asked ?? '') &&
      AllowedOrigins.some((allowed) => isOrigin(allowed, addresses?.there(origin) ?? origin)),
  );
  if (rule === undefined) return undefined;
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': String(rule.MaxAge),
    vary: 'Origin',
  };
}

/** One `*` stands for any text. */
function isOrigin(allowed: string, origin: string): boolean {
  const [before = '', after] = allowed.split('*');
  if (after === undefined) return allowed === origin;
  return origin.length >= before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}

function answerThere(response: ServerResponse): void {
  response
    .writeHead(412, { 'content-type': 'application/xml' })
    .end(
      '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
        '<Message>At least one of the pre-conditions you specified did not hold</Message><Condition>If-None-Match</Condition></Error>',
    );
}

interface Denied {
  readonly functionName: string;
  readonly roleName: string;
  readonly action: string;
  readonly resource: string;
}

/** What of a function's call its role does not allow; undefined when all of it is allowed, or a person calls. */
function denial(service: Service, call: ServiceCall, { model, access }: Opened): Denied | undefined {
  // In the address where it is presigned, otherwise in a header.
  const [, accessKeyId = ''] =
    /Credential=([^/%]+)(?:\/|%2F)/.exec(call.headers.authorization ?? call.url) ?? [];
  const caller = access.get(accessKeyId);
  if (caller === undefined) return undefined;
  const { functionName, roleName } = caller;
  let wanted: AccessRequest[];
  try {
    wanted = requestedAccess(service, call, model);
  } catch (error) {
    if (!(error instanceof UnknownCall)) throw error;
    return { functionName, roleName, action: error.message, resource: '' };
  }
  const refused = wanted.find((request) => !caller.allows(request));
  return refused === undefined
    ? undefined
    : { functionName, roleName, action: refused.action, resource: refused.resource };
}

function answerS3(response: ServerResponse, status: number, code: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
}

function answerDenied(response: ServerResponse, service: Service, denied: Denied, model: StackModel): void {
  const message =
    `User: arn:aws:sts::${model.accountId}:assumed-role/${denied.roleName}/${denied.functionName} is not authorized ` +
    `to perform: ${denied.action} on resource: ${denied.resource} because no identity-based policy allows it`;
  switch (service) {
    case 's3':
      answerS3(response, 403, 'AccessDenied', message);
      return;
    case 'sqs':
      response
        .writeHead(403, {
          'content-type': 'application/x-amz-json-1.0',
          'x-amzn-query-error': 'AccessDenied;Sender',
        })
        .end(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
      return;
    default:
      response
        .writeHead(400, {
          'content-type':
            service === 'dynamodb' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1',
        })
        .end(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
  }
}
