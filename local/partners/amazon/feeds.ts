import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { PartnerAnswer, PartnerRequest } from '../partner.ts';
import { AmazonRefusal, invalidInput } from './answers.ts';
import { instantSchema, list, parseQuery } from './query.ts';
import { type AmazonOrder, DOCUMENT_HOST, PROCESSING_STATUSES } from './schemas.ts';

const UPLOADS = '/feed-uploads/';
const RESULTS = '/feed-results/';
/** Amazon takes minutes; here it is a matter of looking twice. */
const PROCESSING_MS = 1_000;

const CANCEL_HEADER = ['order-id', 'cancellation-reason-code', 'amazon-order-item-code'];
const REFUND_HEADER = [
  'order-id',
  'order-item-id',
  'adjustment-reason-code',
  'currency',
  'item-price-adj',
  'item-tax-adj',
  'shipping-price-adj',
  'shipping-tax-adj',
  'gift-wrap-price-adj',
  'gift-wrap-tax-adj',
  'item-promotion-adj',
  'item-promotion-id',
  'ship-promotion-adj',
  'ship-promotion-id',
  'quantity-cancelled',
];
/** SP-API docs, "Order Feed Type Values". */
const REASONS = [
  'NoInventory',
  'ShippingAddressUndeliverable',
  'CustomerExchange',
  'BuyerCanceled',
  'GeneralAdjustment',
  'CarrierCreditDecision',
  'RiskAssessmentInformationNotValid',
  'CarrierCoverageFailure',
  'CustomerReturn',
  'MerchandiseNotReceived',
];
const FEED_TYPES = [
  'POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA',
  'POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA',
  'UPLOAD_VAT_INVOICE',
] as const;
/** SP-API docs, "Invoicing Feed Type Values"; in lower case, as Amazon's own refusal 79513 names them. */
const invoiceOptionsSchema = z.strictObject({
  'metadata:orderid': z.string(),
  'metadata:invoicenumber': z.string().min(1),
  'metadata:totalamount': z.string().regex(/^\d+\.\d{2}$/),
  'metadata:totalvatamount': z.string().regex(/^\d+\.\d{2}$/),
  'metadata:documenttype': z.enum(['Invoice', 'CreditNote']),
});

const documentRequestSchema = z.strictObject({ contentType: z.string().min(1) });
const feedRequestSchema = z.strictObject({
  feedType: z.enum(FEED_TYPES),
  marketplaceIds: z.array(z.string()).min(1).max(25),
  inputFeedDocumentId: z.string(),
  feedOptions: z.record(z.string(), z.string()).optional(),
});
const listSchema = z.strictObject({
  feedTypes: list(z.enum(FEED_TYPES)).pipe(z.array(z.enum(FEED_TYPES)).max(10)),
  pageSize: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(100)).default(10),
  createdSince: instantSchema.optional(),
});

/** Feeds API v2021-06-30 (selling-partner-api-models, feeds_2021-06-30.json). */
const feedSchema = z.strictObject({
  feedId: z.string(),
  feedType: z.string(),
  marketplaceIds: z.array(z.string()),
  createdTime: z.iso.datetime(),
  processingStatus: z.enum(PROCESSING_STATUSES),
  resultFeedDocumentId: z.string().optional(),
});

interface Feed {
  readonly feedId: string;
  readonly feedType: (typeof FEED_TYPES)[number];
  readonly marketplaceIds: readonly string[];
  readonly createdMs: number;
  readonly content: Buffer;
  readonly feedOptions: Readonly<Record<string, string>> | undefined;
  readonly ends: 'DONE' | 'CANCELLED' | 'FATAL';
  result?: string;
}

/** What Amazon gave back, by its feeds. */
export interface AmazonRefund {
  readonly orderItemId: string;
  readonly reason: string;
  /** Goods and shipping, as they stood in the feed. */
  readonly goods: string;
  readonly shipping: string;
}

/** An invoice as Amazon keeps it. */
export interface AmazonInvoice {
  readonly invoiceNumber: string;
  readonly totalAmount: string;
  readonly totalVatAmount: string;
  readonly pdf: Buffer;
  readonly sha256: string;
}

/**
 * Feeds that cancel orders, give money back and bring invoices: a document, what is put into it, the work on it, and the report. The columns
 * are checked to the letter. Source: SP-API docs, Feeds API v2021-06-30 and "Order Feed Type Values".
 */
export class FeedsApi {
  readonly #orders: Map<string, AmazonOrder>;
  readonly #now: () => number;
  readonly #documents = new Map<string, { readonly contentType: string; content?: Buffer }>();
  readonly #feeds = new Map<string, Feed>();
  readonly #refunds = new Map<string, AmazonRefund[]>();
  readonly #invoices = new Map<string, readonly AmazonInvoice[]>();
  readonly #invoicedByAmazon = new Set<string>();
  #endings: Feed['ends'][] = [];

  constructor(orders: Map<string, AmazonOrder>, now: () => number) {
    this.#orders = orders;
    this.#now = now;
  }

  /** How the next feeds end, in this order; the others are done. */
  end(how: 'CANCELLED' | 'FATAL'): void {
    this.#endings = [...this.#endings, how];
  }

  refunds(orderId: string): readonly AmazonRefund[] {
    return this.#refunds.get(orderId) ?? [];
  }

  /** The invoices of an order, in the order of their coming: a second one is kept beside the first. */
  invoices(orderId: string): readonly AmazonInvoice[] {
    return this.#invoices.get(orderId) ?? [];
  }

  /** Amazon makes this order's invoices itself, and takes none. */
  invoiceItself(orderId: string): void {
    this.#invoicedByAmazon.add(orderId);
  }

  createDocument(body: string): object {
    const { contentType } = parsed(documentRequestSchema, body);
    const feedDocumentId = `amzn1.tortuga.4.eu.${randomUUID()}`;
    this.#documents.set(feedDocumentId, { contentType });
    return {
      feedDocumentId,
      url: `https://${DOCUMENT_HOST}${UPLOADS}${feedDocumentId}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300`,
    };
  }

  create(body: string, marketplaceIds: readonly string[], mayInvoice: boolean): object {
    const request = parsed(feedRequestSchema, body);
    const forbidden = request.feedType === 'UPLOAD_VAT_INVOICE' && !mayInvoice;
    if (forbidden || request.marketplaceIds.some((id) => !marketplaceIds.includes(id))) {
      throw new AmazonRefusal(403, 'Unauthorized', 'Access to requested resource is denied.');
    }
    const content = this.#documents.get(request.inputFeedDocumentId)?.content;
    if (content === undefined)
      throw invalidInput('inputFeedDocumentId is not known, or nothing was uploaded');
    const feedId = String(50_000_000_000 + this.#feeds.size);
    const [ends = 'DONE'] = this.#endings.splice(0, 1);
    const { feedType, feedOptions } = request;
    this.#feeds.set(feedId, {
      ...{ feedId, feedType, marketplaceIds: request.marketplaceIds, content, feedOptions, ends },
      createdMs: this.#now(),
    });
    return { feedId };
  }

  get(feedId: string): object {
    const feed = this.#feeds.get(feedId);
    if (feed === undefined) throw new AmazonRefusal(404, 'NotFound', 'The requested feed was not found.');
    return feedSchema.parse(this.#shown(feed));
  }

  list(query: URLSearchParams): object {
    const { feedTypes, pageSize, createdSince = 0 } = parseQuery(listSchema, query);
    const found = [...this.#feeds.values()].filter(
      ({ feedType, createdMs }) => feedTypes.includes(feedType) && createdMs >= createdSince,
    );
    return { feeds: found.slice(0, pageSize).map((feed) => feedSchema.parse(this.#shown(feed))) };
  }

  /** What a document leads to; only reports can be asked for. */
  document(documentId: string): object {
    const feedId = documentId.replace(/^result-/, '');
    if (this.#feeds.get(feedId)?.result === undefined) {
      throw new AmazonRefusal(404, 'NotFound', 'The requested feed document was not found.');
    }
    return {
      feedDocumentId: documentId,
      url: `https://${DOCUMENT_HOST}${RESULTS}${feedId}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300`,
      compressionAlgorithm: 'GZIP',
    };
  }

  /** The host behind the addresses: takes uploads, gives reports. Undefined for what is none of its business. */
  answerHost({ method, url, headers, body, bytes }: PartnerRequest): PartnerAnswer | undefined {
    const answer = (operation: string, status: number, bytes?: Buffer): PartnerAnswer => ({
      operation,
      status,
      headers: { 'content-type': 'text/plain' },
      body: '',
      ...(bytes === undefined ? {} : { bytes }),
    });
    if (url.pathname.startsWith(UPLOADS)) {
      const document = this.#documents.get(url.pathname.slice(UPLOADS.length));
      // The address is signed for this type of contents, and for one upload.
      const fits = document?.contentType === headers['content-type'] && document?.content === undefined;
      if (method !== 'PUT' || document === undefined || !fits) return answer('feed-upload', 403);
      document.content = bytes ?? Buffer.from(body);
      return answer('feed-upload', 200);
    }
    if (!url.pathname.startsWith(RESULTS)) return undefined;
    const result = this.#feeds.get(url.pathname.slice(RESULTS.length))?.result;
    return result === undefined || method !== 'GET'
      ? answer('feed-result', 403)
      : answer('feed-result', 200, gzipSync(Buffer.from(result)));
  }

  #shown(feed: Feed): object {
    const { feedId, feedType, marketplaceIds, createdMs } = feed;
    const isOver = this.#now() - createdMs >= PROCESSING_MS;
    if (isOver && feed.ends === 'DONE')
      feed.result ??= feed.feedType === 'UPLOAD_VAT_INVOICE' ? this.#keepInvoice(feed) : this.#work(feed);
    return {
      ...{ feedId, feedType, marketplaceIds: [...marketplaceIds] },
      createdTime: new Date(createdMs).toISOString(),
      processingStatus: isOver ? feed.ends : 'IN_PROGRESS',
      ...(feed.result === undefined ? {} : { resultFeedDocumentId: `result-${feedId}` }),
    };
  }

  /** Row by row; what is wrong with one stops no other. */
  #work({ feedType, content, marketplaceIds }: Feed): string {
    const isRefund = feedType === 'POST_FLAT_FILE_PAYMENT_ADJUSTMENT_DATA';
    const [header = [], ...rows] = content
      .toString()
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
    const columns = isRefund ? REFUND_HEADER : CANCEL_HEADER;
    const errors: string[] = [];
    for (const [index, cells] of rows.entries()) {
      const row = Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
      const fits = header.join() === columns.join() && cells.length === columns.length;
      const error = fits ? this.#row(isRefund, row, marketplaceIds) : 90_041;
      if (error !== undefined) errors.push(`${index + 1}\t\t${error}\tError\tThe row was refused.`);
    }
    return report(rows.length, errors);
  }

  /** One invoice with its options; a report as public programs have met it. */
  #keepInvoice({ content, feedOptions, marketplaceIds }: Feed): string {
    const refused = (error: number): string => report(1, [`1\t\t${error}\tError\tThe invoice was refused.`]);
    const options = invoiceOptionsSchema.safeParse(feedOptions);
    if (!options.success) return refused(79_513);
    const orderId = options.data['metadata:orderid'];
    const order = this.#orders.get(orderId);
    if (order === undefined || !marketplaceIds.includes(order.salesChannel.marketplaceId ?? '')) {
      return refused(79_519);
    }
    if (this.#invoicedByAmazon.has(orderId)) return refused(79_525);
    if (order.fulfillment?.fulfillmentStatus !== 'SHIPPED') return refused(79_522);
    if (content.subarray(0, 5).toString('latin1') !== '%PDF-') return refused(79_501);
    const invoice: AmazonInvoice = {
      invoiceNumber: options.data['metadata:invoicenumber'],
      totalAmount: options.data['metadata:totalamount'],
      totalVatAmount: options.data['metadata:totalvatamount'],
      pdf: content,
      sha256: createHash('sha256').update(content).digest('hex'),
    };
    this.#invoices.set(orderId, [...this.invoices(orderId), invoice]);
    return report(1, []);
  }

  /** The number of the error, or undefined when the row was carried out. */
  #row(
    isRefund: boolean,
    row: Readonly<Record<string, string>>,
    marketplaceIds: readonly string[],
  ): number | undefined {
    const order = this.#orders.get(row['order-id'] ?? '');
    if (order === undefined || !marketplaceIds.includes(order.salesChannel.marketplaceId ?? ''))
      return 18_001;
    const itemId = row[isRefund ? 'order-item-id' : 'amazon-order-item-code'] ?? '';
    const item = order.orderItems.find(({ orderItemId }) => orderItemId === itemId);
    if (item === undefined) return 18_002;
    const reason = row[isRefund ? 'adjustment-reason-code' : 'cancellation-reason-code'] ?? '';
    if (!REASONS.includes(reason)) return 18_006;
    const status = order.fulfillment?.fulfillmentStatus;
    if (!isRefund) {
      if (status !== 'UNSHIPPED' && item.cancellation?.cancellationExecution === undefined) {
        return status === 'CANCELLED' ? undefined : 18_028;
      }
      this.#cancelItem(order, itemId, reason);
      return undefined;
    }
    if (status !== 'SHIPPED' && status !== 'PARTIALLY_SHIPPED') return 18_034;
    const [goods = '', shipping = ''] = [row['item-price-adj'], row['shipping-price-adj']];
    const amounts = [goods, shipping].map((amount) => (amount === '' ? '0.00' : amount));
    if (row.currency !== item.proceeds?.proceedsTotal?.currencyCode) return 18_010;
    if (amounts.some((amount) => !/^\d+\.\d{2}$/.test(amount))) return 18_011;
    const given = this.refunds(order.orderId)
      .filter(({ orderItemId }) => orderItemId === itemId)
      .reduce((sum, each) => sum + cents(each.goods) + cents(each.shipping), 0);
    const wanted = amounts.reduce((sum, amount) => sum + cents(amount), 0);
    if (wanted === 0 || given + wanted > cents(item.proceeds?.proceedsTotal?.amount ?? '0')) return 18_012;
    this.#refunds.set(order.orderId, [
      ...this.refunds(order.orderId),
      { orderItemId: itemId, reason, goods, shipping },
    ]);
    return undefined;
  }

  #cancelItem(order: AmazonOrder, itemId: string, cancelReason: string): void {
    const orderItems = order.orderItems.map((item) =>
      item.orderItemId === itemId
        ? {
            ...item,
            cancellation: {
              ...item.cancellation,
              cancellationExecution: { cancelledBy: 'MERCHANT', cancelReason },
            },
          }
        : item,
    );
    const isCancelled = orderItems.every(
      ({ cancellation }) => cancellation?.cancellationExecution !== undefined,
    );
    this.#orders.set(order.orderId, {
      ...order,
      orderItems,
      lastUpdatedTime: new Date(this.#now()).toISOString(),
      ...(isCancelled ? { fulfillment: { ...order.fulfillment, fulfillmentStatus: 'CANCELLED' } } : {}),
    });
  }
}

/** Amazon's report on a feed. */
function report(rows: number, errors: readonly string[]): string {
  return [
    'Feed Processing Summary:',
    `\tNumber of records processed\t\t${rows}`,
    `\tNumber of records successful\t\t${rows - errors.length}`,
    '',
    ...(errors.length === 0 ? [] : ['original-record-number\tsku\terror-code\terror-type\terror-message']),
    ...errors,
    '',
  ].join('\n');
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw invalidInput('the body is not JSON');
  }
  const request = schema.safeParse(json);
  if (!request.success) throw invalidInput(z.prettifyError(request.error));
  return request.data;
}

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}
