import { beforeEach, describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { AMAZON_SECRETS, ChannelWorld } from '../../tests/support/channel-world.ts';
import { MemoryBuyerStore } from '../../tests/support/memory/buyer-store.ts';
import { MemoryFollowUpStore } from '../../tests/support/memory/follow-up-store.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryOrderStore } from '../../tests/support/memory/order-store.ts';
import { MemoryPullLease } from '../../tests/support/memory/pull-lease.ts';
import { aChannel, aPage, aRemoteOrder, ScriptedSource, WATERMARK } from '../../tests/support/order-pages.ts';
import { RejectedError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { checkAccount, checkAccounts } from './check-accounts.ts';
import { planOrderPulls } from './plan-order-pulls.ts';
import { type OrderPullJob, pullOrders } from './pull-orders.ts';
import { saveCredentials } from './save-credentials.ts';

const unauthorised = new RejectedError('amazon', 'x', { status: 401 });
const forbidden = new RejectedError('amazon', 'x', { status: 403 });

let world: ChannelWorld;
beforeEach(async () => {
  world = new ChannelWorld([
    aChannel(),
    aChannel({ channelId: 'amazon-de', siteIds: ['A1PA6795UKMFR9'] }),
    aChannel({ channelId: 'old', accountId: 'A9OLD', archivedAt: '2026-01-01T00:00:00.000Z' }),
  ]);
  await world.credentials.putCredentials('amazon', 'A1EXAMPLE', AMAZON_SECRETS);
  await world.accounts.putAccount(anAccount(), 0);
});
const account = () => world.accounts.getAccount('amazon', 'A1EXAMPLE');

describe('a check', () => {
  test('asks once for each account that a living channel uses, for all its sites', async () => {
    const checks = await checkAccounts(world);
    expect(checks).toMatchObject([
      {
        accountId: 'A1EXAMPLE',
        channelIds: ['amazon-de', 'amazon-it'],
        outcome: 'checked',
        before: 'working',
      },
    ]);
    expect(world.probe.asked.map(({ siteIds }) => siteIds)).toEqual([['A1PA6795UKMFR9', 'APJ6JRA9NG5V4']]);
    expect(await account()).toMatchObject({
      health: { state: 'working', checkedAt: '2026-11-23T10:00:00.000Z' },
      credentialsSavedAt: '2026-10-24T00:00:00.000Z',
    });
  });

  test('of one marketplace leaves the accounts of the others alone', async () => {
    const { amazon: _, ...others } = world.probings;
    expect(await checkAccounts({ ...world, probings: others })).toEqual([]);
  });

  test('notes credentials that were written past us', async () => {
    await world.credentials.putCredentials('amazon', 'A2EXAMPLE', AMAZON_SECRETS);
    await world.channels.createChannel(aChannel({ channelId: 'second', accountId: 'A2EXAMPLE' }));
    await checkAccounts(world);
    expect(await world.accounts.getAccount('amazon', 'A2EXAMPLE')).toMatchObject({
      credentialsSavedAt: '2026-11-23T10:00:00.000Z',
      health: { state: 'working' },
      version: 1,
    });
  });

  test('without credentials, or with broken ones, says so, and the others are checked all the same', async () => {
    await world.channels.createChannel(aChannel({ channelId: 'none', accountId: 'A3EXAMPLE' }));
    await world.channels.createChannel(aChannel({ channelId: 'broken', accountId: 'A4EXAMPLE' }));
    const credentials = {
      putCredentials: world.credentials.putCredentials.bind(world.credentials),
      getCredentials: async (...[owner, accountId]: Parameters<typeof world.credentials.getCredentials>) => {
        if (accountId === 'A4EXAMPLE') throw new UnexpectedAnswerError('ssm', 'not a JSON object');
        return world.credentials.getCredentials(owner, accountId);
      },
    };
    const checks = await checkAccounts({ ...world, credentials });
    expect(Object.fromEntries(checks.map(({ accountId, outcome }) => [accountId, outcome]))).toEqual({
      A1EXAMPLE: 'checked',
      A3EXAMPLE: 'no-credentials',
      A4EXAMPLE: 'unreadable-credentials',
    });
  });

  test('that finds the calls used up leaves the health as it was', async () => {
    const asking = { marketplace: 'amazon', accountId: 'A1EXAMPLE', waits: true } as const;
    const outcomes: string[] = [];
    for (let check = 0; check < 15; check += 1) outcomes.push((await checkAccount(world, asking)).outcome);
    expect(outcomes).toContain('no-calls-left');
    expect((await account())?.health.state).toBe('working');
    // A person who waits for the answer is not kept from asking by checks that can wait.
    expect((await checkAccount(world, { ...asking, waits: false })).outcome).toBe('checked');
  });

  test('keeps what was found while the marketplace is silent', async () => {
    world.probe.answer = { shopName: 'Shop', missing: ['Role'] };
    await checkAccounts(world);
    world.probe.answer = new UnavailableError('amazon', 'x');
    await checkAccounts(world);
    expect(await account()).toMatchObject({
      health: { state: 'failing', problem: 'unavailable' },
      findings: { shopName: 'Shop', missing: ['Role'] },
    });
  });

  test('that says nothing of permissions keeps those that are known to be missing', async () => {
    world.probe.answer = { missing: ['Role'] };
    await checkAccounts(world);
    world.probe.answer = { missing: [] };
    const { amazon } = world.probings;
    if (amazon === undefined) throw new Error('nothing asks Amazon');
    await checkAccounts({ ...world, probings: { amazon: { ...amazon, withoutPermissions: true } } });
    expect((await account())?.findings?.missing).toEqual(['Role']);
  });
});

describe('a shop whose authorisation is taken back', () => {
  const queue = () => {
    const jobs = new MemoryJobQueue<OrderPullJob>();
    return { jobs, plan: () => planOrderPulls({ ...world, queues: { amazon: jobs } }) };
  };

  test('is revoked after two checks, is not pulled, and after its renewal everything is caught up', async () => {
    const { jobs, plan } = queue();
    world.probe.answer = unauthorised;
    for (const minutes of [15, 15]) {
      world.minutesLater(minutes);
      await checkAccounts(world);
    }
    expect((await account())?.health.state).toBe('revoked');
    world.minutesLater(3 * 24 * 60);
    await plan();
    expect(jobs.sent).toEqual([]);

    world.probe.answer = {};
    await saveCredentials(world, { marketplace: 'amazon', accountId: 'A1EXAMPLE', secrets: AMAZON_SECRETS });
    await plan();
    const [sent] = jobs.sent;
    if (sent === undefined) throw new Error('no pull was asked for');
    const source = new ScriptedSource([[undefined, aPage([aRemoteOrder(1), aRemoteOrder(2)])]]);
    const facts = await pullOrders(
      {
        ...world,
        source,
        orders: new MemoryOrderStore(),
        buyers: new MemoryBuyerStore(),
        followUps: new MemoryFollowUpStore(),
        lease: new MemoryPullLease(),
        queue: jobs,
        search: { operation: 'searchOrders', plan: { ratePerSecond: 0.0056, burst: 20 } },
      },
      sent.job,
      () => 120_000,
    );
    expect(facts).toMatchObject({ outcome: 'completed', created: 2 });
    // From where the last complete pull ended, less the overlap, to two minutes ago.
    expect(source.asked[0]?.window.from).toBe(new Date(Date.parse(WATERMARK) - 15 * 60_000).toISOString());
    expect(source.asked[0]?.window.until).toBe(new Date(world.nowMs - 2 * 60_000).toISOString());
    expect((await world.channels.getChannel('amazon-it'))?.ordersWatermark).toBe(
      source.asked[0]?.window.until,
    );
  });

  test('by a mistake of the marketplace works again by itself', async () => {
    world.probe.answer = unauthorised;
    for (const minutes of [15, 15]) {
      world.minutesLater(minutes);
      await checkAccounts(world);
    }
    world.probe.answer = {};
    world.minutesLater(15);
    const [check] = await checkAccounts(world);
    expect(check).toMatchObject({ before: 'revoked', account: { state: 'working' } });
    const { jobs, plan } = queue();
    await plan();
    expect(jobs.sent).toHaveLength(1);
  });

  test('is pulled all through a storm of 403s, whether asked every minute or every quarter of an hour', async () => {
    const { jobs, plan } = queue();
    world.probe.answer = forbidden;
    for (let minute = 0; minute < 25; minute += 1) {
      world.minutesLater(1);
      await checkAccount(world, { marketplace: 'amazon', accountId: 'A1EXAMPLE', waits: false });
      await plan();
    }
    expect((await account())?.health.state).toBe('failing');
    expect(jobs.sent.length).toBeGreaterThan(20);
    world.probe.answer = {};
    world.minutesLater(15);
    await checkAccounts(world);
    expect((await account())?.health.state).toBe('working');
  });
});
