import { describe, expect, test } from 'vitest';
import { orderId } from '../../shared/domain/order.ts';
import { type Receipt, receiptId } from '../../shared/domain/receipt.ts';
import type { ReceiptSettingsStore } from '../../shared/ports/receipt-settings-store.ts';
import type { ReceiptDraft, ReceiptStore } from '../../shared/ports/receipt-store.ts';
import type { ReceiptSweepStore } from '../../shared/ports/receipt-sweep-store.ts';
import { aDraft, receiptLine, receiptSettings } from '../support/receipts.ts';

const orderOf = (n: number) => orderId('amazon', `404-0000000-${String(n).padStart(7, '0')}`);

/** A draft of an order of its own. */
function draftOf(n: number, overrides: Partial<ReceiptDraft> = {}): ReceiptDraft {
  return aDraft({ orderId: orderOf(n), ...overrides });
}

/** What every receipt store promises; run on the real one and on the one in memory. */
export function receiptStoreContract(name: string, create: () => Promise<ReceiptStore>): void {
  const stored = async (store: ReceiptStore, draft: ReceiptDraft): Promise<Receipt> => {
    const [answer] = await store.create([draft]);
    if (answer?.state !== 'created') throw new Error('not created');
    return answer.receipt;
  };

  describe(`${name}: receipts`, () => {
    test('a document comes back as it was stored, with its number', async () => {
      const store = await create();
      const full = aDraft({
        lines: [
          receiptLine({ nature: 'N3.2', rateHundredths: 0, orderLineId: 'l-1', discountMinor: -10 }),
          receiptLine({ lineNumber: 2, kind: 'shipping', sku: undefined, unitGrossMinor: undefined }),
        ],
        siteName: undefined,
        decision: { ...aDraft().decision, ruleId: undefined, override: 'accountant' },
      });
      const receipt = await stored(store, full);
      const { series: _, ...documented } = full;
      expect(receipt).toEqual({
        ...documented,
        number: { text: '1/RC/2026', series: 'RC', year: 2026, sequence: 1 },
        state: 'numbered',
        attempts: 0,
        version: 1,
      });
      expect((await store.getMany([receipt.receiptId])).get(receipt.receiptId)).toEqual(receipt);
    });

    test('numbers run on, in the order of the drafts, over several calls and large ones', async () => {
      const store = await create();
      const [, ...rest] = Array.from({ length: 121 }, (_, n) => draftOf(n + 1));
      await stored(store, draftOf(1));
      const answers = await store.create(rest);
      expect(answers.map(({ receipt }) => receipt.number?.sequence)).toEqual(rest.map((_, at) => at + 2));
      expect(answers.map(({ receipt }) => receipt.receiptId)).toEqual(rest.map((draft) => draft.receiptId));
    });

    test('a document that is there takes no number, alone or among others', async () => {
      const store = await create();
      const first = await stored(store, draftOf(1));
      expect(await store.create([draftOf(1)])).toEqual([{ state: 'exists', receipt: first }]);
      const answers = await store.create([draftOf(2), draftOf(1), draftOf(3)]);
      expect(answers.map(({ state, receipt }) => [state, receipt.number?.sequence])).toEqual([
        ['created', 2],
        ['exists', 1],
        ['created', 3],
      ]);
      expect(await store.listSeries()).toMatchObject([{ last: 3 }]);
    });

    test('the same document twice in one call is a mistake', async () => {
      const store = await create();
      await expect(store.create([draftOf(1), draftOf(1)])).rejects.toThrow('one document twice');
      expect(await store.listSeries()).toEqual([]);
    });

    test('each seller, series and year counts for itself', async () => {
      const store = await create();
      const answers = await store.create([
        draftOf(1),
        draftOf(2, { series: 'EBY' }),
        draftOf(3, { issueDate: '2027-01-01' }),
        draftOf(4, { sellerId: 'IT00000000001' }),
        draftOf(5),
      ]);
      expect(answers.map(({ receipt }) => receipt.number?.text)).toEqual([
        '1/RC/2026',
        '1/EBY/2026',
        '1/RC/2027',
        '1/RC/2026',
        '2/RC/2026',
      ]);
      expect(await store.listSeries()).toEqual([
        { sellerId: 'IT00000000000', series: 'EBY', year: 2026, last: 1, lastIssueDate: '2026-11-23' },
        { sellerId: 'IT00000000000', series: 'RC', year: 2026, last: 2, lastIssueDate: '2026-11-23' },
        { sellerId: 'IT00000000000', series: 'RC', year: 2027, last: 1, lastIssueDate: '2027-01-01' },
        { sellerId: 'IT00000000001', series: 'RC', year: 2026, last: 1, lastIssueDate: '2026-11-23' },
      ]);
    });

    test('a later number never has an earlier date', async () => {
      const store = await create();
      await stored(store, draftOf(1, { issueDate: '2026-11-24' }));
      expect((await stored(store, draftOf(2, { issueDate: '2026-11-23' }))).issueDate).toBe('2026-11-24');
      expect((await stored(store, draftOf(3, { issueDate: '2026-11-25' }))).issueDate).toBe('2026-11-25');
    });

    test('a document that another issuer numbers takes none of ours', async () => {
      const store = await create();
      const receipt = await stored(store, draftOf(1, { series: undefined, issuer: 'bitztobe' }));
      expect(receipt).toMatchObject({ state: 'requested', version: 1 });
      expect(receipt.number).toBeUndefined();
      expect(await store.create([draftOf(1)])).toMatchObject([
        { state: 'exists', receipt: { issuer: 'bitztobe' } },
      ]);
      expect(await store.listSeries()).toEqual([]);
    });

    test('a change needs the version that was read', async () => {
      const store = await create();
      const receipt = await stored(store, draftOf(1));
      const issued: Receipt = {
        ...receipt,
        state: 'issued',
        issuedAt: '2026-11-23T09:00:01.000Z',
        file: { key: 'receipts/x.pdf', sha256: 'ab', sizeBytes: 3 },
        problem: 'issuer-throttled',
        issuerDetails: ['totals.gross'],
        remoteId: 'r-1',
        attempts: 2,
        dueAt: undefined,
      };
      expect(await store.change(issued)).toBe('changed');
      expect(await store.change(issued)).toBe('conflict');
      const { dueAt: _, ...kept } = issued;
      expect((await store.getMany([receipt.receiptId])).get(receipt.receiptId)).toEqual({
        ...kept,
        version: 2,
      });
    });

    test('two documents change together or not at all', async () => {
      const store = await create();
      const [one, two] = (await store.create([draftOf(1), draftOf(2)])).map(({ receipt }) => receipt);
      if (one === undefined || two === undefined) throw new Error('nothing stored');
      const ended = { ...one, state: 'void' as const };
      expect(await store.change(ended, { ...two, version: 7 })).toBe('conflict');
      expect((await store.getMany([one.receiptId])).get(one.receiptId)).toEqual(one);
      expect(await store.change(ended, { ...two, reversedByLine: { 1: 5 } })).toBe('changed');
      const after = await store.getMany([one.receiptId, two.receiptId]);
      expect(after.get(one.receiptId)).toEqual({ ...ended, version: 2 });
      expect(after.get(two.receiptId)).toEqual({ ...two, reversedByLine: { 1: 5 }, version: 2 });
    });

    test('an order has all its documents, and nobody else\u2019s', async () => {
      const store = await create();
      await stored(store, aDraft({ request: '1' }));
      await stored(store, aDraft({ request: '2', requestedAt: '2026-11-23T09:30:00.000Z' }));
      await stored(store, draftOf(7));
      const found = await store.ofOrder(aDraft().orderId);
      expect(found.map(({ receiptId }) => receiptId.split('/')[1])).toEqual(['sale-1', 'sale-2']);
      expect(await store.ofOrder(orderOf(99))).toEqual([]);
    });

    test('a month has its documents by day and number, a page at a time, and no other month\u2019s', async () => {
      const store = await create();
      await store.create([
        ...Array.from({ length: 11 }, (_, n) => draftOf(n + 1)),
        draftOf(20, { issueDate: '2026-12-01' }),
      ]);
      const numbers: (string | undefined)[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.ofMonth({ month: '2026-11', limit: 4, cursor });
        expect(page.receipts.length).toBeLessThanOrEqual(4);
        numbers.push(...page.receipts.map(({ number }) => number?.text));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(numbers).toEqual(Array.from({ length: 11 }, (_, n) => `${n + 1}/RC/2026`));
    });

    test('what is not finished is found when its time has come, until nothing is due', async () => {
      const store = await create();
      const [late, early] = await store.create([
        draftOf(1, { dueAt: '2026-11-23T10:00:00.000Z' }),
        draftOf(2, { dueAt: '2026-11-23T09:10:00.000Z' }),
        draftOf(3, { dueAt: '2026-11-23T12:00:00.000Z' }),
      ]);
      const due = await store.listDue({ until: '2026-11-23T11:00:00.000Z', limit: 10 });
      expect(due.receipts.map(({ receiptId }) => receiptId)).toEqual([
        early?.receipt.receiptId,
        late?.receipt.receiptId,
      ]);
      if (early === undefined) throw new Error('nothing stored');
      await store.change({ ...early.receipt, state: 'issued', dueAt: undefined });
      const after = await store.listDue({ until: '2026-11-23T11:00:00.000Z', limit: 10 });
      expect(after.receipts).toHaveLength(1);
    });
  });

  describe(`${name}: reversals`, () => {
    const reversalOf = (original: Receipt, request: string): ReceiptDraft =>
      aDraft({
        orderId: original.orderId,
        receiptId: receiptId(original.orderId, 'reversal', request),
        kind: 'courtesy-reversal',
        lines: [receiptLine({ grossMinor: -100 })],
        reverses: {
          receiptId: original.receiptId,
          numberText: original.number?.text ?? '',
          issueDate: original.issueDate,
          reason: 'refund',
        },
      });

    test('a reversal and what it takes back are stored together', async () => {
      const store = await create();
      const original = await stored(store, draftOf(1));
      const { receiptId: id, version } = original;
      const answer = await store.createReversal(reversalOf(original, 'r1'), {
        receiptId: id,
        expectedVersion: version,
        reversedByLine: { 1: 100 },
      });
      expect(answer).toMatchObject({ state: 'created', receipt: { number: { sequence: 2 } } });
      expect((await store.getMany([id])).get(id)).toEqual({
        ...original,
        reversedByLine: { 1: 100 },
        version: 2,
      });
    });

    test('the same reversal again is the same, and takes nothing more back', async () => {
      const store = await create();
      const original = await stored(store, draftOf(1));
      const taking = (expectedVersion: number, taken: number) =>
        store.createReversal(reversalOf(original, 'r1'), {
          receiptId: original.receiptId,
          expectedVersion,
          reversedByLine: { 1: taken },
        });
      const first = await taking(1, 100);
      expect(await taking(1, 100)).toEqual({ ...(first === 'conflict' ? {} : first), state: 'exists' });
      expect(await taking(2, 200)).toMatchObject({ state: 'exists' });
      expect(
        (await store.ofOrder(original.orderId)).find((each) => each.kind === 'courtesy-receipt'),
      ).toMatchObject({
        reversedByLine: { 1: 100 },
        version: 2,
      });
    });

    test('of two that read the same receipt one goes first, and the other takes no number', async () => {
      const store = await create();
      const original = await stored(store, draftOf(1));
      const taking = (request: string) =>
        store.createReversal(reversalOf(original, request), {
          receiptId: original.receiptId,
          expectedVersion: 1,
          reversedByLine: { 1: 2490 },
        });
      const answers = await Promise.all([taking('r1'), taking('r2')]);
      expect(answers.filter((answer) => answer === 'conflict')).toHaveLength(1);
      expect(await store.listSeries()).toMatchObject([{ last: 2 }]);
    });
  });
}

export function receiptSettingsStoreContract(
  name: string,
  create: () => Promise<ReceiptSettingsStore>,
): void {
  describe(`${name}: receipt settings`, () => {
    test('come back as they were stored, and need the version that was read', async () => {
      const store = await create();
      expect(await store.getSettings()).toBeUndefined();
      const settings = receiptSettings({
        logoKey: 'logo/1.png',
        courtesyNotes: { it: 'Parole del commercialista.' },
        bitztobe: { baseUrl: 'https://receipts.example', issuerAccountId: 'acc-1' },
      });
      expect(await store.putSettings(settings, 0)).toBe('stored');
      expect(await store.putSettings(settings, 0)).toBe('conflict');
      expect(await store.getSettings()).toEqual({ ...settings, version: 1 });
      expect(await store.putSettings({ ...settings, series: 'NEW' }, 1)).toBe('stored');
      expect(await store.getSettings()).toMatchObject({ series: 'NEW', version: 2 });
    });
  });
}

export function receiptSweepStoreContract(name: string, create: () => Promise<ReceiptSweepStore>): void {
  test(`${name}: how far a channel was gone through is kept in place of what was before, each for itself`, async () => {
    const store = await create();
    expect(await store.getSweep('amazon-it')).toBeUndefined();
    await store.putSweep({ channelId: 'amazon-it', channelVersion: 2, cursor: 'page-2' });
    await store.putSweep({ channelId: 'ebay-it', channelVersion: 1 });
    expect(await store.getSweep('amazon-it')).toEqual({
      ...{ channelId: 'amazon-it', channelVersion: 2 },
      cursor: 'page-2',
    });
    await store.putSweep({ channelId: 'amazon-it', channelVersion: 2, cursor: undefined });
    expect((await store.getSweep('amazon-it'))?.cursor).toBeUndefined();
    expect(await store.getSweep('ebay-it')).toMatchObject({ channelVersion: 1 });
  });
}
