import { createReceiptStore } from '../shared/adapters/dynamodb/receipt-store.ts';
import { readFonts } from '../shared/adapters/pdf/fonts.ts';
import { createReceiptRenderer } from '../shared/adapters/pdf/renderer.ts';
import { orderId } from '../shared/domain/order.ts';
import type { Receipt } from '../shared/domain/receipt.ts';
import type { ReceiptStore } from '../shared/ports/receipt-store.ts';
import { createStateTable, startDynamoDbLocal, testClient } from '../tests/support/dynamodb-local.ts';
import { aDraft, receiptSettings } from '../tests/support/receipts.ts';
import { atMost, type Figure, median, seen } from './figure.ts';

const RECEIPTS = 10_000;
/** As many as one request of the API may ask for. */
const PER_REQUEST = 100;
/** People, or runs, that ask at the same time for the same series. */
const ASKED_AT_ONCE = 8;
/** Every tenth is asked for a second time, by somebody else. */
const TWICE_EVERY = 10;
const PAGES = 200;
/** Functions that make documents at the same time. */
const MAKERS = 2;

/**
 * 10,000 receipts of one series asked for at once, on DynamoDB Local: whether their numbers are exactly 1…10,000, and how
 * long it takes. Then pages are drawn, from which the time to draw all of them is predicted.
 */
export async function receipts(progress: (step: string) => void): Promise<Figure[]> {
  const dynamoDb = await startDynamoDbLocal();
  const client = testClient(dynamoDb.endpoint);
  try {
    const store = createReceiptStore(client, await createStateTable(client));
    progress(`${RECEIPTS} receipts at once`);
    const beganAt = performance.now();
    await askForAll(store);
    const seconds = (performance.now() - beganAt) / 1000;
    progress('their numbers');
    const stored = await allOf(store);
    const numbers = stored.map(({ number }) => number?.sequence ?? 0).sort((a, b) => a - b);
    const gaps = numbers.filter((number, at) => number !== at + 1).length;
    const orders = new Set(stored.map((receipt) => receipt.orderId)).size;
    progress(`${PAGES} pages`);
    const pageMs = await drawn(stored.slice(0, PAGES));
    return [
      seen(`receipts: ${RECEIPTS} stored with their numbers, ${ASKED_AT_ONCE} asking at once`, seconds, 's'),
      atMost(
        'receipts: documents beside one for each order',
        Math.abs(stored.length - orders),
        'receipts',
        0,
      ),
      atMost('receipts: orders without one', RECEIPTS - orders, 'orders', 0),
      atMost('receipts: numbers missing or twice in 1…10,000', gaps, 'numbers', 0),
      seen('receipts: a page drawn', pageMs, 'ms'),
      seen(
        `receipts: all pages drawn by ${MAKERS} functions, predicted`,
        (pageMs * RECEIPTS) / MAKERS / 1000,
        's',
      ),
    ];
  } finally {
    client.destroy();
    await dynamoDb.stop();
  }
}

async function askForAll(store: ReceiptStore): Promise<void> {
  const requests = Array.from({ length: RECEIPTS / PER_REQUEST }, (_, request) =>
    Array.from({ length: PER_REQUEST }, (_, at) => draftOf(request * PER_REQUEST + at)),
  );
  const waiting = requests.flatMap((request, at) =>
    at % TWICE_EVERY === 0 ? [request, request] : [request],
  );
  const ask = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await store.create(next);
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
}

const draftOf = (n: number) =>
  aDraft({ orderId: orderId('amazon', `404-0000000-${String(n).padStart(7, '0')}`) });

async function allOf(store: ReceiptStore): Promise<readonly Receipt[]> {
  const found: Receipt[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.ofMonth({ month: '2026-11', limit: 1_000, cursor });
    found.push(...page.receipts);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** Milliseconds a page takes: the median. */
async function drawn(receipts: readonly Receipt[]): Promise<number> {
  const renderer = createReceiptRenderer(readFonts());
  const { seller } = receiptSettings();
  const times: number[] = [];
  for (const receipt of receipts) {
    const beganAt = performance.now();
    await renderer.render({ receipt, seller, buyer: undefined, logo: undefined, courtesyNotes: {} });
    times.push(performance.now() - beganAt);
  }
  return median(times);
}
