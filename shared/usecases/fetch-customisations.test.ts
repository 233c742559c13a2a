import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryCustomisationFiles } from '../../tests/support/memory/customisation-files.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { aBuyer, anOrder } from '../../tests/support/orders.ts';
import type { Buyer } from '../domain/buyer.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../domain/errors.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import { type CustomisationPackage, RefusedCustomisation } from '../ports/customisation-source.ts';
import { type FetchCustomisationsDeps, fetchCustomisations } from './fetch-customisations.ts';

const MINUTE_MS = 60_000;
const WANTED_AT = '2026-11-23T10:00:00.000Z';
const order = anOrder();
const line = order.lines[0]?.orderLineId ?? '';
const contents: CustomisationPackage = {
  packed: Buffer.from('zip'),
  customisation: {
    parts: [{ surface: undefined, label: 'Line', kind: 'text', value: 'Ciao' }],
    notUnderstood: [],
    files: [],
  },
  files: [],
};
const followUp: FollowUp = {
  kind: 'customisation',
  orderId: order.orderId,
  orderLineId: line,
  marketplace: 'amazon',
  marketplaceOrderId: order.marketplaceOrderId,
  accountId: order.accountId,
  siteId: order.siteId,
  channelId: order.channelId,
  wantedAt: WANTED_AT,
  deadline: '2026-11-27T22:59:59.000Z',
  state: 'waiting',
  dueAt: WANTED_AT,
  attempts: 0,
  version: 1,
};
const named = (url: string | undefined): Buyer =>
  aBuyer({ lines: [{ orderLineId: line, customisationUrl: url }] });
const plenty = () => 600_000;

let nowMs: number;
let followUps: MemoryFollowUpStore;
let orders: MemoryOrderStore;
let buyers: MemoryBuyerStore;
let files: MemoryCustomisationFiles;
/** What Amazon says of the order when it is asked again; undefined: it must not be asked. */
let remoteBuyer: Buyer | undefined;
let asked: number;
let downloads: string[];
let download: (url: string) => CustomisationPackage;

beforeEach(async () => {
  nowMs = Date.parse(WANTED_AT) + MINUTE_MS;
  followUps = new MemoryFollowUpStore();
  orders = new MemoryOrderStore();
  buyers = new MemoryBuyerStore();
  files = new MemoryCustomisationFiles();
  remoteBuyer = undefined;
  asked = 0;
  downloads = [];
  download = () => contents;
  await orders.putOrder(order);
  await followUps.ensure(followUp);
});

function deps(overrides: Partial<FetchCustomisationsDeps> = {}): FetchCustomisationsDeps {
  return {
    followUps,
    orders,
    buyers,
    reader: {
      fetchOrder: async () => {
        asked += 1;
        if (remoteBuyer === undefined) throw new Error('the marketplace was not expected to be asked');
        return { order, buyer: remoteBuyer };
      },
    },
    quota: new MemoryQuotaStore(),
    getOrder: { operation: 'getOrder', plan: { ratePerSecond: 0.5, burst: 30 } },
    source: {
      fetchPackage: async (url) => {
        downloads.push(url);
        return download(url);
      },
    },
    files,
    clock: { now: () => nowMs },
    ...overrides,
  };
}
const run = (overrides?: Partial<FetchCustomisationsDeps>) => fetchCustomisations(deps(overrides), plenty);
const stored = () => followUps.get(followUp);

const flagged = async () => (await orders.getMany([order.orderId])).get(order.orderId)?.customisationMissing;

/** Runs every five minutes, as the schedule does, and answers after how many minutes it came to an end. */
async function untilClosed(): Promise<number> {
  for (let minutes = 1; minutes <= 26 * 60; minutes += 5) {
    nowMs = Date.parse(WANTED_AT) + minutes * MINUTE_MS;
    await run();
    if ((await stored())?.dueAt === undefined) return minutes;
  }
  throw new Error('still open after 26 hours');
}

describe('a customisation', () => {
  test('is fetched, kept and closed', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    expect(await run()).toMatchObject({ fetched: 1, waiting: 0, failures: [] });
    expect(await files.read(followUp)).toEqual(contents.customisation);
    expect(await stored()).toMatchObject({ state: 'done', attempts: 1, problem: undefined });
    expect((await run()).fetched).toBe(0);
    expect(downloads).toEqual(['https://zip.example/1']);
  });

  test('whose file is not named yet is asked for again until it is', async () => {
    await buyers.putBuyer(named(undefined));
    remoteBuyer = named(undefined);
    expect(await run()).toMatchObject({ fetched: 0, waiting: 1 });
    expect(await stored()).toMatchObject({ state: 'waiting', problem: 'no-file-named' });
    nowMs += 5 * MINUTE_MS;
    remoteBuyer = { ...named('https://zip.example/2'), updatedAt: '2026-11-23T10:05:00.000Z' };
    expect(await run()).toMatchObject({ fetched: 1 });
    expect(downloads).toEqual(['https://zip.example/2']);
  });

  test('is fetched by a fresh address when the first one failed', async () => {
    await buyers.putBuyer(named('https://zip.example/old'));
    download = () => {
      throw new RejectedError('amazon', 'gone', { status: 403 });
    };
    expect(await run()).toMatchObject({ waiting: 1 });
    nowMs += 5 * MINUTE_MS;
    remoteBuyer = { ...named('https://zip.example/new'), updatedAt: '2026-11-23T10:05:00.000Z' };
    download = () => contents;
    await run();
    expect(downloads).toEqual(['https://zip.example/old', 'https://zip.example/new']);
  });

  test('that never comes is tried for a day, also at its very end, and then given up with its reason', async () => {
    await buyers.putBuyer(named(undefined));
    remoteBuyer = named(undefined);
    expect(await untilClosed()).toBeGreaterThanOrEqual(24 * 60);
    expect(await stored()).toMatchObject({ state: 'gave-up', problem: 'no-file-named' });
    expect(asked).toBeGreaterThan(24);
    expect(asked).toBeLessThan(60);
  });

  test('that may not be read says so', async () => {
    const refused = aBuyer({ state: 'refused', name: undefined, deliveryAddress: undefined, lines: [] });
    await buyers.putBuyer(refused);
    remoteBuyer = refused;
    await run();
    expect((await stored())?.problem).toBe('not-permitted');
  });

  test('in a hostile package is refused at once and never fetched again', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    download = () => {
      throw new RefusedCustomisation('hostile-package');
    };
    expect(await run()).toMatchObject({
      refused: 1,
      failures: [{ orderId: order.orderId, orderLineId: line, problem: 'hostile-package' }],
    });
    expect((await stored())?.dueAt).toBeUndefined();
  });

  test('in a package cut off on its way is fetched again', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    download = () => {
      throw new RefusedCustomisation('unreadable-package');
    };
    expect(await run()).toMatchObject({ refused: 0, waiting: 1 });
    expect((await stored())?.problem).toBe('unreadable-package');
  });

  test.each(['cancelled', 'refunded'] as const)('of an order that was %s is not fetched', async (status) => {
    await orders.putOrder(anOrder({ status, updatedAt: '2026-11-23T11:00:00.000Z' }));
    expect(await run()).toMatchObject({ fetched: 0, waiting: 0, failures: [] });
    expect(await stored()).toMatchObject({ state: 'done', problem: 'not-wanted' });
  });

  test('of a buyer whose data was deleted is not fetched', async () => {
    await buyers.putBuyer(aBuyer({ state: 'deleted', deletedAt: WANTED_AT, lines: [] }));
    expect(await run()).toMatchObject({ fetched: 0, waiting: 0 });
    expect(files.kept.size).toBe(0);
  });

  test('that is not there a day before the order is to be shipped is urgent', async () => {
    await buyers.putBuyer(named(undefined));
    remoteBuyer = named(undefined);
    expect((await run()).urgent).toBe(0);
    const other = { ...followUp, orderLineId: 'other', deadline: '2026-11-24T09:00:00.000Z' };
    await followUps.ensure(other);
    expect((await run()).urgent).toBe(1);
  });
});

describe('the order', () => {
  const urgent = { ...followUp, orderLineId: 'other', deadline: '2026-11-24T09:00:00.000Z' };
  const bothNamed = aBuyer({
    lines: [line, 'other'].map((orderLineId) => ({ orderLineId, customisationUrl: 'https://zip.example/1' })),
    updatedAt: '2026-11-23T10:04:00.000Z',
  });

  test('says nothing while there is time to wait', async () => {
    remoteBuyer = named(undefined);
    await run();
    expect(await flagged()).toBeUndefined();
  });

  test('says that a line is missing from a day before it is to be shipped, until the line is here', async () => {
    await followUps.ensure(urgent);
    remoteBuyer = named(undefined);
    await run();
    expect(await flagged()).toBe(true);
    nowMs += 5 * MINUTE_MS;
    remoteBuyer = bothNamed;
    expect(await run()).toMatchObject({ fetched: 2 });
    expect(await flagged()).toBeUndefined();
  });

  test('says that a line was given up, though another one is here', async () => {
    await followUps.ensure({ ...followUp, orderLineId: 'other' });
    remoteBuyer = named(undefined);
    await untilClosed();
    expect(await flagged()).toBe(true);
    await followUps.ensure({ ...followUp, orderLineId: 'third', dueAt: new Date(nowMs).toISOString() });
    await buyers.putBuyer(
      aBuyer({
        lines: [{ orderLineId: 'third', customisationUrl: 'https://zip.example/3' }],
        updatedAt: '2026-11-24T10:04:00.000Z',
      }),
    );
    expect(await run()).toMatchObject({ fetched: 1 });
    expect(await flagged()).toBe(true);
  });

  test('says it before the line is closed: a crash in between loses nothing', async () => {
    await followUps.change({ ...urgent, orderLineId: line }, 1);
    remoteBuyer = named(undefined);
    const crashing = Object.assign(Object.create(followUps) as MemoryFollowUpStore, {
      listDue: followUps.listDue.bind(followUps),
      ofOrder: followUps.ofOrder.bind(followUps),
      change: () => Promise.reject(new Error('the process ended')),
    });
    await expect(run({ followUps: crashing })).rejects.toThrow('the process ended');
    expect(await flagged()).toBe(true);
  });

  test('says what a faster run found', async () => {
    await followUps.change({ ...urgent, orderLineId: line }, 1);
    remoteBuyer = named(undefined);
    const overtaken = Object.assign(Object.create(followUps) as MemoryFollowUpStore, {
      listDue: followUps.listDue.bind(followUps),
      ofOrder: followUps.ofOrder.bind(followUps),
      get: followUps.get.bind(followUps),
      change: async (next: FollowUp, version: number) => {
        await followUps.change({ ...next, state: 'done', dueAt: undefined }, version);
        return 'conflict' as const;
      },
    });
    await run({ followUps: overtaken });
    expect(await flagged()).toBeUndefined();
  });
});

describe('when something fails', () => {
  test('a throttled call is made when the marketplace allows it', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    download = () => {
      throw new ThrottledError('amazon', 'slow down', { retryAfterMs: 20 * MINUTE_MS });
    };
    await run();
    expect((await stored())?.dueAt).toBe(new Date(nowMs + 20 * MINUTE_MS).toISOString());
  });

  test('an empty quota waits without asking', async () => {
    await buyers.putBuyer(named(undefined));
    await run({ getOrder: { operation: 'getOrder', plan: { ratePerSecond: 0.001, burst: 0 } } });
    expect(asked).toBe(0);
    expect((await stored())?.state).toBe('waiting');
  });

  test("one line's failure does not keep the others away", async () => {
    await followUps.ensure({ ...followUp, orderLineId: 'z', dueAt: '2026-11-23T10:00:30.000Z' });
    await buyers.putBuyer(
      aBuyer({
        lines: [
          { orderLineId: line, customisationUrl: 'https://zip.example/down' },
          { orderLineId: 'z', customisationUrl: 'https://zip.example/up' },
        ],
      }),
    );
    download = (url) => {
      if (url.endsWith('down')) throw new UnavailableError('amazon', 'no answer');
      return contents;
    };
    expect(await run()).toMatchObject({ fetched: 1, waiting: 1 });
  });

  test('a crash between keeping and closing fetches once more and keeps one', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    const crashing = Object.assign(Object.create(followUps) as MemoryFollowUpStore, {
      listDue: followUps.listDue.bind(followUps),
      ofOrder: followUps.ofOrder.bind(followUps),
      change: () => Promise.reject(new Error('the process ended')),
    });
    await expect(run({ followUps: crashing })).rejects.toThrow('the process ended');
    remoteBuyer = named('https://zip.example/1');
    await run();
    expect((await stored())?.state).toBe('done');
    expect(files.kept.size).toBe(1);
  });

  test('a run without time leaves the line as it was', async () => {
    await buyers.putBuyer(named('https://zip.example/1'));
    await fetchCustomisations(deps(), () => 10_000);
    expect(await stored()).toEqual(followUp);
    expect(downloads).toEqual([]);
  });
});
