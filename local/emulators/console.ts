import { readdir, readFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { Addresses } from '../addresses.ts';
import type { Assembly } from '../assembly.ts';
import { BUCKET_DEPLOYMENT, DISTRIBUTION, RESPONSE_HEADERS_POLICY } from '../resource-types.ts';
import { type StackModel, TemplateRefused } from '../template.ts';

/** What the copier guesses from a file's name. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/** CloudFront's place: the files that the template copies into its bucket, the API beside them, its headers on both. */
export interface ConsoleEmulator {
  readonly endpoint: string;
  /** From now on there is something behind the address. */
  open(model: StackModel, assembly: Assembly, addresses: Addresses): Promise<void>;
  stop(): Promise<void>;
}

interface ServedFile {
  readonly body: Buffer;
  readonly compressed: Buffer;
  readonly headers: OutgoingHttpHeaders;
}

interface Opened {
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly rootObject: string;
  /** Path patterns that lead elsewhere, each with the host behind it. */
  readonly elsewhere: readonly {
    readonly pattern: RegExp;
    readonly host: string;
    readonly headers: Headers;
  }[];
  readonly headers: Headers;
}
type Headers = Readonly<Record<string, string>>;

/** Listens at once: people come back to this address when they have signed in. */
export async function startConsole(): Promise<ConsoleEmulator> {
  let opened: Opened | undefined;

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (opened === undefined) {
      response.writeHead(503).end();
      return;
    }
    const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
    const leads = opened.elsewhere.find(({ pattern }) => pattern.test(pathname));
    if (leads !== undefined) {
      await forward(incoming, response, leads.host, leads.headers);
      return;
    }
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
      response.writeHead(403, opened.headers).end();
      return;
    }
    const file = opened.files.get(
      pathname === '/' ? opened.rootObject : decodeURIComponent(pathname.slice(1)),
    );
    if (file === undefined) {
      // S3 tells nobody who may not list whether a file is missing or forbidden.
      response.writeHead(403, { 'content-type': 'text/plain', ...opened.headers }).end('AccessDenied');
      return;
    }
    const compressed = /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''));
    response
      .writeHead(200, {
        ...file.headers,
        ...(compressed ? { 'content-encoding': 'gzip' } : {}),
        vary: 'accept-encoding',
        ...opened.headers,
      })
      .end(compressed ? file.compressed : file.body);
  }

  async function forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    host: string,
    headers: Headers,
  ): Promise<void> {
    const [hostname, port] = host.split(':');
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(
        {
          hostname,
          port,
          method: incoming.method,
          path: incoming.url,
          headers: { ...(incoming.headers as OutgoingHttpHeaders), host },
        },
        resolve,
      );
      outgoing.once('error', reject);
      response.once('close', () => {
        if (!response.writableFinished) outgoing.destroy();
      });
      pipeline(incoming, outgoing).catch(reject);
    });
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...headers });
    await pipeline(answer, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async open(model, assembly, addresses) {
      opened = await read(model, assembly, addresses);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(model: StackModel, assembly: Assembly, addresses: Addresses): Promise<Opened> {
  const [distribution, ...more] = model.of(DISTRIBUTION);
  if (distribution === undefined || more.length > 0)
    throw new TemplateRefused('one distribution is served here');
  const { DefaultCacheBehavior, CacheBehaviors, DefaultRootObject, Origins } =
    distribution.properties.DistributionConfig;
  const policies = new Map(
    model.of(RESPONSE_HEADERS_POLICY).map(({ ref, properties }) => {
      const { SecurityHeadersConfig, CustomHeadersConfig } = properties.ResponseHeadersPolicyConfig;
      const { ContentSecurityPolicy, FrameOptions, ReferrerPolicy } = SecurityHeadersConfig;
      const headers: Headers = {
        'content-security-policy': addresses.here(ContentSecurityPolicy.ContentSecurityPolicy),
        'x-content-type-options': 'nosniff',
        'x-frame-options': FrameOptions.FrameOption,
        'referrer-policy': ReferrerPolicy.ReferrerPolicy,
        ...Object.fromEntries(CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value])),
      };
      return [ref, headers] as const;
    }),
  );
  const headersOf = (id: string): Headers => {
    const headers = policies.get(id);
    if (headers === undefined) throw new TemplateRefused(`${distribution.logicalId}: no headers ${id}`);
    return headers;
  };
  return {
    files: await deployedFiles(model, assembly, addresses),
    rootObject: DefaultRootObject,
    headers: headersOf(DefaultCacheBehavior.ResponseHeadersPolicyId),
    elsewhere: CacheBehaviors.map(({ PathPattern, TargetOriginId, ResponseHeadersPolicyId }) => ({
      pattern: new RegExp(`^${PathPattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`),
      host: Origins.find(({ Id }) => Id === TargetOriginId)?.DomainName ?? '',
      headers: headersOf(ResponseHeadersPolicyId),
    })),
  };
}

/** What the bucket holds after a deployment, by key. */
async function deployedFiles(
  model: StackModel,
  assembly: Assembly,
  addresses: Addresses,
): Promise<ReadonlyMap<string, ServedFile>> {
  const files = new Map<string, ServedFile>();
  for (const { logicalId, properties } of model.of(BUCKET_DEPLOYMENT)) {
    const { SourceObjectKeys, SourceMarkers, DestinationBucketKeyPrefix, SystemMetadata } = properties;
    for (const [index, key] of SourceObjectKeys.entries()) {
      const folder = assembly.assetFolders.get(key.replace(/\.zip$/, ''));
      if (folder === undefined) throw new TemplateRefused(`${logicalId}: asset ${key} is not there`);
      const markers = Object.entries(SourceMarkers[index] ?? {});
      for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        let body: Buffer = await readFile(path);
        if (markers.length > 0) {
          const filled = markers.reduce(
            (text, [marker, value]) => text.replaceAll(marker, value),
            body.toString(),
          );
          body = Buffer.from(addresses.here(filled));
        }
        files.set(join(DestinationBucketKeyPrefix, relative(folder, path)), {
          body,
          compressed: gzipSync(body),
          headers: {
            'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
            'cache-control': SystemMetadata['cache-control'],
          },
        });
      }
    }
  }
  return files;
}
