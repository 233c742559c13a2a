import { describe, expect, test } from 'vitest';
import {
  Crash,
  crashing,
  REMOTE_ISSUED,
  ReceiptWorld,
  receiptChannel,
} from '../../tests/support/receipt-world.ts';
import { RejectedError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import { type ReceiptId, receiptId } from '../domain/receipt.ts';
import { issueReceipts } from './issue-receipts.ts';
import { type IssueReversalDeps, issueReversal, type ReversalRequest } from './issue-reversal.ts';
import { resumeReceipts, retryReceipt } from './retry-receipt.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const SALE = receiptId(ORDER, 'sale', '1');
const PLENTY = () => 900_000;

/** A shop whose one order has its receipt, 24.90 of which 19.90 are goods. */
async function withReceipt(channel = receiptChannel()): Promise<ReceiptWorld> {
  const world = new ReceiptWorld({ channels: [channel] });
  world.remote.answers = [REMOTE_ISSUED];
  await world.sold();
  await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'operator-1' }]);
  return world;
}

function reversal(deps: IssueReversalDeps, request: Partial<ReversalRequest> = {}) {
  return issueReversal(deps, {
    receiptId: SALE,
    request: 'r1',
    wanted: { of: 'rest' },
    reason: 'refund',
    requestedBy: 'operator-1',
    ...request,
  });
}

const original = async (world: ReceiptWorld) => (await world.receipts.getMany([SALE])).get(SALE);

describe('taking a receipt back', () => {
  test('makes a document of its own, with a number of its own, that points at it', async () => {
    const world = await withReceipt();
    const before = await original(world);
    expect(await reversal(world.deps)).toMatchObject({
      outcome: 'issued',
      receipt: {
        kind: 'courtesy-reversal',
        number: { text: '2/RC/2026' },
        totals: { grossMinor: -2490, vatMinor: -449 },
        reverses: { receiptId: SALE, numberText: '1/RC/2026', issueDate: '2026-11-23', reason: 'refund' },
      },
    });
    expect(await original(world)).toEqual({
      ...before,
      reversedByLine: { 1: 1990, 2: 500 },
      version: (before?.version ?? 0) + 1,
    });
    expect(world.issued.sent).toHaveLength(2);
  });

  test('the same request again is the same document; one that asks for something else is not', async () => {
    const world = await withReceipt();
    const amount = (amountMinor: number) => ({ wanted: { of: 'amount', amountMinor } }) as const;
    const first = await reversal(world.deps, amount(1000));
    expect(await reversal(world.deps, amount(1000))).toEqual(first);
    expect(await reversal(world.deps, amount(1001))).toMatchObject({ problem: 'request-differs' });
    expect((await original(world))?.reversedByLine).toEqual({ 1: 799, 2: 201 });
    expect(await reversal(world.deps, { ...amount(1490), request: 'r2' })).toMatchObject({
      outcome: 'issued',
    });
    expect(await reversal(world.deps, { request: 'r3' })).toMatchObject({ problem: 'nothing-to-reverse' });
  });

  test('of two at once that would take back too much, one does', async () => {
    const world = await withReceipt();
    const wanted = { of: 'amount', amountMinor: 2000 } as const;
    const outcomes = await Promise.all(
      ['r1', 'r2', 'r3'].map((request) => reversal(world.deps, { request, wanted })),
    );
    expect(outcomes.map((each) => (each.outcome === 'refused' ? each.problem : each.outcome)).sort()).toEqual(
      ['issued', 'reversal-exceeds', 'reversal-exceeds'],
    );
    expect(await world.receipts.listSeries()).toMatchObject([{ last: 2 }]);
  });

  test('of another issuer is a credit note where it was an invoice', async () => {
    const world = await withReceipt(receiptChannel({ receipts: { issuer: 'bitztobe' } }));
    const receipt = await original(world);
    if (receipt === undefined) throw new Error('no receipt');
    await world.receipts.change({ ...receipt, kind: 'electronic-invoice' });
    expect(await reversal(world.deps)).toMatchObject({
      receipt: { kind: 'credit-note', issuer: 'bitztobe', reverses: { numberText: 'A-7' } },
    });
  });

  test('needs a receipt that was issued', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    expect(await reversal(world.deps)).toMatchObject({ problem: 'receipt-not-here' });
    world.renderer.failure = new RejectedError('pdf', 'no picture');
    await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'operator-1' }]);
    expect(await reversal(world.deps)).toMatchObject({ problem: 'not-issued' });
  });

  test('is nothing that can be taken back itself', async () => {
    const world = await withReceipt();
    const made = await reversal(world.deps);
    if (made.outcome !== 'issued') throw new Error('not issued');
    expect(await reversal(world.deps, { receiptId: made.receipt.receiptId, request: 'r9' })).toMatchObject({
      problem: 'not-issued',
    });
  });

  test('that comes to nothing gives back what it took, and keeps its number void', async () => {
    const world = await withReceipt();
    world.renderer.failure = new RejectedError('pdf', 'no picture');
    expect(await reversal(world.deps, { wanted: { of: 'amount', amountMinor: 1000 } })).toMatchObject({
      problem: 'cannot-be-rendered',
      receipt: { state: 'void', number: { sequence: 2 } },
    });
    expect((await original(world))?.reversedByLine).toEqual({});
    world.renderer.failure = undefined;
    const id = receiptId(ORDER, 'reversal', 'r1');
    expect(await retryReceipt(world.deps, id, 'operator-1')).toMatchObject({
      outcome: 'issued',
      receipt: { receiptId: receiptId(ORDER, 'reversal', 'r1_2'), number: { sequence: 3 } },
    });
    expect((await original(world))?.reversedByLine).toEqual({ 1: 799, 2: 201 });
  });

  test.each(['before', 'after'] as const)(
    'survives a process that ends %s any of its writes',
    async (when) => {
      const writes = 5;
      for (let at = 1; at <= writes + 1; at += 1) {
        const world = await withReceipt();
        const plan = { at, when, calls: 0 };
        const { receipts, files, issued, ...rest } = world.deps;
        const ending: IssueReversalDeps = {
          ...rest,
          receipts: crashing(receipts, ['createReversal', 'change'], plan),
          files: crashing(files, ['keep'], plan),
          issued: crashing(issued, ['send'], plan),
        };
        const ended = await reversal(ending).catch((error: unknown) => error);
        expect(ended instanceof Crash).toBe(at <= writes);
        // Nobody asks again: whatever was left is taken up by itself.
        world.nowMs += 6 * 60_000;
        await resumeReceipts(world.deps, PLENTY);
        const found = await world.receipts.ofOrder(ORDER);
        const begun = at > 1 || when === 'after';
        expect(found.map(({ state }) => state)).toEqual(begun ? ['issued', 'issued'] : ['issued']);
        expect(await world.receipts.listSeries()).toMatchObject([{ last: begun ? 2 : 1 }]);
        expect((await original(world))?.reversedByLine).toEqual(begun ? { 1: 1990, 2: 500 } : undefined);
      }
    },
  );
});

describe('taking a document up again', () => {
  const again = (world: ReceiptWorld, id: ReceiptId = SALE) => retryReceipt(world.deps, id, 'operator-2');

  test('one that came to nothing gets a successor with the next number, once', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    world.renderer.failure = new RejectedError('pdf', 'no picture');
    const override = { document: 'courtesy-receipt', reason: 'accountant' } as const;
    await issueReceipts(world.deps, [{ orderId: ORDER, override, requestedBy: 'operator-1' }]);
    world.renderer.failure = undefined;
    const first = await again(world);
    expect(first).toMatchObject({
      outcome: 'issued',
      receipt: {
        receiptId: receiptId(ORDER, 'sale', '2'),
        number: { sequence: 2 },
        decision: { override: 'accountant' },
      },
    });
    expect(await again(world)).toEqual(first);
    expect(await world.receipts.listSeries()).toMatchObject([{ last: 2 }]);
    expect((await original(world))?.state).toBe('void');
  });

  test('one that was issued stays the one, until it was taken back whole', async () => {
    const world = await withReceipt();
    expect(await again(world)).toMatchObject({ problem: 'already-issued' });
    await reversal(world.deps, { wanted: { of: 'amount', amountMinor: 2489 } });
    expect(await again(world)).toMatchObject({ problem: 'already-issued' });
    await reversal(world.deps, { request: 'r2' });
    expect(await again(world)).toMatchObject({ outcome: 'issued', receipt: { number: { sequence: 4 } } });
  });

  test('one that is under way is finished now', async () => {
    const world = await withReceipt(receiptChannel({ receipts: undefined }));
    await world.channels.changeSettings('amazon-it', { receipts: { issuer: 'bitztobe' } }, 1);
    world.remote.answers = [
      { outcome: 'processing', remoteId: 'rem-1', retryAfterMs: 60_000 },
      REMOTE_ISSUED,
    ];
    await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'operator-1' }]);
    expect(await again(world)).toMatchObject({ outcome: 'issued', receipt: { receiptId: SALE } });
  });

  test('one that is not here is none', async () => {
    const world = await withReceipt();
    expect(await again(world, receiptId(ORDER, 'sale', '9'))).toMatchObject({ problem: 'receipt-not-here' });
  });
});

describe('what is due by itself', () => {
  test('is finished, and what is still under way is counted with its age', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    for (const n of [1, 2, 3]) await world.sold({ marketplaceOrderId: `404-0000001-000000${n}` });
    world.remote.answers = [{ outcome: 'processing', remoteId: 'rem', retryAfterMs: 60_000 }];
    await issueReceipts(
      world.deps,
      [1, 2, 3].map((n) => ({ orderId: orderId('amazon', `404-0000001-000000${n}`), requestedBy: 'system' })),
    );
    expect(await resumeReceipts(world.deps, PLENTY)).toMatchObject({ issued: 0, underWay: 0 });
    world.nowMs += 61_000;
    world.remote.answers = [
      REMOTE_ISSUED,
      { outcome: 'refused', problem: 'issuer-refused', details: [] },
      { outcome: 'processing', remoteId: 'rem', retryAfterMs: 60_000 },
    ];
    const resumed = await resumeReceipts(world.deps, PLENTY);
    expect(resumed).toMatchObject({
      issued: 1,
      cameToNothing: 1,
      underWay: 1,
      failures: [{ problem: 'issuer-refused' }],
      oldestRequestedAt: '2026-11-23T10:00:00.000Z',
    });
  });

  test('waits for the next run when there is no time left', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold();
    world.remote.answers = [{ outcome: 'processing', remoteId: 'rem', retryAfterMs: 60_000 }];
    await issueReceipts(world.deps, [{ orderId: ORDER, requestedBy: 'system' }]);
    world.nowMs += 61_000;
    await resumeReceipts(world.deps, () => 29_000);
    expect(world.remote.asked).toHaveLength(1);
  });
});
