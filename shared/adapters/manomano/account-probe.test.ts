import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEMO_CONTRACTS, DEMO_MANOMANO } from '../../../local/partners/manomano/demo-shop.ts';
import { createManomanoStandIn, type ManomanoStandIn } from '../../../local/partners/manomano/stand-in.ts';
import { partnerFetch } from '../../../tests/support/partner-fetch.ts';
import { RejectedError, ThrottledError, UnavailableError } from '../../domain/errors.ts';
import { createManomanoAccountProbe } from './account-probe.ts';

const contractIds = Object.values(DEMO_CONTRACTS).map(({ contractId }) => String(contractId));
const credentials = { apiKey: DEMO_MANOMANO.apiKey };
const probe = createManomanoAccountProbe();

let asked: URL[];
let manomano: ManomanoStandIn;
beforeEach(() => {
  asked = [];
  manomano = createManomanoStandIn({
    apiKey: DEMO_MANOMANO.apiKey,
    contracts: Object.values(DEMO_CONTRACTS),
    orders: [],
    now: () => 0,
  });
  vi.stubGlobal('fetch', partnerFetch(manomano, asked));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('each contract is asked once, and what answers is active', async () => {
  manomano.refuseContract(DEMO_CONTRACTS.itMmf.contractId);
  expect(await probe.probe(credentials, [...contractIds, '999999', contractIds[0] ?? ''])).toEqual({
    sites: [
      { siteId: '900001', name: 'ManoMano 900001', active: true },
      { siteId: '900002', name: 'ManoMano 900002', active: false },
      { siteId: '900003', name: 'ManoMano 900003', active: true },
      { siteId: '999999', name: 'ManoMano 999999', active: false },
    ],
    missing: [],
  });
  expect(asked.map(({ pathname, search }) => pathname + search)[0]).toBe(
    '/api/v1/offer-information/offers?seller_contract_id=900001&page=1&limit=1',
  );
  expect(asked).toHaveLength(4);
});

test('a good key without a contract is found good: only the contract is missing', async () => {
  expect(await probe.probe(credentials, [])).toEqual({ sites: [], missing: [] });
  expect(asked).toHaveLength(1);
});

test.each([[contractIds], [[]]])('a wrong key is rejected with 401, asked for %j', async (siteIds) => {
  const call = probe.probe({ apiKey: 'another-key' }, siteIds);
  await expect(call).rejects.toBeInstanceOf(RejectedError);
  await expect(call).rejects.toMatchObject({ status: 401 });
  expect(asked).toHaveLength(1);
});

test.each<Record<string, string>>([{}, { apiKey: '' }, { apiKey: 'with a\nline end' }])(
  'credentials that hold no key (%j) are rejected with 401, and nothing is asked',
  async (stored) => {
    await expect(probe.probe(stored, contractIds)).rejects.toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
  },
);

test('a key that every contract forbids is rejected; contracts that nobody knows are not its fault', async () => {
  for (const { contractId } of Object.values(DEMO_CONTRACTS)) manomano.refuseContract(contractId);
  await expect(probe.probe(credentials, contractIds)).rejects.toMatchObject({ status: 403 });
  expect((await probe.probe(credentials, ['999999'])).sites).toMatchObject([{ active: false }]);
});

test('a throttle or a silence says nothing of the key', async () => {
  manomano.trouble('throttled-header', 1);
  await expect(probe.probe(credentials, contractIds)).rejects.toBeInstanceOf(ThrottledError);
  manomano.trouble('dropped', 1);
  await expect(probe.probe(credentials, contractIds)).rejects.toBeInstanceOf(UnavailableError);
});
