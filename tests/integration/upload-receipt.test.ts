import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MANOMANO_CALLS_QUOTA } from '../../shared/adapters/manomano/client.ts';
import { receiptId } from '../../shared/domain/receipt.ts';
import { uploadReceipt } from '../../shared/usecases/upload-receipt.ts';
import { anAccount } from '../support/accounts.ts';
import { Crash } from '../support/receipt-world.ts';
import { type TestClock, testClock } from '../support/remote-world.ts';
import {
  amazonUploads,
  manomanoUploads,
  PDF,
  type UploadWorld,
  uploadWorld,
} from '../support/upload-world.ts';

const MINUTE = 60_000;
const SHIPPED = 'M2600000000001';
const SOLD = '300-0000001-0000001';

let clock: TestClock;
beforeEach(() => {
  clock = testClock();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('ManoMano', () => {
  const world = async (options?: Parameters<typeof uploadWorld>[3]) => {
    const manomano = manomanoUploads(clock);
    const our = await uploadWorld(clock, manomano, SHIPPED, options);
    await our.request();
    return { our, standIn: manomano.standIn };
  };

  test('gets the very bytes that were issued, once, and its id is kept as the evidence', async () => {
    const { our, standIn } = await world();
    clock.pass(MINUTE);
    expect(await our.work()).toEqual({ outcome: 'accepted', attempts: 1, delayMs: MINUTE });
    const [document, ...others] = standIn.documents(SHIPPED);
    expect(others).toEqual([]);
    expect(document?.pdf.equals(PDF)).toBe(true);
    expect(document).toMatchObject({ documentType: 'INVOICE', fileName: '1-RC-2026.pdf' });
    expect(await our.read()).toMatchObject({
      state: 'accepted',
      documentId: document?.documentId,
      attempts: 1,
    });
    expect(await our.request()).toEqual({ outcome: 'exists', marketplace: 'manomano' });
    expect(await our.work()).toEqual({ outcome: 'nothing-to-do' });
    expect(standIn.documents(SHIPPED)).toHaveLength(1);
  });

  test.each([
    ['refused-404', 'unknown-there'],
    ['refused-413', 'too-large'],
    ['refused-415', 'type-refused'],
    ['refused-400', 'rejected'],
  ] as const)('that answers %s has it not, and a person is told why', async (trouble, reason) => {
    const { our, standIn } = await world();
    standIn.trouble(trouble, 1);
    expect(await our.work()).toMatchObject({ outcome: 'rejected', reason, code: trouble.slice(-3) });
    expect((await our.uploads.listFailed({ limit: 9 })).uploads).toHaveLength(1);
    // The receipt itself is as it was.
    expect((await our.receipts.getMany([our.named])).get(our.named)?.state).toBe('issued');
    clock.pass(MINUTE);
    expect(await our.retry()).toMatchObject({ outcome: 'changed', upload: { state: 'wanted' } });
    expect(await our.work()).toMatchObject({ outcome: 'accepted', attempts: 2 });
    expect(standIn.documents(SHIPPED)).toHaveLength(1);
    expect((await our.uploads.listFailed({ limit: 9 })).uploads).toEqual([]);
    const { activities } = await our.activities.list({ subject: `order/${our.id}`, limit: 9 });
    expect(activities.map(({ action, actor }) => [action, actor])).toEqual([
      ['receipt-upload-retried', 'person-1'],
    ]);
  });

  test.each(['dropped-after', 'server-error-after', 'not-json', 'truncated', 'dropped'] as const)(
    'whose answer is lost (%s) is not sent it again: a person looks, and says what they see',
    async (trouble) => {
      const { our, standIn } = await world();
      standIn.trouble(trouble, 1);
      expect(await our.work()).toMatchObject({ outcome: 'unclear', reason: 'cannot-tell' });
      const kept = standIn.documents(SHIPPED).length;
      clock.pass(60 * MINUTE);
      expect((await our.plan()).asked).toBe(0);
      expect(await our.work()).toEqual({ outcome: 'nothing-to-do' });
      expect(await our.retry()).toMatchObject({ outcome: 'refused', refusal: 'look-first' });
      await our.retry(kept === 1 ? 'there' : 'not-there');
      if (kept === 0) await our.work();
      expect(await our.read()).toMatchObject({ state: 'accepted' });
      expect(standIn.documents(SHIPPED)).toHaveLength(1);
    },
  );

  test('that says it has one already is looked at by a person', async () => {
    const { our, standIn } = await world();
    standIn.trouble('refused-409', 1);
    expect(await our.work()).toMatchObject({ outcome: 'unclear', reason: 'already-there', code: '409' });
    expect(await our.retry('there')).toMatchObject({
      upload: { state: 'accepted', reason: 'seen-by-a-person' },
    });
    expect(await our.retry()).toMatchObject({ refusal: 'nothing-to-retry' });
  });

  test.each(['throttled-header', 'throttled-body', 'throttled-silent'] as const)(
    'that limits calls (%s) is sent it when there is one',
    async (trouble) => {
      const { our, standIn } = await world();
      standIn.trouble(trouble, 1);
      expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'throttled' });
      expect((await our.plan()).asked).toBe(0);
      clock.pass(2 * MINUTE);
      expect((await our.plan()).asked).toBe(1);
      expect(await our.work()).toMatchObject({ outcome: 'accepted' });
      expect(standIn.documents(SHIPPED)).toHaveLength(1);
    },
  );

  test('that cannot be reached at all was sent nothing: it is tried again by itself', async () => {
    const { our, standIn } = await world();
    const reached = globalThis.fetch;
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) });
    });
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect((await our.read()).state).toBe('wanted');
    vi.stubGlobal('fetch', reached);
    clock.pass(2 * MINUTE);
    await our.plan();
    expect(await our.work()).toMatchObject({ outcome: 'accepted', attempts: 2 });
    expect(standIn.documents(SHIPPED)).toHaveLength(1);
  });

  test('that does not let the account in is asked again later, and nothing is lost', async () => {
    const { our, standIn } = await world();
    standIn.revoke();
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'unauthorised' });
    await our.accounts.putAccount(
      anAccount({ marketplace: 'manomano', accountId: 'demo-manomano', health: 'revoked' }),
      1,
    );
    clock.pass(16 * MINUTE);
    const calls = standIn.calls.get('documents');
    expect(await our.work()).toMatchObject({ reason: 'unauthorised' });
    expect(standIn.calls.get('documents')).toBe(calls);
  });

  test.each([
    ['pdf-missing', undefined],
    ['pdf-empty', new Uint8Array()],
    ['pdf-malformed', new TextEncoder().encode('<html>')],
    ['pdf-too-large', new Uint8Array(6 * 1024 * 1024)],
    ['pdf-differs', new TextEncoder().encode('%PDF-1.7\nsomebody else’s\n%%EOF\n')],
  ] as const)('is not sent a file that is wrong (%s)', async (reason, bytes) => {
    const { our, standIn } = await world();
    if (bytes === undefined) our.files.objects.delete('receipts/1.pdf');
    else our.files.objects.set('receipts/1.pdf', bytes);
    expect(await our.work()).toMatchObject({ outcome: 'rejected', reason, attempts: 0 });
    expect(standIn.calls.get('documents')).toBeUndefined();
  });

  test('waits for its turn when the allowance is used up, and leaves calls to others', async () => {
    const { our, standIn } = await world();
    const deps = { ...our.deps, sending: { operation: 'calls', plan: MANOMANO_CALLS_QUOTA } };
    const bucket = 'manomano/demo-manomano/calls';
    for (let call = 0; call < 21; call += 1) await our.quota.take(bucket, MANOMANO_CALLS_QUOTA, clock.now());
    expect(await our.work(deps)).toMatchObject({ outcome: 'waits', reason: 'throttled' });
    expect(standIn.calls.get('documents')).toBeUndefined();
    expect(await our.quota.left(bucket, MANOMANO_CALLS_QUOTA, clock.now())).toBe(19);
    clock.pass(MINUTE);
    expect(await our.work(deps)).toMatchObject({ outcome: 'accepted' });
  });

  test('gets nothing while the channel’s switch is off, and all of it once it is on', async () => {
    const { our, standIn } = await world({ channel: { receiptsSync: false } });
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'receipts-sync-off' });
    const channel = await our.channels.getChannel('manomano-it');
    await our.channels.changeSettings('manomano-it', { receiptsSync: true }, channel?.version ?? 1);
    expect(await our.retry()).toMatchObject({ outcome: 'changed' });
    expect(await our.work()).toMatchObject({ outcome: 'accepted' });
    expect(standIn.documents(SHIPPED)).toHaveLength(1);
  });

  test('a worker without the time for a call begins none, and two at once make one call', async () => {
    const { our, standIn } = await world();
    expect(await our.work(our.deps, 5_000)).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    const outcomes = await Promise.all([our.work(), our.work(), our.work()]);
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(standIn.documents(SHIPPED)).toHaveLength(1);
  });

  test('a message that was lost is sent again, later each time, and never while it is worked on', async () => {
    const { our } = await world();
    const asked: number[] = [];
    for (let minute = 0; minute < 120; minute += 1) {
      if ((await our.plan()).asked === 1) asked.push(minute);
      clock.pass(MINUTE);
    }
    // The first message was sent with the news.
    expect(asked).toEqual([2, 12, 32, 72]);
  });

  test('is sent it at once when nothing waits before it and there is a call, else in its turn', async () => {
    const manomano = manomanoUploads(clock);
    const first = await uploadWorld(clock, manomano, SHIPPED);
    expect(await first.request()).toEqual({ outcome: 'sent-for', marketplace: 'manomano' });
    expect(first.queue.sent).toHaveLength(1);
    const behind = await uploadWorld(clock, manomano, SHIPPED);
    const before = receiptId(behind.id, 'sale', '9');
    const due = new Date(clock.now()).toISOString();
    await behind.uploads.create({ ...(await first.read()), receiptId: before, dueAt: due });
    expect(await behind.request()).toMatchObject({ outcome: 'waits' });
    expect(behind.queue.sent).toEqual([]);
    const poor = await uploadWorld(clock, manomano, SHIPPED);
    const plan = { ratePerSecond: 100, burst: 1_000 };
    await poor.quota.correct('manomano/demo-manomano/calls', plan, { exhausted: true }, clock.now());
    expect(await poor.request()).toMatchObject({ outcome: 'waits' });
  });

  test('after a month of waiting a person looks', async () => {
    const { our } = await world({ order: { status: 'to-accept' } });
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'order-not-ready' });
    clock.pass(31 * 24 * 60 * MINUTE);
    expect(await our.work()).toMatchObject({ outcome: 'rejected', reason: 'gave-up' });
  });

  test('a shop whose switch stays off is not told of failures, and may still have it sent', async () => {
    const { our } = await world({ channel: { receiptsSync: false } });
    clock.pass(31 * 24 * 60 * MINUTE);
    expect(await our.work()).toMatchObject({ outcome: 'not-available', reason: 'switched-off' });
    expect((await our.uploads.listFailed({ limit: 9 })).uploads).toEqual([]);
    const channel = await our.channels.getChannel('manomano-it');
    await our.channels.changeSettings('manomano-it', { receiptsSync: true }, channel?.version ?? 1);
    expect(await our.retry()).toMatchObject({ outcome: 'changed' });
    expect(await our.work()).toMatchObject({ outcome: 'accepted' });
  });
});

describe('Amazon', () => {
  const world = async (options?: Parameters<typeof uploadWorld>[3]) => {
    const amazon = amazonUploads(clock);
    const our = await uploadWorld(clock, amazon, SOLD, options);
    await our.request();
    return { our, standIn: amazon.standIn };
  };

  test('gets number, total and VAT with the bytes, and is asked until it has taken them', async () => {
    const { our, standIn } = await world();
    expect(await our.work()).toMatchObject({ outcome: 'followed', attempts: 1 });
    expect((await our.plan()).asked).toBe(0);
    clock.pass(3 * MINUTE);
    expect((await our.plan()).asked).toBe(1);
    expect(await our.work()).toMatchObject({ outcome: 'accepted', delayMs: 3 * MINUTE });
    const [invoice, ...others] = standIn.invoices(SOLD);
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({
      invoiceNumber: '1/RC/2026',
      totalAmount: '24.90',
      totalVatAmount: '4.49',
    });
    expect(invoice?.pdf.equals(PDF)).toBe(true);
    expect(standIn.calls.get('createFeed')).toBe(1);
  });

  test('that makes the invoices of an order itself says so, and so do we', async () => {
    const { our, standIn } = await world();
    standIn.invoiceItself(SOLD);
    await our.work();
    clock.pass(3 * MINUTE);
    expect(await our.work()).toMatchObject({
      outcome: 'rejected',
      reason: 'marketplace-invoices',
      code: '79525',
    });
    expect(standIn.invoices(SOLD)).toEqual([]);
  });

  test.each(['FATAL', 'CANCELLED'] as const)('whose work on it ends %s has it not', async (how) => {
    const { our, standIn } = await world();
    standIn.endFeed(how);
    await our.work();
    clock.pass(3 * MINUTE);
    expect(await our.work()).toMatchObject({ outcome: 'rejected', reason: 'rejected', code: how });
  });

  test('without the role for invoices is rejected with what is missing', async () => {
    const { our, standIn } = await world();
    standIn.setRoles({ invoicing: false });
    expect(await our.work()).toMatchObject({ outcome: 'rejected', reason: 'not-allowed' });
  });

  test.each(['server-error', 'dropped'] as const)(
    'that never got the document (%s) is sent it again by itself',
    async (trouble) => {
      const { our, standIn } = await world();
      standIn.trouble(trouble, 1, 'createFeedDocument');
      expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
      expect((await our.read()).state).toBe('wanted');
      await our.work();
      clock.pass(3 * MINUTE);
      expect(await our.work()).toMatchObject({ outcome: 'accepted' });
      expect(standIn.invoices(SOLD)).toHaveLength(1);
    },
  );

  test('that did not answer is asked for its feeds: with none after ten minutes it is sent again', async () => {
    const { our, standIn } = await world();
    standIn.trouble('dropped', 1, 'createFeed');
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'unavailable' });
    clock.pass(11 * MINUTE);
    expect(await our.work()).toMatchObject({ outcome: 'followed', attempts: 2 });
    clock.pass(3 * MINUTE);
    expect(await our.work()).toMatchObject({ outcome: 'accepted' });
    expect(standIn.invoices(SOLD)).toHaveLength(1);
  });

  test('that did not answer and has a feed that may be it is not sent it again', async () => {
    const { our, standIn } = await world();
    standIn.trouble('dropped-after', 1, 'createFeed');
    expect(await our.work()).toMatchObject({ outcome: 'unclear', reason: 'cannot-tell' });
    expect(standIn.calls.get('createFeed')).toBe(1);
  });

  test('waits for the shipment, and for a business order the clock begins with it', async () => {
    const { our, standIn } = await world({ order: { status: 'unshipped', business: true } });
    expect(await our.work()).toMatchObject({ outcome: 'waits', reason: 'order-not-shipped' });
    expect((await our.read()).deadlineAt).toBeUndefined();
    const stored = (await our.orders.getMany([our.id])).get(our.id)?.order;
    if (stored === undefined) throw new Error('no order');
    await our.orders.putOrder({ ...stored, status: 'shipped', updatedAt: '2026-11-23T11:00:00.000Z' });
    await our.work();
    expect(await our.read()).toMatchObject({ state: 'followed', deadlineAt: '2026-11-24T23:00:00.000Z' });
    expect(standIn.calls.get('createFeed')).toBe(1);
    // Nobody looks at it until its end is overdue.
    clock.pass(2 * 24 * 60 * MINUTE);
    expect((await our.plan()).pastDeadline).toBe(1);
  });
});

/** Every step of a worker that can be its last one: what it writes and whom it calls. */
function stepping({ deps, uploads }: UploadWorld, dies: (step: number) => boolean) {
  let step = 0;
  const around = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    step += 1;
    if (dies(step)) throw new Crash('before');
    const answer = await work();
    step += 1;
    if (dies(step)) throw new Crash('after');
    return answer;
  };
  const { uploader } = deps;
  return {
    steps: () => step,
    deps: {
      ...deps,
      uploads: {
        getMany: (ids: Parameters<typeof uploads.getMany>[0]) => uploads.getMany(ids),
        change: (...of: Parameters<typeof uploads.change>) => around(() => uploads.change(...of)),
      },
      uploader: {
        asks: uploader.asks,
        upload: (...of: Parameters<typeof uploader.upload>) => around(() => uploader.upload(...of)),
        find: (...of: Parameters<typeof uploader.find>) => around(() => uploader.find(...of)),
      },
    },
  };
}

/** Works until it has ended; the worker dies where it is told to, and another takes its place. */
async function run(our: UploadWorld, dies: (step: number) => boolean): Promise<number> {
  const { deps, steps } = stepping(our, dies);
  for (let look = 0; look < 60; look += 1) {
    await our.plan();
    for (const { job } of our.queue.sent.splice(0)) {
      await uploadReceipt(deps, job, () => 175_000).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
    }
    if (['accepted', 'rejected', 'unclear'].includes((await our.read()).state)) return steps();
    clock.pass(5 * MINUTE);
  }
  throw new Error('never comes to an end');
}

describe.each(['manomano', 'amazon'] as const)('%s, wherever a worker dies', (marketplace) => {
  test('has the document once at most, and if it is not known to, a person is asked', async () => {
    let last = 1;
    const ended: string[] = [];
    for (let death = 0; death <= last; death += 1) {
      const { our, kept } =
        marketplace === 'manomano'
          ? await (async () => {
              const partner = manomanoUploads(clock);
              const kept = () => partner.standIn.documents(SHIPPED).length;
              return { our: await uploadWorld(clock, partner, SHIPPED), kept };
            })()
          : await (async () => {
              const partner = amazonUploads(clock);
              const kept = () => partner.standIn.invoices(SOLD).length;
              return { our: await uploadWorld(clock, partner, SOLD), kept };
            })();
      await our.request();
      await our.request();
      const steps = await run(our, (step) => step === death);
      if (death === 0) last = steps;
      const { state } = await our.read();
      ended.push(state);
      if (state === 'accepted') expect(kept(), `death ${death}`).toBe(1);
      else expect(state, `death ${death}`).toBe('unclear');
      expect(kept(), `death ${death}`).toBeLessThanOrEqual(1);
    }
    expect(ended[0]).toBe('accepted');
    expect(ended.length).toBeGreaterThan(5);
  });
});
