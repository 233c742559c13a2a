import { RejectedError, UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { formatMinor } from '../../domain/money.ts';
import { isoInstant } from '../../domain/pull-window.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { ReceiptUpload, ReceiptUploadReason } from '../../domain/receipt-upload.ts';
import type { Clock } from '../../ports/clock.ts';
import { NotSentError, type ReceiptUploader, type RemoteDocument } from '../../ports/receipt-uploader.ts';
import type { AmazonClient } from './client.ts';
import {
  createFeed,
  feedCounts,
  feedsSince,
  fillFeedDocument,
  type NewFeed,
  readFeed,
  readFeedResult,
} from './feeds.ts';

const FEED_TYPE = 'UPLOAD_VAT_INVOICE';

/** Amazon's numbers for why it took no invoice, as its reports give them. */
const REASONS: ReadonlyMap<string, ReceiptUploadReason> = new Map([['79525', 'marketplace-invoices']]);

/** Amazon's clock and ours are not the same. */
const CLOCKS_APART_MS = 2 * 60_000;
/** How long a feed that was asked for may stay out of the list; how long it really does is not documented. */
const FEED_SHOWN_WITHIN_MS = 10 * 60_000;

/**
 * Puts documents on Amazon's orders: each is one feed, because a feed's options name one order. Its report says whether it
 * was taken. Source: SP-API docs, "Invoicing Feed Type Values" and "Manually Upload Invoices".
 */
export function createAmazonReceiptUploader(
  clientOf: (accountId: string) => Promise<AmazonClient>,
  clock: Clock,
): ReceiptUploader {
  return {
    asks: true,

    async upload(order, receipt, pdf) {
      const client = await clientOf(order.accountId);
      const feed: NewFeed = {
        feedType: FEED_TYPE,
        siteIds: [order.siteId],
        contentType: 'application/pdf',
        content: new Uint8Array(pdf),
        feedOptions: optionsOf(order.marketplaceOrderId, receipt),
      };
      const documentId = await fillFeedDocument(client, feed).catch((error: unknown) => {
        if (!(error instanceof UnavailableError || error instanceof UnexpectedAnswerError)) throw error;
        throw new NotSentError('amazon', error.message, { cause: error });
      });
      return { found: 'followed', documentId: await createFeed(client, feed, documentId) };
    },

    async find(order, upload) {
      const client = await clientOf(order.accountId);
      const { documentId } = upload;
      return documentId === undefined
        ? foundAmong(client, upload, clock.now())
        : foundFeed(client, documentId);
    },
  };
}

/**
 * What Amazon is told of an invoice. Its refusal of an incomplete one (79513) names the options in lower case, and
 * programs that work write them so.
 */
function optionsOf(orderId: string, receipt: Receipt): Readonly<Record<string, string>> {
  const { number, totals, currency } = receipt;
  if (number === undefined) throw new RangeError('a document without a number is uploaded nowhere');
  return {
    'metadata:orderid': orderId,
    'metadata:invoicenumber': number.text,
    'metadata:totalamount': formatMinor(totals.grossMinor, currency),
    'metadata:totalvatamount': formatMinor(totals.vatMinor, currency),
    'metadata:documenttype': 'Invoice',
  };
}

/** How a feed of ours stands, by Amazon's own report once there is one. */
async function foundFeed(client: AmazonClient, documentId: string): Promise<RemoteDocument> {
  const { state, resultDocumentId } = await readFeed(client, documentId);
  switch (state) {
    case 'processing':
      return { found: 'followed', documentId };
    case 'cancelled':
    case 'fatal':
      return { found: 'rejected', reason: 'rejected', code: state.toUpperCase(), documentId };
    case 'unknown':
      throw new UnexpectedAnswerError(
        'amazon',
        `amazon getFeed: feed ${documentId} is in a state we do not know`,
      );
    case 'done': {
      if (resultDocumentId === undefined) return { found: 'cannot-tell' };
      const { successful, errorCode } = feedCounts(await readFeedResult(client, resultDocumentId));
      if (successful > 0 && errorCode === undefined) return { found: 'accepted', documentId };
      const reason = REASONS.get(errorCode ?? '') ?? 'rejected';
      return { found: 'rejected', reason, code: errorCode, documentId };
    }
  }
}

/**
 * What became of a feed whose id never arrived. Amazon lists feeds without what is in them: none since then is proof that
 * it never came, one that is there may be of any other document.
 */
async function foundAmong(
  client: AmazonClient,
  { sentAt, wantedAt }: ReceiptUpload,
  nowMs: number,
): Promise<RemoteDocument> {
  const sentMs = Date.parse(sentAt ?? wantedAt);
  const feeds = await feedsSince(client, FEED_TYPE, isoInstant(sentMs - CLOCKS_APART_MS)).catch(
    (error: unknown) => {
      // Without the role nothing can have been sent with it either.
      if (error instanceof RejectedError && error.status === 403) return [];
      throw error;
    },
  );
  if (feeds.length > 0) return { found: 'cannot-tell' };
  return nowMs - sentMs < FEED_SHOWN_WITHIN_MS ? { found: 'not-yet' } : { found: 'no' };
}
