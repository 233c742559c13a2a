import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { channelListSchema, channelSchema } from '../events/http/channels.ts';
import { orderPageSchema } from '../events/http/orders.ts';
import { associationSchema, receiptSettingsSchema } from '../events/http/receipt-settings.ts';
import {
  issuedReceiptsSchema,
  previewedReceiptsSchema,
  receiptFileSchema,
  receiptPageSchema,
  receiptSchema,
} from '../events/http/receipts.ts';
import { untilSettled } from './demonstration.ts';
import type { LocalStack } from './main.ts';
import { type PeoplesApi, peoplesApi } from './peoples-api.ts';
import { StartFailure } from './start-failure.ts';

/** The invented shop, as it stands on its documents. */
const SELLER = {
  legalName: 'Bottega Dimostrativa Srl',
  addressLines: ['Via di Prova 1'],
  postalCode: '60100',
  city: 'Ancona',
  province: 'AN',
  country: 'IT',
  vatNumber: 'IT00000000000',
  email: 'ufficio@bottega.example',
} as const;

type ReceiptNamed = Pick<
  z.output<typeof receiptPageSchema>['receipts'][number],
  'marketplace' | 'marketplaceOrderId' | 'receipt'
>;

/** A receipt from its number to its marketplace. */
export interface ShownReceipt {
  readonly channel: string;
  readonly marketplace: string;
  readonly marketplaceOrderId: string;
  readonly number: string;
  readonly gross: string;
  readonly currency: string;
  /** Where it lies, and how large it was when it was downloaded. */
  readonly pdf: { readonly bucket: string; readonly key: string; readonly bytes: number };
  /** Where it stands at its marketplace, in both languages. */
  readonly upload: { readonly state: string; readonly it: string; readonly en: string } | null;
  /** The marketplace holds the very bytes that were downloaded. */
  readonly isHeld: boolean;
}

/**
 * Issues a receipt of one order of each channel as people do, through the HTTP API: the owner says who sells and associates
 * the channels with the built-in issuer, the accountant looks at what would be issued, issues it and downloads the PDFs.
 */
export async function issueDemoReceipts(
  stack: LocalStack,
  signal?: AbortSignal,
): Promise<readonly ShownReceipt[]> {
  const owner = await peoplesApi(stack, 'owner');
  const accountant = await peoplesApi(stack, 'accountant');
  await setUp(owner);

  // Where the state of a run before was kept, so were its receipts.
  const month = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' }).slice(0, 7);
  const kept = await accountant('GET', `/v1/receipts?month=${month}&limit=100`, receiptPageSchema);
  const named = kept.receipts.length > 0 ? kept.receipts : await issue(accountant);
  await untilSettled(stack, 'Ricevute · Receipts', signal);
  const shown: ShownReceipt[] = [];
  for (const each of named) shown.push(await show(stack, accountant, each));
  return shown;
}

/** What the owner does once: who sells, and who issues the receipts of each channel. */
async function setUp(owner: PeoplesApi): Promise<void> {
  const settings = await owner('GET', '/v1/receipt-settings', receiptSettingsSchema);
  if (!settings.configured) {
    const { series, rules, vat, version } = settings;
    const body = { seller: SELLER, series, rules, vat };
    await owner('PUT', '/v1/receipt-settings', receiptSettingsSchema, body, version);
  }
  const { channels } = await owner('GET', '/v1/channels', channelListSchema);
  for (const { channelId } of channels) {
    const issuer = `/v1/channels/${channelId}/receipt-issuer`;
    const { association, version } = await owner('GET', issuer, associationSchema);
    if (association !== null) continue;
    await owner('PUT', issuer, associationSchema, { issuer: 'built-in' }, version);
    const receipts = `/v1/channels/${channelId}/switches/receipts`;
    await owner('PUT', receipts, channelSchema, { on: true }, version + 1);
  }
}

/** Issues the receipt of one order of each channel: the newest shipped one that can have one, or else the newest. */
async function issue(accountant: PeoplesApi): Promise<readonly ReceiptNamed[]> {
  const { orders } = await accountant('GET', '/v1/orders?limit=100', orderPageSchema);
  // Amazon takes the documents of shipped orders only.
  const listed = [...orders].sort((a, b) => Number(b.status === 'shipped') - Number(a.status === 'shipped'));
  const asked = listed.map(({ marketplace, marketplaceOrderId }) => ({
    marketplace,
    orderNumber: marketplaceOrderId,
  }));
  const previews = await accountant('POST', '/v1/receipt-previews', previewedReceiptsSchema, {
    orders: asked,
  });
  const chosen = new Map<string, (typeof asked)[number]>();
  for (const [at, { problem }] of previews.results.entries()) {
    const [order, { channel = '' } = {}] = [asked[at], listed[at]];
    if (problem === null && order !== undefined && !chosen.has(channel)) chosen.set(channel, order);
  }
  const { results } = await accountant('POST', '/v1/receipts', issuedReceiptsSchema, {
    orders: [...chosen.values()],
  });
  return results.map(({ orderNumber, problem, receipt }) => {
    if (receipt !== null) return receipt;
    throw new StartFailure(`Ricevuta di · receipt of ${orderNumber}: ${problem?.code}`);
  });
}

async function show(
  stack: LocalStack,
  accountant: PeoplesApi,
  { marketplace, marketplaceOrderId, receipt }: ReceiptNamed,
): Promise<ShownReceipt> {
  const path = `/v1/orders/${marketplace}/${marketplaceOrderId}/receipts/${receipt}`;
  const issued = await accountant('GET', path, receiptSchema);
  const { channel, number, gross, currency, upload } = issued;
  if (issued.state !== 'issued' || number === null) {
    throw new StartFailure(
      `Ricevuta di ${marketplaceOrderId}: non emessa · receipt of ${marketplaceOrderId}: not issued (${issued.state}).\n` +
        `Registri e cronologia · logs and trace: ${stack.logFolder}`,
    );
  }
  const { url } = await accountant('GET', `${path}/file`, receiptFileSchema);
  const pdf = Buffer.from(await (await fetch(url)).arrayBuffer());
  const [bucket = '', ...key] = decodeURIComponent(new URL(url).pathname.slice(1)).split('/');
  const sha256 = createHash('sha256').update(pdf).digest('hex');
  return {
    ...{ channel, marketplace, marketplaceOrderId, number, gross, currency },
    pdf: { bucket, key: key.join('/'), bytes: pdf.byteLength },
    upload: upload && { state: upload.state, it: upload.why.it, en: upload.why.en },
    isHeld: heldBy(stack, marketplace, marketplaceOrderId).includes(sha256),
  };
}

/** What the marketplace itself has of the order: the SHA-256 of each document. */
function heldBy(stack: LocalStack, marketplace: string, orderNumber: string): readonly string[] {
  if (marketplace === 'manomano') return stack.manomano.documents(orderNumber).map(({ sha256 }) => sha256);
  return marketplace === 'amazon' ? stack.amazon.invoices(orderNumber).map(({ sha256 }) => sha256) : [];
}
