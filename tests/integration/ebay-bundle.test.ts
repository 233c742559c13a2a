import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../infra/constructs/bundle.ts';
import { createEbayDemo, DEMO_EBAY } from '../../local/partners/ebay/demo-shop.ts';
import { type PartnerProxy, startPartnerProxy } from '../../local/partners/proxy.ts';
import { createTrace } from '../../local/trace.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let proxy: PartnerProxy;

beforeAll(async () => {
  mkdirSync(join(root, '.local'), { recursive: true });
  folder = mkdtempSync(join(root, '.local', 'ebay-bundle-'));
  proxy = await startPartnerProxy([createEbayDemo(Date.now())], folder, createTrace());
});
afterAll(async () => {
  await proxy.stop();
  rmSync(folder, { recursive: true });
});

/** What a bundled program prints that knows the proxy only by its environment, like a function of the local stack. */
async function printedBy(program: string): Promise<unknown> {
  const entry = join(folder, 'program.ts');
  const output = join(folder, 'program.mjs');
  writeFileSync(entry, program);
  bundle(entry, output);
  const child = spawn(process.execPath, [output], {
    env: {
      HTTPS_PROXY: proxy.url,
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: proxy.caCertificateFile,
      NO_PROXY: '127.0.0.1,localhost',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (printed === '') throw new Error(errors);
  return JSON.parse(printed);
}

test('the library as it is bundled, with the lighter build of its HTTP client, reaches eBay by name and TLS', async () => {
  const { appId, certId, ruName, refreshToken } = DEMO_EBAY;
  const adapters = join(root, 'shared/adapters/ebay');
  const program = `
    import { createEbayClient } from ${JSON.stringify(join(adapters, 'client.ts'))};
    import { createEbayAccountProbe } from ${JSON.stringify(join(adapters, 'account-probe.ts'))};
    import { createEbayOrderSource } from ${JSON.stringify(join(adapters, 'orders.ts'))};
    const credentials = ${JSON.stringify({ appId, certId, ruName, refreshToken })};
    const clock = { now: Date.now };
    const client = createEbayClient(credentials, clock);
    const source = createEbayOrderSource(async () => client);
    const [from, until] = [30 * 86_400_000, 120_000].map((ago) => new Date(Date.now() - ago).toISOString());
    const page = await source.fetchPage({ accountId: 'demo', siteIds: ['EBAY_IT'], from, until }, undefined);
    const findings = await createEbayAccountProbe(clock).probe(credentials, ['EBAY_IT']);
    console.log(JSON.stringify({ orders: page.orders.length, findings }));`;
  expect(await printedBy(program)).toEqual({
    orders: 8,
    findings: {
      accountId: DEMO_EBAY.userId,
      shopName: DEMO_EBAY.username,
      sites: [{ siteId: 'EBAY_IT', name: 'eBay.it', active: true }],
      missing: ['signing key'],
    },
  });
});
