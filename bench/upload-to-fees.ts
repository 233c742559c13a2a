import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { openDemoChannels, REPORT_CHANNEL } from '../local/demonstration.ts';
import { type LocalStack, start } from '../local/main.ts';
import { createPaymentReportReader } from '../shared/adapters/amazon/payment-reports/reader.ts';
import { createOrderStore } from '../shared/adapters/dynamodb/order-store.ts';
import { createReportStore } from '../shared/adapters/dynamodb/report-store.ts';
import { Reconciliation } from '../shared/domain/reconciliation.ts';
import { anOrder } from '../tests/support/orders.ts';
import { atMost, type Figure, median, seen } from './figure.ts';
import { orderIdOf, type SettlementShape, settlementBytes } from './settlement-rows.ts';

const ROWS = 100_000;
const ROWS_PER_ORDER = 7;
const ROUNDS = 3;
/** DynamoDB's limit for one BatchWriteItem. */
const BATCH_ITEMS = 25;
const LOOK_EVERY_MS = 20;
const LANES = 8;
const DEADLINE_MS = 180_000;

/**
 * A settlement of 100,000 rows on the whole local stack, from the upload's first byte to the stored outcome, once
 * with its orders pulled before and once without; against writing as many ledger entries with bare BatchWriteItem
 * calls, one after the other, to the same table.
 */
export async function uploadToFees(progress: (step: string) => void): Promise<Figure[]> {
  progress('the local stack starts');
  const stack = await start({ tenant: 'demo' });
  const options = {
    region: stack.model.region,
    credentials: { accessKeyId: 'LOCALPERSON', secretAccessKey: 'local' },
  };
  const dynamoDb = new DynamoDBClient({ ...options, endpoint: stack.endpoints.dynamodb });
  const s3 = new S3Client({ ...options, endpoint: stack.endpoints.s3 });
  try {
    await openDemoChannels(stack);
    const rounds: { bare: number; pulled: number; waiting: number }[] = [];
    // The first round warms all sides up and is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      const of = (settlement: number) => ({ rows: ROWS, rowsPerOrder: ROWS_PER_ORDER, settlement });
      progress(
        round === 0
          ? 'warming up: the orders are pulled'
          : `round ${round} of ${ROUNDS}: the orders are pulled`,
      );
      await storeOrders(dynamoDb, stack, of(10 + round));
      progress(round === 0 ? 'warming up: uploads' : `round ${round} of ${ROUNDS}: uploads`);
      const bare = await bareWrites(dynamoDb, stack, of(30 + round));
      const pulled = await uploadAndWait(dynamoDb, s3, stack, of(10 + round), 'order');
      const waiting = await uploadAndWait(dynamoDb, s3, stack, of(20 + round), 'waiting');
      if (round > 0) rounds.push({ bare, pulled, waiting });
    }
    const across = (figure: (round: (typeof rounds)[number]) => number): number => median(rounds.map(figure));
    return [
      seen(
        'bare batch writes of as many ledger entries',
        across((round) => round.bare),
        's',
      ),
      seen(
        '100,000-row settlement, upload to fees visible',
        across((round) => round.pulled),
        's',
      ),
      atMost(
        'upload to fees / bare batch writes',
        across((round) => round.pulled / round.bare),
        'ratio',
        1.5,
      ),
      seen(
        'the same before its orders are pulled',
        across((round) => round.waiting),
        's',
      ),
      atMost(
        'the same / bare batch writes',
        across((round) => round.waiting / round.bare),
        'ratio',
        1.5,
      ),
    ];
  } finally {
    s3.destroy();
    dynamoDb.destroy();
    await stack.stop();
  }
}

async function uploadAndWait(
  dynamoDb: DynamoDBClient,
  s3: S3Client,
  stack: LocalStack,
  shape: SettlementShape,
  bucket: 'order' | 'waiting',
): Promise<number> {
  const bytes = Buffer.concat([...settlementBytes(shape)]);
  const key = `payment-reports/${REPORT_CHANNEL}/bench-${shape.settlement}.txt`;
  const reports = createReportStore(dynamoDb, stack.environment.STATE_TABLE_NAME ?? '');
  const began = performance.now();
  await new Upload({
    client: s3,
    params: { Bucket: stack.environment.REPORT_BUCKET_NAME, Key: key, Body: Readable.from([bytes]) },
  }).done();
  for (;;) {
    const { reports: known } = await reports.listReports({ channelId: REPORT_CHANNEL, limit: 10 });
    const report = known.find((each) => each.objectKey === key);
    if (report?.outcome === 'imported') {
      const rows = report.reconciliation?.buckets[bucket].rows;
      if (rows !== ROWS) throw new Error(`${rows} rows in the bucket ${bucket} instead of ${ROWS}`);
      return (performance.now() - began) / 1000;
    }
    if (performance.now() - began > DEADLINE_MS)
      throw new Error(`still ${report?.outcome ?? 'unseen'} after ${DEADLINE_MS / 1000} s`);
    await pause(LOOK_EVERY_MS);
  }
}

/** The orders of a settlement, as a pull leaves them. */
async function storeOrders(
  dynamoDb: DynamoDBClient,
  stack: LocalStack,
  shape: SettlementShape,
): Promise<void> {
  const store = createOrderStore(dynamoDb, stack.environment.STATE_TABLE_NAME ?? '');
  const ids = [...new Set(Array.from({ length: shape.rows }, (_, row) => orderIdOf(shape, row)))];
  const lane = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop())
      await store.putOrder(anOrder({ marketplaceOrderId: id }));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function bareWrites(
  dynamoDb: DynamoDBClient,
  stack: LocalStack,
  shape: SettlementShape,
): Promise<number> {
  const items = await ledgerItems(shape);
  const table = stack.environment.STATE_TABLE_NAME ?? '';
  const began = performance.now();
  for (let at = 0; at < items.length; at += BATCH_ITEMS) {
    const batch = items.slice(at, at + BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await dynamoDb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: batch } }),
    );
    if (Object.keys(UnprocessedItems ?? {}).length > 0)
      throw new Error('DynamoDB Local left items unwritten');
  }
  return (performance.now() - began) / 1000;
}

/** The entries a settlement leaves in its orders, as items. */
async function ledgerItems(shape: SettlementShape): Promise<Record<string, AttributeValue>[]> {
  async function* bytes() {
    yield* settlementBytes(shape);
  }
  const sums = new Reconciliation();
  const facts = await createPaymentReportReader().read(bytes(), { timeZone: 'Europe/Rome' }, sums);
  const origin = {
    format: facts.format,
    currency: facts.currency,
    reportId: 'bench',
    ranks: new Map<string, string>(),
  };
  return [...sums.orderIds()].map((id) => ({
    pk: { S: `BENCH#${id}` },
    sk: { S: 'LEDGER' },
    entry: { S: JSON.stringify(sums.entriesOf(id, origin)[0]) },
  }));
}
