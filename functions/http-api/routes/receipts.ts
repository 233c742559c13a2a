import { createHash } from 'node:crypto';
import { receiptTexts } from '../../../shared/domain/texts/receipts/index.ts';
import { Problem, type ProblemKind } from '../../../shared/runtime/http-problem.ts';
import { ExportTooLargeError } from '../../../shared/usecases/export-receipts.ts';
import { previewReceipts } from '../../../shared/usecases/issue-receipts.ts';
import { type KeepExportDeps, keepExport } from '../../../shared/usecases/keep-export.ts';
import {
  listedReceipt,
  namedOrder,
  namedReceipt,
  receiptDetail,
  shownPreview,
  shownRequest,
  shownTotals,
  wantedReversal,
} from '../../../shared/usecases/named-receipts.ts';
import { uploadsOf } from '../../../shared/usecases/receipt-uploads-for-people.ts';
import {
  type AskForReceiptsDeps,
  askForReceipts,
  askForRetry,
  askForReversal,
  type LinkToReceiptDeps,
  linkToReceipt,
  listReceipts,
  listSeries,
  listUnfinished,
  type ReadReceiptsDeps,
  readReceipt,
  receiptsOfOrder,
} from '../../../shared/usecases/receipts-for-people.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Answered, Asked, ReceiptImplementations } from '../implementation.ts';

export type ReceiptRoutesDeps = Omit<AskForReceiptsDeps, 'actor' | 'receipts'> &
  Omit<KeepExportDeps, 'actor' | 'receipts' | 'shelf'> & {
    readonly shelf: KeepExportDeps['shelf'] & LinkToReceiptDeps['shelf'];
    readonly receipts: AskForReceiptsDeps['receipts'] & ReadReceiptsDeps['receipts'];
    readonly uploads: Parameters<typeof uploadsOf>[0]['uploads'];
  };
type Requested = Awaited<ReturnType<typeof askForRetry>>;
type Refusal = Extract<Requested, { outcome: 'refused' }>;

export function receiptRoutes(
  deps: ReceiptRoutesDeps,
): Pick<
  ReceiptImplementations,
  | 'issueReceipts'
  | 'previewReceipts'
  | 'listReceipts'
  | 'listUnfinishedReceipts'
  | 'listOrderReceipts'
  | 'readReceipt'
  | 'readReceiptFile'
  | 'retryReceipt'
  | 'reverseReceipt'
  | 'listReceiptSeries'
  | 'exportReceipts'
> {
  type Receipts = Awaited<ReturnType<typeof listReceipts>>['receipts'];
  const withUploads = async (receipts: Receipts) => {
    const uploads = await uploadsOf(
      deps,
      receipts.map(({ receiptId }) => receiptId),
    );
    return receipts.map((receipt) => ({ receipt, upload: uploads.get(receipt.receiptId) }));
  };
  const listed = async (receipts: Receipts) =>
    (await withUploads(receipts)).map(({ receipt, upload }) => listedReceipt(receipt, upload));
  const detailed = async (receipts: Receipts) =>
    (await withUploads(receipts)).map(({ receipt, upload }) => receiptDetail(receipt, upload));

  return {
    async issueReceipts({ body: { orders }, caller }) {
      const acting = { ...deps, actor: caller.subject };
      const requested = await askForReceipts(acting, orders.map(requestOf));
      return { body: { results: answersTo(orders, requested.map(shownRequest)) } };
    },

    async previewReceipts({ body: { orders }, caller }) {
      const requests = orders.map((order) => ({ ...requestOf(order), requestedBy: caller.subject }));
      const previewed = await previewReceipts(deps, requests);
      return { body: { results: answersTo(orders, previewed.map(shownPreview)) } };
    },

    async listReceipts({ query: { month, state, channel, limit, cursor } }) {
      const filter = { month, state, channelId: channel };
      const list = `receipts ${JSON.stringify(filter)}`;
      const page = await listReceipts(deps, { ...filter, limit, cursor: openCursor(cursor, list) });
      return {
        body: { receipts: await listed(page.receipts), cursor: sealCursor(page.cursor, list) },
      };
    },

    async listUnfinishedReceipts({ query: { limit, cursor } }) {
      const list = 'unfinished receipts';
      const page = await listUnfinished(deps, { limit, cursor: openCursor(cursor, list) });
      return {
        body: { receipts: await listed(page.receipts), cursor: sealCursor(page.cursor, list) },
      };
    },

    async listOrderReceipts({ params: { marketplace, orderNumber } }) {
      const found = await receiptsOfOrder(deps, { marketplace, marketplaceOrderId: orderNumber });
      if (found === undefined) throw new Problem('not-found');
      const { receipts, offered } = found;
      return { body: { receipts: await detailed(receipts), offeredReversal: offered ?? null } };
    },

    async readReceipt({ params }) {
      const receipt = await readReceipt(deps, idOf(params));
      if (receipt === undefined) throw new Problem('not-found');
      const [shown = receiptDetail(receipt, undefined)] = await detailed([receipt]);
      return { body: shown };
    },

    async readReceiptFile({ params, caller }) {
      const link = await linkToReceipt({ ...deps, actor: caller.subject }, idOf(params));
      if (link === undefined) throw new Problem('not-found');
      const { url, expiresAt, file } = link;
      return { body: { url, expiresAt, sha256: file.sha256, sizeBytes: file.sizeBytes } };
    },

    async retryReceipt({ params, query, caller }) {
      const acting = { ...deps, actor: caller.subject };
      return stored(await askForRetry(acting, idOf(params), query.confirmedRed !== undefined));
    },

    async reverseReceipt({ params, body, caller, requestKey }) {
      const receiptId = idOf(params);
      const receipt = await readReceipt(deps, receiptId);
      if (receipt === undefined) throw new Problem('not-found');
      const wanted = wantedReversal(receipt, body);
      if (wanted === undefined) throw refused({ problem: 'reversal-exceeds', details: [] });
      const request = createHash('sha256').update(requestKey).digest('hex').slice(0, 24);
      const acting = { ...deps, actor: caller.subject };
      const { reason, confirmedRed } = body;
      return stored(await askForReversal(acting, { receiptId, request, wanted, reason, confirmedRed }));
    },

    async listReceiptSeries() {
      const series = await listSeries(deps);
      return {
        body: { series: series.map(({ sellerId, ...each }) => ({ sellerVatNumber: sellerId, ...each })) },
      };
    },

    async exportReceipts({ body, caller }) {
      try {
        const kept = await keepExport({ ...deps, actor: caller.subject }, body);
        const { fileName, url, expiresAt, documents } = kept;
        return { body: { fileName, url, expiresAt, documents, totals: shownTotals(kept) } };
      } catch (error) {
        if (error instanceof ExportTooLargeError) throw new Problem('refused', TOO_LARGE);
        if (error instanceof RangeError) throw new Problem('refused', NO_PERIOD);
        throw error;
      }
    },
  };
}

const TOO_LARGE = {
  code: 'export-too-large',
  words: {
    detail: 'Il periodo ha più di 20.000 documenti: scegli un periodo più breve.',
    detailEn: 'The period has more than 20,000 documents: choose a shorter one.',
  },
};
const NO_PERIOD = {
  code: 'export-period',
  words: {
    detail: 'Il periodo va dal primo all’ultimo mese e ha al massimo dodici mesi.',
    detailEn: 'The period runs from its first to its last month and has twelve at most.',
  },
};

type Order = Asked<'issueReceipts'>['body']['orders'][number];

function requestOf({ marketplace, orderNumber, ...request }: Order) {
  return { ...request, orderId: namedOrder({ marketplace, marketplaceOrderId: orderNumber }) };
}

/** Each answer with the order it is about. */
function answersTo<Shown extends object>(orders: readonly Order[], answers: readonly Shown[]) {
  return answers.flatMap((answer, at) => {
    const order = orders[at];
    if (order === undefined) return [];
    return [{ marketplace: order.marketplace, orderNumber: order.orderNumber, ...answer }];
  });
}

function idOf({ marketplace, orderNumber, receipt }: Asked<'readReceipt'>['params']) {
  return namedReceipt({ marketplace, marketplaceOrderId: orderNumber }, receipt);
}

function stored(requested: Requested): Answered<'readReceipt'> {
  if (requested.outcome === 'refused') throw refused(requested);
  return { body: receiptDetail(requested.receipt, undefined) };
}

/** Refusals that are not of how things stand. */
const KINDS: Readonly<Partial<Record<Refusal['problem'], ProblemKind>>> = {
  'receipt-not-here': 'not-found',
  'changed-meanwhile': 'changed-meanwhile',
  'reversal-exceeds': 'refused',
};

function refused({ problem, details }: Pick<Refusal, 'problem' | 'details'>): Problem {
  const { code, it: detail, en: detailEn } = receiptTexts(problem, details);
  return new Problem(KINDS[problem] ?? 'conflict', { code, words: { detail, detailEn } });
}
