import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_EBAY } from '../../../local/partners/ebay/demo-shop.ts';
import { createEbayStandIn, type EbayStandIn } from '../../../local/partners/ebay/stand-in.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import { ThrottledError, UnavailableError, UnexpectedAnswerError } from '../../domain/errors.ts';
import { createEbayAccountProbe } from './account-probe.ts';

const clock = { now: () => Date.parse('2026-11-23T10:00:00Z') };
const { appId, certId, ruName, refreshToken } = DEMO_EBAY;
const credentials = { appId, certId, ruName, refreshToken };
const signing = { signingKeyJwe: 'demo-jwe', signingPrivateKey: 'demo-not-a-key' };

let ebay: EbayStandIn;
function open(consentedScopes = DEMO_EBAY.consentedScopes) {
  ebay = createEbayStandIn({ seller: { ...DEMO_EBAY, consentedScopes }, orders: [], now: clock.now });
  vi.stubGlobal('fetch', partnerFetch(ebay));
  return createEbayAccountProbe(clock);
}
beforeEach(() => open());
afterEach(() => vi.unstubAllGlobals());

test('tells who the account is and that nothing is missing, with one sign-in and two calls', async () => {
  const findings = await open().probe({ ...credentials, ...signing }, ['EBAY_IT', 'EBAY_DE', 'EBAY_IT']);
  expect(findings).toEqual({
    accountId: 'demoEbayUser',
    shopName: 'negozio-dimostrativo',
    sites: [
      { siteId: 'EBAY_IT', name: 'eBay.it', active: true },
      { siteId: 'EBAY_DE', name: 'eBay.de', active: true },
    ],
    missing: [],
  });
  expect(Object.fromEntries(ebay.calls)).toEqual({ token: 1, getOrders: 1, getUser: 1 });
});

test('names the signing key when it is absent, and a site that is none of ours', async () => {
  const findings = await open().probe(credentials, ['EBAY_MOON']);
  expect(findings).toMatchObject({
    sites: [{ siteId: 'EBAY_MOON', name: 'EBAY_MOON', active: false }],
    missing: ['signing key'],
  });
});

test('names the permissions that the seller did not give, and finds out the rest', async () => {
  const probe = open(['sell.fulfillment', 'commerce.identity.readonly']);
  expect(await probe.probe({ ...credentials, ...signing }, [])).toMatchObject({
    accountId: 'demoEbayUser',
    missing: ['sell.inventory', 'sell.finances'],
  });
});

test('finds an account that gave nothing, without asking it for anything', async () => {
  const findings = await open([]).probe({ ...credentials, ...signing }, []);
  expect(findings).toMatchObject({
    accountId: undefined,
    shopName: undefined,
    missing: ['sell.fulfillment', 'sell.inventory', 'sell.finances', 'commerce.identity.readonly'],
  });
  expect(ebay.calls.get('getOrders')).toBeUndefined();
});

test('names the permission for orders when the orders themselves are refused', async () => {
  const probe = open();
  const answer = ebay.answer.bind(ebay);
  vi.stubGlobal(
    'fetch',
    partnerFetch({
      hosts: ebay.hosts,
      answer: (request) =>
        request.url.pathname.endsWith('/order')
          ? { operation: 'said', status: 403, headers: {}, body: '{"errors":[{"errorId":1100}]}' }
          : answer(request),
    }),
  );
  expect((await probe.probe({ ...credentials, ...signing }, [])).missing).toEqual(['sell.fulfillment']);
});

test.each([
  ['getOrders', '/order'],
  ['getUser', '/user/'],
])('an answer to %s that is none is unexpected', async (_, path) => {
  const probe = open();
  const answer = ebay.answer.bind(ebay);
  vi.stubGlobal(
    'fetch',
    partnerFetch({
      hosts: ebay.hosts,
      answer: (request) =>
        request.url.pathname.endsWith(path)
          ? { operation: 'said', status: 200, headers: {}, body: '{}' }
          : answer(request),
    }),
  );
  await expect(probe.probe(credentials, [])).rejects.toBeInstanceOf(UnexpectedAnswerError);
});

test('credentials that are no longer valid are refused with 401, and incomplete ones too', async () => {
  const probe = open();
  ebay.revoke();
  await expect(probe.probe(credentials, [])).rejects.toMatchObject({ status: 401 });
  await expect(probe.probe({ appId }, [])).rejects.toMatchObject({ status: 401 });
});

test.each([
  ['throttled', ThrottledError],
  ['server-error', UnavailableError],
  ['dropped', UnavailableError],
] as const)('%s says nothing of the account', async (trouble, family) => {
  const probe = open();
  ebay.trouble(trouble, 1);
  await expect(probe.probe(credentials, [])).rejects.toBeInstanceOf(family);
});
