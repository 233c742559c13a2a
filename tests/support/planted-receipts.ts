import {
  createIssueDueReceiptsHandler,
  createIssueReceiptsHandler,
} from '../../functions/issue-receipts/handler.ts';
import { createIssuerStandIn } from '../../local/partners/bitztobe/stand-in.ts';
import { CONNECTION_DROPPED, type Partner } from '../../local/partners/partner.ts';
import { createBitztobeAssociations } from '../../shared/adapters/bitztobe/associations.ts';
import { createIssuerClient } from '../../shared/adapters/bitztobe/client.ts';
import { createBitztobeIssuer } from '../../shared/adapters/bitztobe/issuer.ts';
import { createBuiltInIssuer } from '../../shared/adapters/built-in-issuer/issuer.ts';
import { readFonts } from '../../shared/adapters/pdf/fonts.ts';
import { createReceiptRenderer } from '../../shared/adapters/pdf/renderer.ts';
import { orderId } from '../../shared/domain/order.ts';
import type { ReceiptIssued } from '../../shared/domain/receipt.ts';
import type { ReceiptRenderer } from '../../shared/ports/receipt-renderer.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import type { IssueReceiptsDeps } from '../../shared/usecases/issue-receipts.ts';
import {
  type AskForReceiptsDeps,
  askForReceipts,
  type ReceiptFinishJob,
} from '../../shared/usecases/receipts-for-people.ts';
import { finishStoredReceipt, resumeReceipts } from '../../shared/usecases/retry-receipt.ts';
import { MemoryJobQueue } from './memory/job-queue.ts';
import { MemoryReceiptFiles } from './memory/receipt-files.ts';
import { MemoryReceiptSettingsStore } from './memory/receipt-store.ts';
import { partnerFetch } from './partner-fetch.ts';
import { PLANTED } from './planted-people.ts';
import { receiptSettings } from './receipts.ts';
import { sqsEventOf } from './sqs-event.ts';

const KEY = 'issuer-key-0001';
const ACCOUNT = 'shop-1';
const HOST = 'receipts.example';
/** Of the demonstration shop; the first is made by us, the others by an issuer that numbers. */
const ORDERS = [
  orderId('amazon', '300-0000005-0000005'),
  orderId('ebay', '10-00001-00001'),
  orderId('manomano', 'M2600000000001'),
];
/** Longer than an issuer that failed is left alone. */
const LATER_MS = 30 * 60_000;
const CONTEXT = { getRemainingTimeInMillis: () => 600_000 };
const drawing = createReceiptRenderer(readFonts());
const drawn = new Map<string, Promise<Uint8Array>>();
/** The same page is the same bytes: it is drawn once for all runs. */
const renderer: ReceiptRenderer = {
  render(page) {
    const key = JSON.stringify(page);
    const pdf = drawn.get(key) ?? drawing.render(page);
    drawn.set(key, pdf);
    return pdf;
  },
};

/** Who issues the receipts of a planted channel. */
export function plantedIssuer(marketplace: string): 'built-in' | 'bitztobe' {
  return marketplace === 'amazon' ? 'built-in' : 'bitztobe';
}

/** An issuer whose refusals quote the person while `broken`; channels are associated with it all the same. */
function quotingIssuer(broken: () => boolean, now: () => number): Pick<Partner, 'hosts' | 'answer'> {
  const issuer = createIssuerStandIn({
    ...{ host: HOST, apiKey: KEY, issuerAccountId: ACCOUNT, now },
    makingMs: 0,
  });
  let refusals = 0;
  return {
    hosts: issuer.hosts,
    answer(request) {
      const answer = issuer.answer(request);
      const isAssociation = request.url.pathname.includes('/associations/');
      if (isAssociation || !broken() || answer === CONNECTION_DROPPED) return answer;
      refusals += 1;
      const status = refusals % 2 === 0 ? 422 : 500;
      const violations = [{ field: `${PLANTED} quoted`, code: PLANTED }];
      const body = JSON.stringify({ status, code: PLANTED, detail: `${PLANTED} quoted`, violations });
      return { operation: 'quoted', status, headers: { 'content-type': 'application/problem+json' }, body };
    },
  };
}

/** Receipts asked for by a person, made by their queue and, what was not finished, by the run of each minute. */
export async function issuePlantedReceipts(
  shop: Pick<AskForReceiptsDeps, 'activities' | 'channels'> & {
    readonly orders: IssueReceiptsDeps['orders'];
    readonly buyers: IssueReceiptsDeps['buyers'];
    readonly channels: IssueReceiptsDeps['channels'];
    readonly receipts: ReceiptStore;
  },
  sinks: Pick<Parameters<typeof createIssueReceiptsHandler>[0], 'logger' | 'metrics'>,
  perform: (work: () => Promise<unknown>) => Promise<unknown>,
  clock: { nowMs: number; now(): number },
  isBroken: () => boolean,
) {
  const files = new MemoryReceiptFiles();
  const issued = new MemoryJobQueue<ReceiptIssued>();
  const finishing = new MemoryJobQueue<ReceiptFinishJob>();
  const bitztobe = { baseUrl: `https://${HOST}`, issuerAccountId: ACCOUNT };
  let calls = 0;
  const client = createIssuerClient(
    () => {
      calls += 1;
      return `request-${String(calls).padStart(4, '0')}`;
    },
    partnerFetch(quotingIssuer(isBroken, clock.now)),
  );
  const deps = {
    ...shop,
    settings: new MemoryReceiptSettingsStore(receiptSettings({ bitztobe })),
    ...{ files, issued, finishing, clock },
    issuers: {
      'built-in': createBuiltInIssuer(renderer, files),
      bitztobe: createBitztobeIssuer(client, async () => ({ ...bitztobe, apiKey: KEY }), shop.receipts),
    },
    actor: 'accountant',
  };
  const associations = createBitztobeAssociations(client);
  for (const channelId of ['ebay-it', 'manomano-it']) {
    const wanted = { channelId, language: 'it', automaticFrom: undefined } as const;
    await associations.associate({ ...bitztobe, apiKey: KEY }, wanted);
  }
  const requests = ORDERS.map((each) => ({ orderId: each }));
  // Twice: who got no answer asks again.
  for (let asked = 0; asked < 2; asked += 1) await perform(() => askForReceipts(deps, requests));
  const make = createIssueReceiptsHandler({
    finish: (receiptId) => finishStoredReceipt(deps, receiptId),
    ...sinks,
  });
  for (const { job } of finishing.sent) await perform(() => make(sqsEventOf(JSON.stringify(job))));
  const makeDue = createIssueDueReceiptsHandler({
    resume: (remainingMs) => resumeReceipts(deps, remainingMs),
    sweep: async () => [],
    issueDue: async () => ({ done: 0, waiting: 0, failures: [] }),
    now: clock.now,
    ...sinks,
  });
  clock.nowMs += LATER_MS;
  await perform(() => makeDue({}, CONTEXT));
  return {
    /** All that was queued. */
    sent: [...finishing.sent, ...issued.sent].map((each) => JSON.stringify(each)),
    pdfs: files.objects,
  };
}
