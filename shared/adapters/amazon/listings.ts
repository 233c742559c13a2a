import * as z from 'zod';
import { eanOf } from '../../domain/ean.ts';
import { UnexpectedAnswerError } from '../../domain/errors.ts';
import { type Listing, type ListingStatus, listingKeyOfSku } from '../../domain/listing.ts';
import { type Money, parseDecimal } from '../../domain/money.ts';
import type { CallGate, ListingBatch, ListingQuestion, ListingSource } from '../../ports/listing-source.ts';
import type { QuotaPlan } from '../../ports/quota.ts';
import { parseAnswer } from './answer.ts';
import type { AmazonClient } from './client.ts';
import { decodeStream } from './payment-reports/decode.ts';
import { GET_REPORT_DOCUMENT_QUOTA, openReportDocument } from './settlement-reports.ts';
import { AMAZON_SITES } from './sites.ts';

/** SP-API docs, Reports API v2021-06-30 and Listings Items API v2021-08-01, "Usage Plan" of each operation. */
export const AMAZON_LISTING_PLANS = {
  createReport: { ratePerSecond: 0.0167, burst: 15 },
  getReport: { ratePerSecond: 2, burst: 15 },
  getReportDocument: GET_REPORT_DOCUMENT_QUOTA,
  searchListingsItems: { ratePerSecond: 5, burst: 5 },
  patchListingsItem: { ratePerSecond: 5, burst: 5 },
} as const satisfies Readonly<Record<string, QuotaPlan>>;

const REPORT_TYPE = 'GET_MERCHANT_LISTINGS_ALL_DATA';
/** Listings handed over together. */
const BATCH_SIZE = 500;
/** With its description a listing is some kilobytes. */
const LINE_LENGTH_MAX = 200_000;
const STATUSES: ReadonlyMap<string, ListingStatus> = new Map([
  ['Active', 'active'],
  ['Inactive', 'inactive'],
  ['Incomplete', 'incomplete'],
]);
/** The report's `product-id-type`: UPC and EAN; 1 is an ASIN, 2 an ISBN. */
const BARCODES = new Set(['3', '4']);
/** Without these a row says nothing. */
const NEEDED = ['seller-sku', 'price', 'quantity', 'status'] as const;

const createdSchema = z.object({ reportId: z.string().min(1) });
const reportSchema = z.object({ processingStatus: z.string(), reportDocumentId: z.string().nullish() });
const waitedForSchema = z.record(z.string(), z.string());

/**
 * All listings of an account, site by site, from the report that Amazon makes of them: a handful of calls whatever their
 * number, where the search gives a thousand SKUs at most.
 * Source: SP-API docs, "Inventory reports", GET_MERCHANT_LISTINGS_ALL_DATA.
 */
export function createAmazonListingSource(
  clientOf: (accountId: string) => Promise<AmazonClient>,
): ListingSource {
  return {
    async read(question, preparing, gate) {
      const client = await clientOf(question.accountId);
      const waitedFor = preparing === undefined ? undefined : waitedForSchema.parse(JSON.parse(preparing));
      if (waitedFor === undefined) {
        const asked: Record<string, string> = {};
        for (const siteId of question.siteIds) asked[siteId] = await ask(client, siteId, gate);
        return { state: 'preparing', preparing: JSON.stringify(asked) };
      }
      const documents = new Map<string, string>();
      for (const [siteId, reportId] of Object.entries(waitedFor)) {
        const made = await documentOf(client, reportId, gate);
        if (made === 'preparing') return { state: 'preparing', preparing: JSON.stringify(waitedFor) };
        if (made !== undefined) documents.set(siteId, made);
      }
      return { state: 'ready', batches: batchesOf(question, client, documents, gate), notEnabled: new Set() };
    },
  };
}

async function ask(client: AmazonClient, siteId: string, gate: CallGate): Promise<string> {
  await gate('createReport');
  const answer = await client.call({
    operation: 'createReport',
    documentedRatePerSecond: AMAZON_LISTING_PLANS.createReport.ratePerSecond,
    body: { reportType: REPORT_TYPE, marketplaceIds: [siteId] },
  });
  return parseAnswer('createReport', createdSchema, answer).reportId;
}

/** Undefined when there is nothing to report. */
async function documentOf(
  client: AmazonClient,
  reportId: string,
  gate: CallGate,
): Promise<string | 'preparing' | undefined> {
  await gate('getReport');
  const answer = await client.call({
    operation: 'getReport',
    documentedRatePerSecond: AMAZON_LISTING_PLANS.getReport.ratePerSecond,
    path: { reportId },
  });
  const { processingStatus, reportDocumentId } = parseAnswer('getReport', reportSchema, answer);
  if (processingStatus === 'IN_QUEUE' || processingStatus === 'IN_PROGRESS') return 'preparing';
  if (processingStatus === 'CANCELLED') return undefined;
  if (processingStatus === 'DONE' && reportDocumentId) return reportDocumentId;
  throw new UnexpectedAnswerError(
    'amazon',
    `amazon getReport: the report of listings ended ${processingStatus}`,
  );
}

async function* batchesOf(
  question: ListingQuestion,
  client: AmazonClient,
  documents: ReadonlyMap<string, string>,
  gate: CallGate,
): AsyncGenerator<ListingBatch> {
  for (const [siteId, documentId] of documents) {
    await gate('getReportDocument');
    const bytes = await openReportDocument(client, 'report of listings', documentId);
    yield* batchesOfReport({ ...question, siteId }, bytes);
  }
}

/** A report's listings as they arrive. Columns are found by their names: Amazon adds some, and moves others. */
export async function* batchesOfReport(
  site: ListingQuestion & { readonly siteId: string },
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<ListingBatch> {
  let columns: ReadonlyMap<string, number> | undefined;
  let listings: Listing[] = [];
  let unreadable: string[] = [];
  for await (const line of linesOf(decodeStream(bytes))) {
    const cells = line.split('\t');
    if (columns === undefined) {
      columns = columnsOf(cells);
      continue;
    }
    if (line === '') continue;
    const read = listingOf(site, columns, cells);
    if (typeof read === 'string') unreadable.push(read);
    else listings.push(read);
    if (listings.length + unreadable.length < BATCH_SIZE) continue;
    yield { listings, unreadable };
    [listings, unreadable] = [[], []];
  }
  if (columns === undefined)
    throw new UnexpectedAnswerError('amazon', 'amazon report of listings: it is empty');
  yield { listings, unreadable };
}

function columnsOf(cells: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map(cells.map((name, at) => [name.trim().toLowerCase(), at]));
  const missing = NEEDED.filter((name) => !columns.has(name));
  if (missing.length === 0) return columns;
  throw new UnexpectedAnswerError('amazon', `amazon report of listings: no column ${missing.join(', ')}`);
}

function listingOf(
  { channelId, siteId, currency }: ListingQuestion & { readonly siteId: string },
  columns: ReadonlyMap<string, number>,
  cells: readonly string[],
): Listing | string {
  const cell = (name: string): string | undefined => {
    const at = columns.get(name);
    return at === undefined ? undefined : cells[at] || undefined;
  };
  const sku = cell('seller-sku');
  if (sku === undefined) return 'seller-sku: missing';
  const price = priceOf(cell('price'), currency);
  if (price === 'malformed') return 'price: malformed';
  const pieces = cell('quantity');
  if (pieces !== undefined && !/^\d{1,9}$/.test(pieces)) return 'quantity: malformed';
  const channel = cell('fulfillment-channel');
  const isTheirs = channel !== undefined && channel !== 'DEFAULT';
  const asin = cell('asin1');
  const partnerStatus = cell('status') ?? '';
  const barcode = BARCODES.has(cell('product-id-type') ?? '') ? cell('product-id') : undefined;
  const domain = AMAZON_SITES.find((site) => site.siteId === siteId)?.name.toLowerCase();
  return {
    listingKey: listingKeyOfSku(siteId, sku),
    channelId,
    marketplace: 'amazon',
    siteId,
    remoteId: asin,
    sku,
    ean: barcode === undefined ? undefined : eanOf(barcode),
    title: cell('item-name'),
    price,
    quantity: isTheirs || pieces === undefined ? undefined : Number(pieces),
    status: STATUSES.get(partnerStatus) ?? 'unknown',
    partnerStatus,
    fulfilledBy: isTheirs ? 'marketplace' : 'merchant',
    imageUrl: cell('image-url'),
    link:
      asin === undefined || domain === undefined
        ? undefined
        : `https://www.${domain}/dp/${encodeURIComponent(asin)}`,
    issues: [],
  };
}

function priceOf(text: string | undefined, currency: string): Money | undefined | 'malformed' {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}(?:[.,]\d{1,2})?$/.test(text)) return 'malformed';
  return { amountMinor: parseDecimal(text.replace(',', '.'), currency), currency };
}

async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_LENGTH_MAX)
      throw new UnexpectedAnswerError('amazon', 'amazon report of listings: no lines');
    for (const line of lines) yield line.replace(/\r$/, '');
  }
  if (rest !== '') yield rest.replace(/\r$/, '');
}
