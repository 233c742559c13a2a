import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTrace } from '../trace.ts';
import { CONNECTION_DROPPED, type Partner, type PartnerAnswer, type PartnerRequest } from './partner.ts';
import { type PartnerProxy, startPartnerProxy } from './proxy.ts';

const trace = createTrace();
const requests: PartnerRequest[] = [];
const partner: Partner = {
  name: 'echo',
  hosts: ['partner.example'],
  answer(request): PartnerAnswer | typeof CONNECTION_DROPPED {
    requests.push(request);
    if (request.url.pathname === '/drop') return CONNECTION_DROPPED;
    if (request.url.pathname === '/bytes') {
      return {
        operation: 'bytes',
        status: 200,
        headers: {},
        body: '',
        bytes: Buffer.from([0, 200, 255, 10]),
      };
    }
    return { operation: 'echo', status: 201, headers: { 'x-partner': 'yes' }, body: `heard ${request.body}` };
  },
};

let folder: string;
let proxy: PartnerProxy;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxy-'));
  proxy = await startPartnerProxy([partner], folder, trace);
});
afterAll(async () => {
  await proxy.stop();
  await rm(folder, { recursive: true });
});

/** A process with a function's settings, which knows nothing of the proxy but them. */
async function fetchAsFunction(url: string, body: string, read = 'await answer.text()'): Promise<string> {
  const script = `
    const answer = await fetch(${JSON.stringify(url)}, { method: 'POST', body: ${JSON.stringify(body)} });
    process.stdout.write([answer.status, answer.headers.get('x-partner'), ${read}].join('|'));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: {
      HTTPS_PROXY: proxy.url,
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: proxy.caCertificateFile,
      NO_PROXY: '127.0.0.1,localhost',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return output === '' ? errors : output;
}

it("a function's TLS call to the partner's real host name is answered by the stand-in", async () => {
  expect(await fetchAsFunction('https://partner.example/orders?a=1', 'hello')).toBe('201|yes|heard hello');
  expect(requests.at(-1)).toMatchObject({ method: 'POST', body: 'hello' });
  expect(requests.at(-1)?.url.href).toBe('https://partner.example/orders?a=1');
  expect(trace.events.at(-1)).toMatchObject({
    what: 'partner-call',
    of: { partner: 'echo', operation: 'echo', status: 201 },
  });
});

it('an answer that is no text arrives byte by byte', async () => {
  const hex = "Buffer.from(await answer.arrayBuffer()).toString('hex')";
  expect(await fetchAsFunction('https://partner.example/bytes', '', hex)).toBe('200||00c8ff0a');
});

it('any other host is refused by name', async () => {
  expect(await fetchAsFunction('https://elsewhere.example/', '')).toContain(
    '502||The local stack knows no partner at elsewhere.example',
  );
  expect(trace.events.at(-1)).toMatchObject({ what: 'host-refused', of: { host: 'elsewhere.example' } });
});

it('a dropped connection reaches the caller as an error', async () => {
  expect(await fetchAsFunction('https://partner.example/drop', '')).toContain('fetch failed');
});
