import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderPageSchema } from '../../events/http/orders.ts';
import { openDemoChannels, pullOrders, REPORT_CHANNEL } from '../../local/demonstration.ts';
import { type LocalStack, start } from '../../local/main.ts';
import { demoSettlement } from '../../local/partners/amazon/demo-settlement.ts';
import { signIn } from '../../local/sign-in.ts';
import { launchBrowser, type Visit, violations, visit } from './browser.ts';

/** The console in a real browser, before the synthesised stack with the headers of its template. */

let stack: LocalStack;
let browser: Browser;
let owner: Visit;
let newest: string;

beforeAll(async () => {
  browser = await launchBrowser();
  stack = await start({ tenant: 'demo' });
  await openDemoChannels(stack);
  await pullOrders(stack);
  const token = await signIn(stack.endpoints.people, 'owner');
  const answer = await fetch(`${stack.endpoints.api}/v1/orders?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  newest = orderPageSchema.parse(await answer.json()).orders[0]?.marketplaceOrderId ?? '';
  owner = await visit(browser, stack.endpoints.console, 'owner');
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** A folder for a picture of every page, to be looked at. */
const { SCREENSHOTS } = process.env;

const PAGES = [
  ['#/ordini', 'Ordini'],
  ['#/scadenze', 'Scadenze'],
  ['#/spedizioni', 'Spedizioni'],
  ['#/riconciliazioni', 'Riconciliazioni'],
  ['#/canali', 'Canali'],
  ['#/canali/nuovo', 'Apri un canale'],
  ['#/da-risolvere', 'Da risolvere'],
  ['#/attivita', 'Attività'],
] as const;

it('lists the orders after the sign-in, and opens one', async () => {
  const { page, complaints } = owner;
  const link = page.getByText(newest).first();
  await link.waitFor();
  await link.click();
  await page.waitForURL(/#\/ordini\/\w+\/.+/);
  await page.getByRole('heading', { name: newest }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it('takes a payment report from the page into the bucket, and shows what came of it', async () => {
  const { page, complaints } = owner;
  await page.goto(`${stack.endpoints.console}/#/riconciliazioni`);
  await page.getByLabel('Canale').selectOption(REPORT_CHANNEL);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'scegli il file' }).click();
  await (await chooser).setFiles({
    name: 'settlement.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(demoSettlement(stack.demoBeganAtMs)),
  });
  await page.getByRole('row', { name: /settlement\.txt.*Torna al centesimo/ }).waitFor();
  await page.getByRole('link', { name: 'settlement.txt' }).click();
  await page.getByRole('heading', { level: 1, name: 'settlement.txt' }).waitFor();
  await page.locator('main .spinner').waitFor({ state: 'detached' });
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

describe.each([
  ['on a desk', { width: 1280, height: 800 }],
  ['on a phone', { width: 390, height: 844 }],
])('%s', (_where, size) => {
  it.each(PAGES)('%s has nothing that axe or the browser complains of, and fits', async (path, title) => {
    const { page, complaints } = owner;
    await page.setViewportSize(size);
    await page.goto(`${stack.endpoints.console}/${path}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.locator('main .spinner').waitFor({ state: 'detached' });
    if (SCREENSHOTS !== undefined)
      await page.screenshot({ path: `${SCREENSHOTS}/${title}-${size.width}.png` });
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(wider)).toBe(0);
  });
});

it('keeps no token where another script or a later person could read it', async () => {
  const kept = await owner.page.evaluate(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
  );
  expect(kept).not.toMatch(/eyJ|access_token|code=/);
});

it('shows what cannot be read as an error, with a way to try again', async () => {
  const { page, context } = await visit(browser, stack.endpoints.console, 'operator');
  await page.route('**/v1/shipments*', (route) => route.fulfill({ status: 403, body: '' }));
  await page.goto(`${stack.endpoints.console}/#/spedizioni`);
  await page.getByRole('alert').waitFor();
  await context.close();
});

it('runs no script that is put into the page', async () => {
  const { page, complaints } = owner;
  await page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
  );
  expect(await page.evaluate('typeof window.ran')).toBe('undefined');
  expect(complaints.splice(0).join()).toContain('Content Security Policy');
});

it('asks who it is again after the sign-out', async () => {
  const { page, context } = await visit(browser, stack.endpoints.console, 'operator');
  await page.getByRole('button', { name: 'Esci' }).click();
  await page.getByRole('button', { name: 'owner', exact: true }).waitFor();
  await context.close();
});
