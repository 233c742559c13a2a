import { beforeEach, describe, expect, test } from 'vitest';
import { anAccount } from '../../tests/support/accounts.ts';
import { AMAZON_SECRETS, ChannelWorld } from '../../tests/support/channel-world.ts';
import { aChannel } from '../../tests/support/order-pages.ts';
import { RejectedError, ThrottledError, UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import { checkAccounts } from './check-accounts.ts';
import { type CredentialsToSave, saveCredentials } from './save-credentials.ts';

const OLD = { ...AMAZON_SECRETS, refreshToken: 'OLD' };
const wanted: CredentialsToSave = { marketplace: 'amazon', accountId: 'A1EXAMPLE', secrets: AMAZON_SECRETS };

let world: ChannelWorld;
beforeEach(async () => {
  world = new ChannelWorld([aChannel()]);
  await world.credentials.putCredentials('amazon', 'A1EXAMPLE', OLD);
  await world.accounts.putAccount(anAccount({ health: 'revoked' }), 0);
});
const stored = () => world.credentials.getCredentials('amazon', 'A1EXAMPLE');
const account = () => world.accounts.getAccount('amazon', 'A1EXAMPLE');

describe('saving credentials', () => {
  test('tests them for the sites in use, stores them, and makes a revoked account work', async () => {
    world.probe.answer = { shopName: 'Shop', missing: ['Role'] };
    const saved = await saveCredentials(world, {
      ...wanted,
      secrets: { ...AMAZON_SECRETS, clientId: ' client\n' },
    });
    expect(saved).toMatchObject({ outcome: 'saved', tested: true });
    expect(world.probe.asked).toEqual([{ credentials: AMAZON_SECRETS, siteIds: ['APJ6JRA9NG5V4'] }]);
    expect(await stored()).toEqual(AMAZON_SECRETS);
    expect(await account()).toMatchObject({
      credentialsSavedAt: '2026-11-23T10:00:00.000Z',
      health: { state: 'working', since: '2026-11-23T10:00:00.000Z' },
      findings: { shopName: 'Shop', missing: ['Role'] },
      expiries: [{ what: 'client-secret', at: '2027-05-22T10:00:00.000Z' }],
      version: 2,
    });
  });

  test('answers and writes down nothing of the secrets', async () => {
    const saved = await saveCredentials(world, wanted);
    const { activities } = await world.activities.list({ limit: 10 });
    expect(activities).toMatchObject([
      { actor: 'person-1', action: 'credentials-saved', after: { tested: true } },
    ]);
    expect(JSON.stringify([saved, activities, await account()])).not.toMatch(/SECRET|REFRESH|OLD/);
  });

  test.each([
    [401, 'unauthorised'],
    [403, 'forbidden'],
  ])(
    'that the marketplace refuses with %i changes nothing, even when told to store untested',
    async (status, problem) => {
      world.probe.answer = new RejectedError('amazon', 'x', { status });
      expect(await saveCredentials(world, { ...wanted, storeUntested: true })).toEqual({
        outcome: 'refused',
        problem,
      });
      expect(await stored()).toEqual(OLD);
      expect(await account()).toMatchObject({ health: { state: 'revoked' }, version: 1 });
      expect(await world.done()).toEqual([]);
    },
  );

  test.each([
    [new ThrottledError('amazon', 'x', { retryAfterMs: 1_000 }), 'throttled'],
    [new UnavailableError('amazon', 'x'), 'unavailable'],
    [new UnexpectedAnswerError('amazon', 'x'), 'unexpected-answer'],
    [new RejectedError('amazon', 'x', { status: 400 }), 'unexpected-answer'],
  ])('that could not be tested (%s) changes nothing', async (error, problem) => {
    world.probe.answer = error;
    expect(await saveCredentials(world, wanted)).toEqual({ outcome: 'not-tested', problem });
    expect(await stored()).toEqual(OLD);
  });

  test('that could not be tested are stored when told so, and count as failing until a check says otherwise', async () => {
    world.probe.answer = new UnavailableError('amazon', 'x');
    const saved = await saveCredentials(world, { ...wanted, storeUntested: true });
    expect(saved).toMatchObject({ outcome: 'saved', tested: false });
    expect(await stored()).toEqual(AMAZON_SECRETS);
    expect((await account())?.health).toMatchObject({ state: 'failing', problem: 'unavailable' });
  });

  test('while the account’s calls are used up asks nobody and changes nothing', async () => {
    for (let call = 0; call < 15; call += 1) await saveCredentials(world, wanted);
    const asked = world.probe.asked.length;
    const again = await saveCredentials(world, { ...wanted, secrets: OLD });
    expect(again).toEqual({ outcome: 'not-tested', problem: 'throttled', retryAfterMs: 62_500 });
    expect(world.probe.asked).toHaveLength(asked);
    expect(await stored()).toEqual(AMAZON_SECRETS);
  });

  test('that the marketplace throttles empty the account’s calls: the next try does not ask', async () => {
    world.probe.answer = new ThrottledError('amazon', 'x', { retryAfterMs: 1_000 });
    await saveCredentials(world, wanted);
    world.probe.answer = {};
    expect((await saveCredentials(world, wanted)).outcome).toBe('not-tested');
    expect(world.probe.asked).toHaveLength(1);
  });

  test('of another shop is refused and names that shop', async () => {
    world.probe.answer = { accountId: 'u-2', shopName: 'othershop' };
    expect(await saveCredentials(world, wanted)).toEqual({
      outcome: 'other-account',
      foundAccountId: 'othershop',
    });
    expect(await stored()).toEqual(OLD);
  });

  test.each([
    [{ secrets: { ...AMAZON_SECRETS, refreshToken: '' } }, 'invalid'],
    [{ accountId: '../../other' }, 'invalid-account'],
    [{ issued: { 'client-secret': '2027-01-01T00:00:00.000Z' } }, 'invalid-issue-date'],
  ])('with %j is refused without asking anybody', async (wrong, outcome) => {
    expect((await saveCredentials(world, { ...wanted, ...wrong })).outcome).toBe(outcome);
    expect(world.probe.asked).toEqual([]);
  });

  test('that fails for a reason of ours is not taken for an answer', async () => {
    world.probe.answer = new Error('a bug');
    await expect(saveCredentials(world, wanted)).rejects.toThrow('a bug');
  });
});

describe('two who save at once', () => {
  test('the same credentials both succeed', async () => {
    const both = await Promise.all([saveCredentials(world, wanted), saveCredentials(world, wanted)]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['saved', 'saved']);
  });

  test('different ones: the account’s dates are of those that are in place', async () => {
    const other = { ...AMAZON_SECRETS, clientSecret: 'OTHER' };
    world.probe.meanwhile = async () => {
      world.minutesLater(1);
      await saveCredentials(world, {
        ...wanted,
        secrets: other,
        issued: { 'client-secret': '2026-11-01T00:00:00.000Z' },
      });
    };
    const first = await saveCredentials(world, wanted);
    expect(first.outcome).toBe('saved');
    expect(await stored()).toEqual(AMAZON_SECRETS);
    expect((await account())?.expiries).toEqual([{ what: 'client-secret', at: '2027-05-22T10:01:00.000Z' }]);
  });

  test('different ones, the other’s in place at last: the first is told', async () => {
    const { putCredentials } = world.credentials;
    world.credentials.putCredentials = async (...args) => {
      world.credentials.putCredentials = putCredentials;
      await world.credentials.putCredentials(...args);
      world.minutesLater(1);
      await saveCredentials(world, { ...wanted, secrets: { ...AMAZON_SECRETS, clientSecret: 'OTHER' } });
    };
    expect(await saveCredentials(world, wanted)).toEqual({ outcome: 'conflict' });
    expect((await stored())?.clientSecret).toBe('OTHER');
  });

  test('a check that asked with the old ones meanwhile does not undo the renewal', async () => {
    world.probe.answer = new RejectedError('amazon', 'x', { status: 401 });
    world.probe.meanwhile = async () => {
      const { answer } = world.probe;
      world.probe.answer = {};
      await saveCredentials(world, wanted);
      world.probe.answer = answer;
    };
    const [check] = await checkAccounts(world);
    expect(check?.outcome).toBe('changed-meanwhile');
    expect((await account())?.health.state).toBe('working');
  });

  test('a check that ends while they are being saved does not keep them from being saved', async () => {
    world.probe.meanwhile = () => checkAccounts(world);
    expect((await saveCredentials(world, wanted)).outcome).toBe('saved');
    expect((await account())?.health.state).toBe('working');
  });
});
