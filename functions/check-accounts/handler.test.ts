import { beforeEach, expect, test } from 'vitest';
import type { AccountCheck } from '../../shared/usecases/check-accounts.ts';
import { createCheckAccountsHandler } from './handler.ts';

let lines: [string, string, Record<string, unknown>][];
let metrics: Map<string, number>;
beforeEach(() => {
  lines = [];
  metrics = new Map();
});

const run = (check: () => Promise<readonly AccountCheck[]>) =>
  createCheckAccountsHandler({
    check,
    logger: {
      info: (message, fields) => lines.push(['info', message, fields]),
      warn: (message, fields) => lines.push(['warn', message, fields]),
      error: (message, fields) => lines.push(['error', message, fields]),
    },
    metrics: { addMetric: (name, _, value) => metrics.set(name, value) },
  })();

const ids = { marketplace: 'amazon', accountId: 'A1EXAMPLE', channelIds: ['amazon-it'] } as const;
const account: AccountCheck['account'] = {
  state: 'working',
  since: '2026-11-23T10:00:00.000Z',
  checkedAt: '2026-11-23T10:15:00.000Z',
  problem: undefined,
  credentialsSavedAt: '2026-06-01T00:00:00.000Z',
  expiries: [{ what: 'client-secret', at: '2027-03-01T00:00:00.000Z', daysLeft: 97, soon: false }],
  findings: { shopName: 'Mario Rossi', sites: [], missing: [] },
};
const working: AccountCheck = { ...ids, outcome: 'checked', before: 'working', account };

test('an account that works is counted, and the shop’s name stays out of the log', async () => {
  await run(async () => [working]);
  expect(lines).toEqual([
    ['info', 'account-checked', { ...ids, state: 'working', problem: undefined, missing: [] }],
  ]);
  expect([...metrics]).toEqual([
    ['AccountsRevoked', 0],
    ['AccountsFailing', 0],
    ['CredentialsExpiringSoon', 0],
    ['CredentialsExpireInDaysMin', 97],
  ]);
});

test('a revoked account is an error that names its channels', async () => {
  const revoked = { ...account, state: 'revoked', problem: 'unauthorised' } as const;
  await run(async () => [working, { ...working, before: 'failing', account: revoked }]);
  expect(lines).toContainEqual(['error', 'account-revoked', { ...ids, since: account.since }]);
  expect(lines.filter(([, message]) => message === 'account-health-changed')).toEqual([
    [
      'warn',
      'account-health-changed',
      { ...ids, before: 'failing', state: 'revoked', problem: 'unauthorised' },
    ],
  ]);
  expect(metrics.get('AccountsRevoked')).toBe(1);
});

test('credentials that end soon are named with the day', async () => {
  const expiries = [
    { what: 'signing-key', at: '2026-12-01T00:00:00.000Z', daysLeft: 7, soon: true },
  ] as const;
  await run(async () => [{ ...working, account: { ...account, expiries } }]);
  expect(lines).toContainEqual([
    'warn',
    'credentials-expire-soon',
    { ...ids, what: 'signing-key', at: '2026-12-01T00:00:00.000Z', daysLeft: 7 },
  ]);
  expect(metrics.get('CredentialsExpiringSoon')).toBe(1);
  expect(metrics.get('CredentialsExpireInDaysMin')).toBe(7);
});

test('an account that could not be checked says why, and no health has changed', async () => {
  await run(async () => [
    { ...working, outcome: 'no-calls-left', before: 'failing', account: { ...account, state: 'failing' } },
  ]);
  expect(lines).toEqual([['warn', 'account-not-checked', { ...ids, outcome: 'no-calls-left' }]]);
  expect(metrics.get('AccountsFailing')).toBe(1);
});

test('with no account there is nothing that expires', async () => {
  await run(async () => []);
  expect(metrics.has('CredentialsExpireInDaysMin')).toBe(false);
});

test('a check that fails is not hidden', async () => {
  await expect(
    run(async () => {
      throw new Error('the table is not there');
    }),
  ).rejects.toThrow('the table is not there');
});
