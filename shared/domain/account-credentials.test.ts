import { describe, expect, test } from 'vitest';
import { credentialFaults, daysUntil, expiriesOf, sameSecrets } from './account-credentials.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const amazon = { clientId: 'c', clientSecret: 's', refreshToken: 'r' };
const ebay = { appId: 'a', certId: 'c', ruName: 'n', refreshToken: 'r' };
const nothing = { secrets: undefined, expiries: [] };

describe('the shape of credentials', () => {
  test.each([
    ['amazon', amazon],
    ['ebay', ebay],
    ['ebay', { ...ebay, signingKeyJwe: 'j', signingPrivateKey: 'k' }],
    ['manomano', { apiKey: 'k' }],
  ] as const)('of %s is known', (marketplace, secrets) => {
    expect(credentialFaults(marketplace, secrets)).toEqual([]);
  });

  test.each([
    ['amazon', { clientId: 'c', clientSecret: ' ' }, ['clientSecret missing', 'refreshToken missing']],
    ['amazon', { ...amazon, sellerId: 'A1' }, ['sellerId unknown']],
    ['ebay', { ...ebay, signingKeyJwe: 'j' }, ['signingPrivateKey missing']],
    ['ebay', { ...ebay, signingPrivateKey: 'k' }, ['signingKeyJwe missing']],
    ['manomano', {}, ['apiKey missing']],
    ['manomano', { apiKey: 'k'.repeat(5_000) }, ['apiKey too-long']],
    ['amazon', { ...amazon, refreshToken: 'è'.repeat(2_500) }, ['refreshToken too-long']],
  ] as const)('of %s with %j has its faults named, never its values', (marketplace, secrets, faults) => {
    const found = credentialFaults(marketplace, secrets);
    expect(found.map(({ field, fault }) => `${field} ${fault}`)).toEqual(faults);
  });
});

describe('what of credentials ends', () => {
  test('Amazon’s client secret after 180 days', () => {
    expect(expiriesOf('amazon', amazon, {}, nothing, NOW)).toEqual([
      { what: 'client-secret', at: '2027-05-22T10:00:00.000Z' },
    ]);
  });

  test('eBay’s refresh token after 47,304,000 seconds and its signing key after three years, from their issue', () => {
    const secrets = { ...ebay, signingKeyJwe: 'j', signingPrivateKey: 'k' };
    const issued = { 'refresh-token': '2026-01-01T00:00:00.000Z', 'signing-key': '2026-01-01T00:00:00.000Z' };
    expect(expiriesOf('ebay', secrets, issued, nothing, NOW)).toEqual([
      { what: 'refresh-token', at: '2027-07-02T12:00:00.000Z' },
      { what: 'signing-key', at: '2028-12-31T00:00:00.000Z' },
    ]);
  });

  test('no signing key where there is none, and nothing at ManoMano', () => {
    expect(expiriesOf('ebay', ebay, {}, nothing, NOW).map(({ what }) => what)).toEqual(['refresh-token']);
    expect(expiriesOf('manomano', { apiKey: 'k' }, {}, nothing, NOW)).toEqual([]);
  });

  const before = {
    secrets: amazon,
    expiries: [{ what: 'client-secret', at: '2026-12-01T00:00:00.000Z' }],
  } as const;

  test('when it always did, for a part that was saved again unchanged', () => {
    const renewed = { ...amazon, refreshToken: 'new' };
    expect(expiriesOf('amazon', renewed, {}, before, NOW)).toEqual(before.expiries);
  });

  test('anew for a part that changed, or whose issue date is given now', () => {
    expect(expiriesOf('amazon', { ...amazon, clientSecret: 'new' }, {}, before, NOW)[0]?.at).toBe(
      '2027-05-22T10:00:00.000Z',
    );
    const issued = { 'client-secret': '2026-11-01T00:00:00.000Z' };
    expect(expiriesOf('amazon', amazon, issued, before, NOW)[0]?.at).toBe('2027-04-30T00:00:00.000Z');
  });

  test.each([
    ['2026-11-24T09:59:59.000Z', 0],
    ['2026-11-24T10:00:00.000Z', 1],
    ['2026-11-23T09:59:59.000Z', -1],
  ])('%s is %i days away', (instant, days) => {
    expect(daysUntil(instant, NOW)).toBe(days);
  });
});

test.each([
  [amazon, amazon, true],
  [amazon, { ...amazon, clientId: 'x' }, false],
  [amazon, { ...amazon, more: 'x' }, false],
  [undefined, {}, false],
])('%j and %j are the same: %s', (one, other, same) => {
  expect(sameSecrets(one, other)).toBe(same);
});
