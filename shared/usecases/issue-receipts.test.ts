import { describe, expect, test } from 'vitest';
import {
  Crash,
  crashing,
  REMOTE_ISSUED,
  ReceiptWorld,
  receiptChannel,
} from '../../tests/support/receipt-world.ts';
import { receiptSettings } from '../../tests/support/receipts.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { orderId } from '../domain/order.ts';
import { receiptId } from '../domain/receipt.ts';
import type { ReceiptOutcome } from './finish-receipt.ts';
import { type IssueReceiptsDeps, type IssueRequest, issueReceipts } from './issue-receipts.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const SALE = receiptId(ORDER, 'sale', '1');
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

async function issue(deps: IssueReceiptsDeps, request: Partial<IssueRequest> = {}): Promise<ReceiptOutcome> {
  const [outcome] = await issueReceipts(deps, [{ orderId: ORDER, requestedBy: 'operator-1', ...request }]);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

function problemOf(outcome: ReceiptOutcome): string | undefined {
  return outcome.outcome === 'refused' ? outcome.problem : (outcome.receipt.problem ?? outcome.outcome);
}

describe('an order gets its receipt', () => {
  test('numbered, drawn, kept, announced, with what it was decided by', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    const outcome = await issue(world.deps);
    expect(outcome).toMatchObject({
      outcome: 'issued',
      receipt: {
        receiptId: SALE,
        kind: 'courtesy-receipt',
        state: 'issued',
        number: { text: '1/RC/2026' },
        issueDate: '2026-11-23',
        currency: 'EUR',
        totals: { grossMinor: 2490, vatMinor: 449 },
        vatTreatment: 'domestic',
        vatCountry: 'IT',
        destinationCountry: 'IT',
        buyerShown: 'named',
        decision: { document: 'courtesy-receipt', ruleId: 'consumer' },
        file: { key: 'receipts/IT00000000000/2026/RC/1.pdf' },
      },
    });
    expect(new TextDecoder().decode(world.files.objects.get('receipts/IT00000000000/2026/RC/1.pdf'))).toBe(
      'courtesy-receipt 1/RC/2026 2490 Buyer One',
    );
    expect(world.issued.sent.map(({ job }) => job)).toEqual([
      { receiptId: SALE, marketplace: 'amazon', channelId: 'amazon-it' },
    ]);
    expect((await world.receipts.listDue({ until: '2027-01-01', limit: 9 })).receipts).toEqual([]);
  });

  test('without a trace of the person outside the PDF', async () => {
    const world = new ReceiptWorld();
    await world.sold({}, { taxRegistrations: [{ kind: 'CODICE_FISCALE', number: 'NVNNMN00A00A000A' }] });
    await issue(world.deps);
    const stored = JSON.stringify([await world.receipts.ofOrder(ORDER), world.issued.sent]);
    for (const word of ['Buyer One', 'Street 1', 'Town', 'NVNNMN00A00A000A'])
      expect(stored).not.toContain(word);
    expect(world.renderer.pages[0]?.buyer).toMatchObject({ name: 'Buyer One', taxCode: 'NVNNMN00A00A000A' });
  });

  test('the same request again, and twice in one call, is the same document', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    const first = await issue(world.deps);
    expect(await issue(world.deps)).toEqual(first);
    const request = { orderId: ORDER, requestedBy: 'operator-2' };
    expect(await issueReceipts(world.deps, [request, request])).toEqual([first, first]);
    expect(world.files.objects.size).toBe(1);
    expect(world.issued.sent).toHaveLength(1);
    expect(await world.receipts.listSeries()).toMatchObject([{ last: 1 }]);
  });

  test('in bulk, one that is refused stops no other, and answers come in their order', async () => {
    const world = new ReceiptWorld();
    const numbers = Array.from({ length: 20 }, (_, n) => `404-0000000-${String(n).padStart(7, '0')}`);
    for (const marketplaceOrderId of numbers.slice(1)) await world.sold({ marketplaceOrderId });
    const outcomes = await issueReceipts(
      world.deps,
      numbers.map((number) => ({ orderId: orderId('amazon', number), requestedBy: 'operator-1' })),
    );
    expect(outcomes.map(problemOf)).toEqual(['order-not-here', ...numbers.slice(1).map(() => 'issued')]);
    expect(outcomes.slice(1).map((o) => 'receipt' in o && o.receipt?.number?.sequence)).toEqual(
      numbers.slice(1).map((_, at) => at + 1),
    );
  });

  test("in the channel's own series, where it has one, and in its country's language", async () => {
    const world = new ReceiptWorld({
      channels: [receiptChannel({ country: 'DE', receipts: { issuer: 'built-in', series: 'AMZ' } })],
    });
    await world.sold();
    expect(await issue(world.deps)).toMatchObject({
      receipt: { number: { text: '1/AMZ/2026' }, language: 'en' },
    });
  });

  test('with the year of Rome: 23:30 UTC on New Year\u2019s Eve is next year', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    world.nowMs = Date.parse('2026-12-31T23:30:00.000Z');
    expect(await issue(world.deps)).toMatchObject({
      receipt: { number: { text: '1/RC/2027' }, issueDate: '2027-01-01' },
    });
  });

  test('of the day before, half an hour earlier than Rome\u2019s midnight', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    world.nowMs = Date.parse('2026-12-31T22:30:00.000Z');
    expect(await issue(world.deps)).toMatchObject({
      receipt: { number: { text: '1/RC/2026' }, issueDate: '2026-12-31' },
    });
  });

  test('without a name, once that is refused or was deleted', async () => {
    for (const state of ['refused', 'deleted'] as const) {
      const world = new ReceiptWorld();
      await world.sold({}, { state, name: undefined, deliveryAddress: undefined });
      expect(await issue(world.deps)).toMatchObject({ outcome: 'issued', receipt: { buyerShown: 'none' } });
      expect(world.renderer.pages[0]?.buyer).toBeUndefined();
    }
  });
});

describe('an order gets no receipt', () => {
  test.each<[string, Parameters<ReceiptWorld['sold']>[0]]>([
    ['order-not-ready', { status: 'pending' }],
    ['order-not-ready', { status: 'to-accept' }],
    ['order-not-ready', { status: 'unknown' }],
    ['order-cancelled', { status: 'cancelled' }],
    ['order-refunded', { status: 'refunded' }],
    ['nothing-to-pay', { total: eur(0) }],
    ['amounts-missing', { total: undefined }],
    ['totals-differ', { total: eur(2491) }],
    ['channel-not-here', { channelId: 'amazon-fr' }],
  ])('%s', async (problem, order) => {
    const world = new ReceiptWorld();
    await world.sold(order);
    expect(problemOf(await issue(world.deps))).toBe(problem);
    expect(await world.receipts.ofOrder(ORDER)).toEqual([]);
    expect(await world.receipts.listSeries()).toEqual([]);
  });

  test('when its channel is associated with no issuer, and says which channel', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: undefined })] });
    await world.sold();
    expect(await issue(world.deps)).toMatchObject({ problem: 'no-association', details: ['amazon-it'] });
  });

  test('before the shop has said who it is', async () => {
    const world = new ReceiptWorld();
    const settings = { getSettings: async () => undefined, putSettings: async () => 'conflict' as const };
    await world.sold();
    expect(problemOf(await issue({ ...world.deps, settings }))).toBe('seller-data-missing');
  });

  test('when its issuer is not connected', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold();
    expect(problemOf(await issue({ ...world.deps, issuers: {} }))).toBe('issuer-connection-missing');
  });

  test('while its name is on its way', async () => {
    const world = new ReceiptWorld();
    await world.sold({}, { state: 'waiting', name: undefined, deliveryAddress: undefined });
    expect(problemOf(await issue(world.deps))).toBe('buyer-waiting');
  });

  test('when a rule says that none is due', async () => {
    const world = new ReceiptWorld({
      settings: receiptSettings({
        rules: [{ ruleId: 'no-amazon', marketplaces: ['amazon'], document: 'none' }],
      }),
    });
    await world.sold();
    expect(await issue(world.deps)).toMatchObject({ problem: 'not-due', details: ['no-amazon'] });
  });

  test('of the built-in issuer when it has to be an electronic invoice; another issuer makes it', async () => {
    const world = new ReceiptWorld();
    await world.sold({ business: true });
    expect(await issue(world.deps)).toMatchObject({
      problem: 'electronic-invoice-not-possible',
      details: ['business'],
    });
    world.remote.answers = [REMOTE_ISSUED];
    await world.channels.changeSettings('amazon-it', { receipts: { issuer: 'bitztobe' } }, 1);
    expect(await issue(world.deps)).toMatchObject({
      outcome: 'issued',
      receipt: { kind: 'electronic-invoice', issuer: 'bitztobe', number: { text: 'A-7' } },
    });
  });

  test('as an invoice in nobody\u2019s name', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold({ business: true }, { state: 'refused', name: undefined, deliveryAddress: undefined });
    expect(problemOf(await issue(world.deps))).toBe('buyer-missing');
  });
});

describe('what the document says', () => {
  test('a person may decide otherwise, and that they did is on it', async () => {
    const world = new ReceiptWorld();
    await world.sold({ business: true });
    const override = { document: 'courtesy-receipt', reason: 'accountant' } as const;
    expect(await issue(world.deps, { override })).toMatchObject({
      receipt: { kind: 'courtesy-receipt', decision: { ruleId: 'business', override: 'accountant' } },
    });
  });

  test('under the one-stop shop it is the VAT of where the parcel goes', async () => {
    const vat = { ...receiptSettings().vat, oneStopShop: true };
    const world = new ReceiptWorld({ settings: receiptSettings({ vat }) });
    await world.sold({}, { deliveryAddress: { name: 'Buyer One', lines: ['Street 1'], countryCode: 'DE' } });
    expect(await issue(world.deps)).toMatchObject({
      receipt: {
        vatTreatment: 'one-stop-shop',
        vatCountry: 'DE',
        totals: { byRate: [{ rateHundredths: 1900 }] },
      },
    });
  });

  test('a business of another EU country with a VAT number pays none', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    world.remote.answers = [REMOTE_ISSUED];
    await world.sold(
      { business: true },
      {
        deliveryAddress: { name: 'Buyer One', lines: ['Street 1'], countryCode: 'DE' },
        taxRegistrations: [{ kind: 'VAT', number: 'DE000000000' }],
      },
    );
    expect(await issue(world.deps)).toMatchObject({
      receipt: {
        vatTreatment: 'reverse-charge',
        business: true,
        totals: { vatMinor: 0, byRate: [{ rateHundredths: 0, nature: 'N3.2' }] },
      },
    });
  });
});

describe('when something fails', () => {
  test('a page that can never be drawn leaves a void number, and the number stays taken', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    await world.sold({ marketplaceOrderId: '404-0000002-0000002' });
    world.renderer.failure = new RejectedError('pdf', 'no picture');
    expect(await issue(world.deps)).toMatchObject({
      outcome: 'refused',
      problem: 'cannot-be-rendered',
      receipt: { state: 'void', number: { sequence: 1 } },
    });
    world.renderer.failure = undefined;
    expect(problemOf(await issue(world.deps))).toBe('cannot-be-rendered');
    expect(await issue(world.deps, { orderId: orderId('amazon', '404-0000002-0000002') })).toMatchObject({
      receipt: { number: { sequence: 2 } },
    });
    expect(world.issued.sent).toHaveLength(1);
  });

  test('a bucket that does not answer is tried again under the same number', async () => {
    const world = new ReceiptWorld();
    await world.sold();
    const files = {
      read: async () => undefined,
      keep: async () => {
        throw new UnavailableError('s3', 'no answer');
      },
    };
    expect(await issue({ ...world.deps, files })).toMatchObject({
      outcome: 'under-way',
      receipt: { state: 'numbered', problem: 'pdf-not-kept', number: { sequence: 1 } },
    });
    const { receipts: due } = await world.receipts.listDue({ until: '2026-11-23T10:01:00.000Z', limit: 9 });
    expect(due).toHaveLength(1);
    expect(await issue(world.deps)).toMatchObject({
      outcome: 'issued',
      receipt: { number: { sequence: 1 } },
    });
  });

  test.each([
    [new ThrottledError('bitztobe', 'slow down', { retryAfterMs: 120_000 }), 'issuer-throttled', 120_000],
    [new UnavailableError('bitztobe', 'no answer'), 'issuer-unavailable', 120_000],
    [new UnexpectedAnswerError('bitztobe', 'nonsense'), 'issuer-answer-unexpected', 120_000],
    [new RejectedError('bitztobe', 'no', { status: 401 }), 'issuer-key-refused', 120_000],
  ])('%s of another issuer is tried again later', async (failure, problem, afterMs) => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold();
    world.remote.answers = [failure, REMOTE_ISSUED];
    const outcome = await issue(world.deps);
    expect(outcome).toMatchObject({
      outcome: 'under-way',
      receipt: { problem, attempts: 1, state: 'requested' },
    });
    const { receipt } = outcome;
    expect(Date.parse(receipt?.dueAt ?? '')).toBe(world.nowMs + afterMs);
    expect(await issue(world.deps)).toMatchObject({ outcome: 'issued', receipt: { state: 'issued' } });
    // The second call knows that there was a first.
    expect(world.remote.asked.map((call) => call.receipt.attempts)).toEqual([1, 2]);
  });

  test('an issuer that takes its time is asked again, with its own id', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold();
    world.remote.answers = [
      { outcome: 'processing', remoteId: 'rem-1', retryAfterMs: 90_000 },
      REMOTE_ISSUED,
    ];
    expect(await issue(world.deps)).toMatchObject({
      outcome: 'under-way',
      receipt: { state: 'processing', remoteId: 'rem-1', problem: 'issuer-processing' },
    });
    const done = await issue(world.deps);
    expect(done).toMatchObject({
      outcome: 'issued',
      receipt: {
        number: { text: 'A-7' },
        remoteId: 'rem-1',
        file: { key: 'receipts/IT00000000000/2026/bitztobe/rem-1.pdf' },
      },
    });
    expect(done.receipt).not.toHaveProperty('problem');
    expect(world.remote.asked[1]?.receipt.remoteId).toBe('rem-1');
  });

  test('an issuer that says no leaves nothing but its reason', async () => {
    const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer: 'bitztobe' } })] });
    await world.sold();
    world.remote.answers = [{ outcome: 'refused', problem: 'issuer-refused', details: ['totals.gross'] }];
    expect(await issue(world.deps)).toMatchObject({
      outcome: 'refused',
      problem: 'issuer-refused',
      details: ['totals.gross'],
      receipt: { state: 'failed', attempts: 1 },
    });
    expect(await world.receipts.listSeries()).toEqual([]);
    expect(problemOf(await issue(world.deps))).toBe('issuer-refused');
    expect(world.remote.asked).toHaveLength(1);
  });
});

describe.each(['before', 'after'] as const)('a process that ends %s any of its writes', (when) => {
  test.each(['built-in', 'bitztobe'] as const)(
    'leaves one document of the %s issuer all the same',
    async (issuer) => {
      let writes = 0;
      for (let at = 1; at === 1 || at <= writes; at += 1) {
        const world = new ReceiptWorld({ channels: [receiptChannel({ receipts: { issuer } })] });
        world.remote.answers = [REMOTE_ISSUED];
        await world.sold();
        const plan = { at, when, calls: 0 };
        const { receipts, files, issued, issuers, ...rest } = world.deps;
        const ending: IssueReceiptsDeps = {
          ...rest,
          receipts: crashing(receipts, ['create', 'change'], plan),
          files: crashing(files, ['keep'], plan),
          issued: crashing(issued, ['send'], plan),
          issuers: { ...issuers, bitztobe: crashing(world.remote, ['issue'], plan) },
        };
        await expect(issue(ending)).rejects.toBeInstanceOf(Crash);
        writes = Math.max(writes, plan.calls, issuer === 'built-in' ? 5 : 7);
        const outcome = await issue(world.deps);
        expect(outcome.outcome, `at write ${at}`).toBe('issued');
        expect(await world.receipts.ofOrder(ORDER)).toHaveLength(1);
        expect(world.files.objects.size).toBe(1);
        expect(await world.receipts.listSeries()).toHaveLength(issuer === 'built-in' ? 1 : 0);
        if (issuer === 'built-in') expect(await world.receipts.listSeries()).toMatchObject([{ last: 1 }]);
        expect(new Set(world.issued.sent.map(({ job }) => job.receiptId))).toEqual(new Set([SALE]));
        expect((await world.receipts.listDue({ until: '2027-01-01', limit: 9 })).receipts).toEqual([]);
        if (issuer === 'bitztobe' && world.remote.asked.length > 1) {
          expect(world.remote.asked.at(-1)?.receipt.attempts).toBeGreaterThan(1);
        }
      }
    },
  );
});
