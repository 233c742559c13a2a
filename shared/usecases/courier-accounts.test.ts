import { describe, expect, test, vi } from 'vitest';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryCourierAccountStore } from '../../tests/support/memory/courier-account-store.ts';
import { MemoryCredentialStore } from '../../tests/support/memory/credential-store.ts';
import { MemoryQuotaStore } from '../../tests/support/memory/quota-store.ts';
import { CourierRefusedError } from '../domain/courier-refusal.ts';
import { UnavailableError, UnexpectedAnswerError } from '../domain/errors.ts';
import {
  type CourierCredentialsDeps,
  listCourierAccounts,
  openCourierAccount,
  saveCourierCredentials,
  testCourierCredentials,
} from './courier-accounts.ts';

const SHOP = { courier: 'brt', courierAccountId: 'shop' } as const;
const SECRETS = {
  userId: '1020100',
  password: 'invented-secret',
  customerCode: '1020100',
  departureDepot: '66',
};

function world() {
  const probe = vi.fn(async (_: object): Promise<void> => {});
  const clock = { nowMs: Date.parse('2026-11-24T09:00:00.000Z'), now: () => clock.nowMs };
  const accounts = new MemoryCourierAccountStore();
  const credentials = new MemoryCredentialStore();
  const activities = new MemoryActivityLog();
  const deps: CourierCredentialsDeps = {
    actor: 'owner',
    accounts,
    credentials,
    activities,
    probes: { brt: { probe } },
    quota: new MemoryQuotaStore(),
    clock,
  };
  return { deps, probe, clock, accounts, credentials, activities };
}

async function opened() {
  const it = world();
  await openCourierAccount(it.deps, { ...SHOP, name: 'BRT Milano' });
  return it;
}

const refusal = new CourierRefusedError('brt', 'no', { reason: 'unauthorised' });

describe('a contract', () => {
  test('is opened once, without credentials, and that is written down', async () => {
    const { deps, activities } = await opened();
    expect(await listCourierAccounts(deps)).toEqual([
      { ...SHOP, name: 'BRT Milano', openedAt: '2026-11-24T09:00:00.000Z', version: 1 },
    ]);
    expect(await openCourierAccount(deps, { ...SHOP, name: 'Another' })).toEqual({ outcome: 'id-taken' });
    const { activities: noted } = await activities.list({ limit: 10 });
    expect(noted).toMatchObject([{ action: 'courier-account-opened', actor: 'owner' }]);
  });

  test.each(['none', 'Shop', ''])('is not opened under a name that is none: %j', async (courierAccountId) => {
    const { deps } = world();
    expect(await openCourierAccount(deps, { ...SHOP, courierAccountId, name: 'x' })).toEqual({
      outcome: 'invalid-id',
    });
  });
});

describe('credentials', () => {
  test('that the courier takes are stored, and nothing of them is written down', async () => {
    const { deps, probe, credentials, activities } = await opened();
    const saved = await saveCourierCredentials(deps, {
      ...SHOP,
      secrets: { ...SECRETS, password: ' invented-secret ' },
    });
    expect(saved).toMatchObject({
      outcome: 'saved',
      tested: true,
      account: { checked: { at: '2026-11-24T09:00:00.000Z' }, version: 2 },
    });
    expect(probe).toHaveBeenCalledExactlyOnceWith(SECRETS);
    expect(await credentials.getCredentials('brt', 'shop')).toEqual(SECRETS);
    const noted = await activities.list({ limit: 10 });
    expect(noted.activities.map(({ action }) => action)).toContain('courier-credentials-saved');
    expect(JSON.stringify([saved, noted])).not.toContain('invented-secret');
  });

  test('that the courier refuses are not stored, however much somebody wants it', async () => {
    const { deps, probe, credentials } = await opened();
    probe.mockRejectedValue(refusal);
    expect(await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS, storeUntested: true })).toEqual({
      outcome: 'refused',
    });
    expect(await credentials.getCredentials('brt', 'shop')).toBeUndefined();
  });

  test.each([
    [new UnavailableError('brt', 'away'), 'unavailable'],
    [new UnexpectedAnswerError('brt', 'what'), 'unexpected-answer'],
  ] as const)('that nobody could test are stored only when that is wanted: %s', async (error, problem) => {
    const { deps, probe, credentials } = await opened();
    probe.mockRejectedValue(error);
    expect(await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS })).toEqual({
      outcome: 'not-tested',
      problem,
    });
    expect(await credentials.getCredentials('brt', 'shop')).toBeUndefined();
    expect(
      await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS, storeUntested: true }),
    ).toMatchObject({ outcome: 'saved', tested: false });
    expect(await credentials.getCredentials('brt', 'shop')).toEqual(SECRETS);
  });

  test('saved anew end what the courier said of the old ones', async () => {
    const { deps, probe, accounts } = await opened();
    await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS });
    probe.mockRejectedValue(refusal);
    expect(await testCourierCredentials(deps, SHOP)).toMatchObject({
      outcome: 'failed',
      problem: 'unauthorised',
      account: { checked: { problem: 'unauthorised' } },
    });
    probe.mockRejectedValue(new UnavailableError('brt', 'away'));
    await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS, storeUntested: true });
    const after = await accounts.getCourierAccount('brt', 'shop');
    expect(after?.checked).toBeUndefined();
  });

  test('are saved although the tracking notes an answer to the old ones meanwhile', async () => {
    const { deps, probe, accounts } = await opened();
    probe.mockImplementation(async () => {
      const account = await accounts.getCourierAccount('brt', 'shop');
      if (account === undefined) throw new Error('the account is there');
      const checked = { at: '2026-11-24T08:59:59.000Z', problem: 'unauthorised' } as const;
      await accounts.putCourierAccount({ ...account, checked }, account.version);
    });
    expect(await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS })).toMatchObject({
      outcome: 'saved',
      account: { version: 3 },
    });
    const after = await accounts.getCourierAccount('brt', 'shop');
    expect(after?.checked).toEqual({ at: '2026-11-24T09:00:00.000Z' });
  });

  test('of two people stand with the account of the one whose are in place', async () => {
    const { deps, probe, credentials } = await opened();
    const theirs = { ...SECRETS, password: 'of-another' };
    const put = credentials.putCredentials.bind(credentials);
    vi.spyOn(credentials, 'putCredentials').mockImplementationOnce(async (owner, id, mine) => {
      await put(owner, id, mine);
      // Between our secrets and our row, somebody else does both.
      await saveCourierCredentials(deps, { ...SHOP, secrets: theirs });
    });
    probe.mockResolvedValue(undefined);
    expect(await saveCourierCredentials(deps, { ...SHOP, secrets: SECRETS })).toEqual({
      outcome: 'conflict',
    });
    expect(await credentials.getCredentials('brt', 'shop')).toEqual(theirs);
  });

  test('with a missing or unknown field are not tried', async () => {
    const { deps, probe } = await opened();
    const { password: _, ...without } = SECRETS;
    expect(await saveCourierCredentials(deps, { ...SHOP, secrets: { ...without, pin: '1' } })).toEqual({
      outcome: 'invalid',
      faults: [
        { field: 'password', fault: 'missing' },
        { field: 'pin', fault: 'unknown' },
      ],
    });
    expect(probe).not.toHaveBeenCalled();
  });

  test('of a courier that cannot be asked are stored, and not tested', async () => {
    const { deps } = world();
    const dhl = { courier: 'dhl', courierAccountId: 'shop' } as const;
    await openCourierAccount(deps, { ...dhl, name: 'DHL' });
    expect(await saveCourierCredentials(deps, { ...dhl, secrets: { apiKey: 'k' } })).toMatchObject({
      outcome: 'saved',
      tested: false,
    });
    expect(await testCourierCredentials(deps, dhl)).toEqual({ outcome: 'cannot-be-tested' });
  });

  test('of no contract, or of one without any, are said to be missing', async () => {
    const { deps } = await opened();
    const other = { ...SHOP, courierAccountId: 'other' };
    expect(await saveCourierCredentials(deps, { ...other, secrets: SECRETS })).toEqual({
      outcome: 'unknown',
    });
    expect(await testCourierCredentials(deps, other)).toEqual({ outcome: 'unknown' });
    expect(await testCourierCredentials(deps, SHOP)).toEqual({ outcome: 'no-credentials' });
  });

  test('are tried within the calls of the contract', async () => {
    const { deps, probe } = await opened();
    const quota = { take: async () => ({ granted: false as const, retryAfterMs: 1_000 }) };
    expect(await saveCourierCredentials({ ...deps, quota }, { ...SHOP, secrets: SECRETS })).toEqual({
      outcome: 'not-tested',
      problem: 'throttled',
    });
    expect(probe).not.toHaveBeenCalled();
  });
});
