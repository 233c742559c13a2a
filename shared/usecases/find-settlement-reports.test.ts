import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryAccountStore } from '../../tests/support/memory/account-store.ts';
import { MemoryChannelStore } from '../../tests/support/memory/channel-store.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { MemorySettlementSearchStore } from '../../tests/support/memory/settlement-search-store.ts';
import type { Account, HealthState } from '../domain/account.ts';
import type { Channel } from '../domain/channel.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import type { FoundSettlement, SettlementFinder, SettlementPage } from '../ports/settlement-finder.ts';
import { findSettlementReports } from './find-settlement-reports.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-23T10:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();

const channel = (channelId: string, siteIds: string[], changes: Partial<Channel> = {}): Channel => ({
  channelId,
  name: channelId,
  marketplace: 'amazon',
  accountId: 'A1',
  siteIds,
  country: 'IT',
  timeZone: 'Europe/Rome',
  ordersSync: true,
  ordersFrom: '2026-10-01T00:00:00.000Z',
  ...changes,
});
const settlement = (reportId: string, changes: Partial<FoundSettlement> = {}): FoundSettlement => ({
  reportId,
  createdAt: '2026-11-20T08:00:00.000Z',
  siteIds: ['SITE-IT'],
  state: 'ready',
  documentId: `document-${reportId}`,
  ...changes,
});

/** The marketplace, its bucket and everything in between; an account nobody set up fails the test. */
class World {
  nowMs = NOW;
  remainingMs = 300_000;
  pages: (Partial<SettlementPage> | Error)[] = [];
  questions: unknown[] = [];
  opened: string[] = [];
  /** What opening a report leads to; its bytes otherwise. */
  readonly opening = new Map<string, Error>();
  readonly bucket = new Map<string, string>();
  /** Announcements of puts: each is reconciled. */
  readonly announced: string[] = [];
  failNoteOnce = false;
  channels = new MemoryChannelStore([channel('amazon-de', ['SITE-DE']), channel('amazon-it', ['SITE-IT'])]);
  readonly accounts = new MemoryAccountStore();
  readonly searches = new MemorySettlementSearchStore();
  readonly quota = new MemoryQuotaStore();
  openBurst = 15;

  readonly finder: SettlementFinder = {
    findSettlements: async (accountId, question) => {
      this.questions.push({ accountId, ...question });
      const page = this.pages.shift();
      if (page === undefined) throw new Error('no page was set up');
      if (page instanceof Error) throw page;
      return {
        settlements: [],
        unreadable: [],
        nextPageToken: undefined,
        grantedRatePerSecond: undefined,
        ...page,
      };
    },
    openSettlement: async ({ reportId, documentId }) => {
      expect(documentId).toBe(`document-${reportId}`);
      this.opened.push(reportId);
      const failure = this.opening.get(reportId);
      if (failure !== undefined) throw failure;
      return bytesOf(`file ${reportId}`);
    },
  };

  run() {
    const { searches } = this;
    return findSettlementReports(
      {
        finder: this.finder,
        searches: {
          beginSearch: (...given) => searches.beginSearch(...given),
          noteDoneUntil: (...given) => searches.noteDoneUntil(...given),
          isDone: (...given) => searches.isDone(...given),
          noteDone: async (...given) => {
            if (this.failNoteOnce) {
              this.failNoteOnce = false;
              throw new UnavailableError('dynamodb', 'the process ended here');
            }
            await searches.noteDone(...given);
          },
        },
        uploads: {
          putOnce: async (objectKey, contents) => {
            let text = '';
            for await (const piece of contents) text += Buffer.from(piece).toString();
            if (this.bucket.has(objectKey)) return 'exists';
            this.bucket.set(objectKey, text);
            this.announced.push(objectKey);
            return 'put';
          },
        },
        channels: this.channels,
        accounts: this.accounts,
        quota: this.quota,
        clock: { now: () => this.nowMs },
        allowances: {
          find: { operation: 'getReports', plan: { ratePerSecond: 0.0222, burst: 10 } },
          open: { operation: 'getReportDocument', plan: { ratePerSecond: 0.0001, burst: this.openBurst } },
        },
        objectKeyOf: (channelId, reportId) => `payment-reports/${channelId}/${reportId}.txt`,
      },
      () => this.remainingMs,
    );
  }

  /** The next tick of the schedule, with what the marketplace lists then. */
  nextHour(...pages: (Partial<SettlementPage> | Error)[]) {
    this.nowMs += HOUR_MS;
    this.pages = pages;
    return this.run();
  }
}
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const inState = (state: HealthState): Account => ({
  marketplace: 'amazon',
  accountId: 'A1',
  credentialsSavedAt: iso(NOW),
  expiries: [],
  health: { state, since: iso(NOW), checkedAt: iso(NOW) },
  findings: undefined,
  version: 1,
});

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a search', () => {
  test('puts every report of the last 90 days under a channel of its marketplace, once', async () => {
    world.pages = [{ settlements: [settlement('50'), settlement('51', { siteIds: ['SITE-DE'] })] }];
    expect(await world.run()).toMatchObject({
      accounts: 1,
      put: [
        { accountId: 'A1', reportId: '50', objectKey: 'payment-reports/amazon-it/50.txt' },
        { accountId: 'A1', reportId: '51', objectKey: 'payment-reports/amazon-de/51.txt' },
      ],
      problems: [],
    });
    expect(world.questions).toEqual([{ accountId: 'A1', createdSince: '2026-08-25T11:00:00.000Z' }]);
    expect(world.bucket.get('payment-reports/amazon-it/50.txt')).toBe('file 50');

    const again = await world.nextHour({ settlements: [settlement('50'), settlement('51')] });
    expect(again).toMatchObject({ put: [], known: 2 });
    expect(world.questions[1]).toEqual({ accountId: 'A1', createdSince: '2026-11-21T10:00:00.000Z' });
    expect(world.opened).toEqual(['50', '51']);
  });

  test('reads all pages, and asks for a further one by its token alone', async () => {
    world.pages = [
      { settlements: [settlement('50')], nextPageToken: 'next' },
      { settlements: [settlement('51')] },
    ];
    expect((await world.run()).put).toHaveLength(2);
    expect(world.questions[1]).toEqual({ accountId: 'A1', pageToken: 'next' });
  });

  test('does not read pages for ever', async () => {
    world.pages = Array.from({ length: 9 }, () => ({ nextPageToken: 'next' }));
    await world.run();
    expect(world.questions).toHaveLength(5);
  });

  test('is made at most once an hour', async () => {
    world.pages = [{}];
    await world.run();
    world.nowMs += HOUR_MS / 2;
    expect(await world.run()).toMatchObject({ accounts: 0 });
    expect((await world.nextHour({})).accounts).toBe(1);
  });

  test('takes a report listed twice once', async () => {
    world.pages = [{ settlements: [settlement('50'), settlement('50')] }];
    expect(await world.run()).toMatchObject({ put: [{ reportId: '50' }], known: 1 });
    expect(world.announced).toHaveLength(1);
  });

  test('files a report of no marketplace of ours under the first channel of the account', async () => {
    world.pages = [
      { settlements: [settlement('50', { siteIds: ['SITE-SE'] }), settlement('51', { siteIds: [] })] },
    ];
    expect((await world.run()).put.map(({ objectKey }) => objectKey)).toEqual([
      'payment-reports/amazon-de/50.txt',
      'payment-reports/amazon-de/51.txt',
    ]);
  });

  test('leaves out accounts that are switched off, closed, revoked, or of other marketplaces', async () => {
    world.channels = new MemoryChannelStore([
      channel('off', ['SITE-IT'], { accountId: 'A2', ordersSync: false }),
      channel('closed', ['SITE-IT'], { accountId: 'A3', archivedAt: iso(NOW) }),
      channel('ebay', ['EBAY_IT'], { accountId: 'A4', marketplace: 'ebay' }),
      channel('amazon-it', ['SITE-IT']),
    ]);
    await world.accounts.putAccount(inState('revoked'), 0);
    expect(await world.run()).toMatchObject({ accounts: 0 });
    await world.accounts.putAccount(inState('failing'), 1);
    expect((await world.nextHour({})).accounts).toBe(1);
  });
});

describe('a report', () => {
  test('that is not made yet is waited for, however long it takes', async () => {
    const early = settlement('50', { createdAt: '2026-11-01T08:00:00.000Z' });
    const preparing = { ...early, state: 'preparing', documentId: undefined } as const;
    world.pages = [{ settlements: [preparing] }];
    expect(await world.run()).toMatchObject({ put: [], preparing: 1 });
    world.nowMs += 9 * 24 * HOUR_MS;
    await world.nextHour({ settlements: [preparing] });
    expect(world.questions[1]).toMatchObject({ createdSince: '2026-10-30T08:00:00.000Z' });
    expect((await world.nextHour({ settlements: [early] })).put).toHaveLength(1);
    await world.nextHour({});
    expect(world.questions.at(-1)).toMatchObject({ createdSince: iso(world.nowMs - HOUR_MS - 48 * HOUR_MS) });
  });

  test('that was cancelled or failed is done with; a failed one is told once', async () => {
    const over = [
      settlement('50', { state: 'empty', documentId: undefined }),
      settlement('51', { state: 'failed' }),
    ];
    world.pages = [{ settlements: over }];
    expect(await world.run()).toMatchObject({ put: [], problems: [{ accountId: 'A1', reportId: '51' }] });
    expect(await world.nextHour({ settlements: over })).toMatchObject({ known: 2, problems: [] });
    expect(world.opened).toEqual([]);
  });

  test('that says something new is told every time, until it is understood', async () => {
    const strange = settlement('50', { state: 'unknown' });
    world.pages = [{ settlements: [strange] }];
    expect((await world.run()).problems).toHaveLength(1);
    expect((await world.nextHour({ settlements: [strange] })).problems).toHaveLength(1);
    expect((await world.nextHour({ settlements: [settlement('50')] })).put).toHaveLength(1);
  });

  test.each([
    ['cannot be had', new UnavailableError('amazon', 'amazon report 50: 503')],
    ['whose address has expired', new RejectedError('amazon', 'amazon report 50: 403', { status: 403 })],
    ['that cannot be unpacked', new UnexpectedAnswerError('amazon', 'amazon report 50: cannot be unpacked')],
  ])('that %s holds up no other, and is tried again', async (_, failure) => {
    world.opening.set('50', failure);
    world.pages = [{ settlements: [settlement('50'), settlement('51')] }];
    expect(await world.run()).toMatchObject({
      put: [{ reportId: '51' }],
      problems: [{ accountId: 'A1', reportId: '50', problem: failure.message }],
    });
    world.opening.clear();
    world.nowMs += 30 * 24 * HOUR_MS;
    expect(await world.nextHour({ settlements: [settlement('50')] })).toMatchObject({
      put: [{ reportId: '50' }],
      problems: [],
    });
    expect(world.questions[1]).toMatchObject({ createdSince: '2026-11-18T08:00:00.000Z' });
  });

  test('put before a crash, and not noted, is neither put nor announced again', async () => {
    world.failNoteOnce = true;
    world.pages = [{ settlements: [settlement('50')] }];
    await expect(world.run()).rejects.toThrow('the process ended here');
    expect(world.announced).toHaveLength(1);
    expect(await world.nextHour({ settlements: [settlement('50')] })).toMatchObject({ put: [], known: 1 });
    expect(world.announced).toHaveLength(1);
    await world.nextHour({ settlements: [settlement('50')] });
    expect(world.opened).toEqual(['50', '50']);
  });

  test('is left to the next run when the time is short', async () => {
    world.remainingMs = 100_000;
    world.pages = [{ settlements: [settlement('50')] }];
    expect(await world.run()).toMatchObject({ put: [], left: 1 });
    world.remainingMs = 300_000;
    expect((await world.nextHour({ settlements: [settlement('50')] })).put).toHaveLength(1);
  });

  test('is left to the next run when the allowance is used up, or the marketplace says so', async () => {
    world.openBurst = 1;
    world.pages = [{ settlements: [settlement('50'), settlement('51'), settlement('52')] }];
    expect(await world.run()).toMatchObject({ put: [{ reportId: '50' }], left: 2, problems: [] });
    world = new World();
    world.opening.set('50', new ThrottledError('amazon', 'slow', { retryAfterMs: 60_000 }));
    world.pages = [{ settlements: [settlement('50'), settlement('51')] }];
    expect(await world.run()).toMatchObject({ put: [], left: 2, problems: [] });
    expect(world.opened).toEqual(['50']);
    world.opening.clear();
    // The bucket is as empty as the marketplace said.
    expect(await world.nextHour({ settlements: [settlement('50')] })).toMatchObject({ left: 1 });
  });
});

describe('a failure of the list', () => {
  test.each([
    ['a throttle', new ThrottledError('amazon', 'slow', { retryAfterMs: 1 }), 0],
    ['an outage', new UnavailableError('amazon', 'amazon getReports: 503'), 1],
    ['a refused sign-in', new RejectedError('amazon', 'amazon sign-in: invalid_grant', { status: 401 }), 1],
  ])('%s leaves everything to the next run, and the other accounts alone', async (_, failure, problems) => {
    world.channels = new MemoryChannelStore([
      channel('amazon-it', ['SITE-IT']),
      channel('other', ['SITE-IT'], { accountId: 'A2' }),
    ]);
    world.pages = [failure, { settlements: [settlement('50')] }];
    const facts = await world.run();
    expect(facts).toMatchObject({ accounts: 2, put: [{ accountId: 'A2', reportId: '50' }] });
    expect(facts.problems).toHaveLength(problems);
    await world.nextHour({}, {});
    expect(world.questions[2]).toEqual({ accountId: 'A1', createdSince: '2026-08-25T12:00:00.000Z' });
  });

  test('on a later page forgets nothing that may stand there', async () => {
    world.pages = [
      { settlements: [settlement('50')], nextPageToken: 'next' },
      new UnavailableError('amazon', 'amazon getReports: 503'),
    ];
    expect(await world.run()).toMatchObject({ put: [{ reportId: '50' }], problems: [{ accountId: 'A1' }] });
    await world.nextHour({});
    expect(world.questions.at(-1)).toMatchObject({ createdSince: '2026-08-25T12:00:00.000Z' });
  });

  test('an entry that cannot be read is told and asked for again, the others are taken', async () => {
    world.pages = [{ settlements: [settlement('50')], unreadable: ['reportId: invalid_format'] }];
    expect(await world.run()).toMatchObject({
      put: [{ reportId: '50' }],
      problems: [{ accountId: 'A1', problem: 'reportId: invalid_format' }],
    });
    await world.nextHour({});
    expect(world.questions.at(-1)).toMatchObject({ createdSince: '2026-08-25T12:00:00.000Z' });
  });

  test('of a store is thrown', async () => {
    world.pages = [new UnavailableError('dynamodb', 'the table is not there')];
    await expect(world.run()).rejects.toThrow('the table is not there');
  });
});
