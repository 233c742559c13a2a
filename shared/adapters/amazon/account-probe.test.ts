import { describe, expect, test } from 'vitest';
import { RejectedError, ThrottledError, UnavailableError } from '../../domain/errors.ts';
import { createAmazonAccountProbe, createAmazonHealthProbe } from './account-probe.ts';
import type { AmazonRequest } from './client.ts';

const IT = 'APJ6JRA9NG5V4';
const DE = 'A1PA6795UKMFR9';
const FR = 'A13V1IB3VIYZZH';
const CREDENTIALS = { clientId: 'client', clientSecret: 'SECRET', refreshToken: 'REFRESH' };
const clock = { now: () => Date.parse('2026-11-23T10:00:00Z') };

const participation = (id: string, name: string, isParticipating = true, storeName = `Shop ${name}`) => ({
  marketplace: { id, name },
  participation: { isParticipating, hasSuspendedListings: false },
  storeName,
});
const PARTICIPATIONS = { payload: [participation(IT, 'Amazon.it'), participation(DE, 'Amazon.de', false)] };
const order = (changes: object) => ({
  orderId: '404-1',
  createdTime: '2026-11-20T08:15:00Z',
  lastUpdatedTime: '2026-11-20T09:00:00Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: IT },
  orderItems: [],
  ...changes,
});
const blank = order({
  buyer: { buyerName: ' ' },
  recipient: { deliveryAddress: { name: '', addressLine1: '', city: 'Town', countryCode: 'IT' } },
});
const named = order({ recipient: { deliveryAddress: { name: 'PERSONAL', city: 'Town' } } });

/** Answers by operation: a body, or a failure; an operation that was not set up fails the test. */
function probing(
  answers: Partial<Record<AmazonRequest['operation'], unknown>>,
  make = createAmazonAccountProbe,
) {
  const requests: AmazonRequest[] = [];
  const probe = make(clock, (credentials) => {
    expect(credentials).toEqual(CREDENTIALS);
    return {
      call: async (request) => {
        requests.push(request);
        const answer = answers[request.operation];
        if (answer === undefined) throw new Error(`${request.operation} was not set up`);
        if (answer instanceof Error) throw answer;
        return { statusCode: 200, headers: {}, body: JSON.stringify(answer) };
      },
    };
  });
  return { probe, requests };
}
const missingWith = async (searchOrders: unknown) =>
  (
    await probing({ getMarketplaceParticipations: PARTICIPATIONS, searchOrders }).probe.probe(CREDENTIALS, [
      IT,
    ])
  ).missing;

describe('the probe', () => {
  test('names the shop and its marketplaces, and those that it cannot sell on', async () => {
    const { probe, requests } = probing({
      getMarketplaceParticipations: PARTICIPATIONS,
      searchOrders: { orders: [named] },
    });
    expect(await probe.probe(CREDENTIALS, [IT, FR])).toEqual({
      shopName: 'Shop Amazon.it',
      sites: [
        { siteId: IT, name: 'Amazon.it', active: true },
        { siteId: DE, name: 'Amazon.de', active: false },
        { siteId: FR, name: 'Amazon.fr', active: false },
      ],
      missing: [],
    });
    expect(requests.map(({ operation }) => operation)).toEqual([
      'getMarketplaceParticipations',
      'searchOrders',
    ]);
    expect(requests[1]?.query).toMatchObject({
      createdAfter: '2026-10-24T10:00:00.000Z',
      marketplaceIds: [IT],
      fulfilledBy: ['MERCHANT'],
      includedData: ['BUYER', 'RECIPIENT'],
    });
  });

  test('misses the restricted role when orders come and none names a person', async () => {
    expect(await missingWith({ orders: [blank, blank] })).toEqual([
      'Direct-to-Consumer Delivery (Restricted)',
    ]);
    expect(await missingWith({ orders: [blank, named] })).toEqual([]);
    expect(await missingWith({ orders: [] })).toEqual([]);
  });

  test('misses the order role when the search is refused', async () => {
    const refusal = new RejectedError('amazon', 'no', { status: 403 });
    expect(await missingWith(refusal)).toEqual(['Inventory and Order Tracking']);
  });

  test('claims nothing of roles when the search cannot be made now, or answers nonsense', async () => {
    expect(await missingWith(new ThrottledError('amazon', 'slow', { retryAfterMs: 1 }))).toEqual([]);
    expect(await missingWith({ orders: 'PRIVATE' })).toEqual([]);
    expect(await missingWith({ orders: ['PRIVATE'] })).toEqual([]);
  });

  test('asks for no orders of marketplaces that are not active', async () => {
    const { probe, requests } = probing({ getMarketplaceParticipations: PARTICIPATIONS });
    expect((await probe.probe(CREDENTIALS, [DE])).missing).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test('fails as Amazon does: a refused sign-in, an outage, an answer of another shape', async () => {
    const failing = (getMarketplaceParticipations: unknown) =>
      probing({ getMarketplaceParticipations }).probe.probe(CREDENTIALS, [IT]);
    const refused = new RejectedError('amazon', 'amazon sign-in: invalid_grant', { status: 401 });
    await expect(failing(refused)).rejects.toBe(refused);
    await expect(failing(new UnavailableError('amazon', 'down'))).rejects.toBeInstanceOf(UnavailableError);
    await expect(failing({ payload: [{ storeName: 'PRIVATE' }] })).rejects.toThrow(
      'amazon getMarketplaceParticipations: payload.0.marketplace: invalid_type',
    );
  });

  test('refuses credentials that are not complete without a call', async () => {
    const { probe, requests } = probing({});
    await expect(probe.probe({ clientId: 'client' }, [IT])).rejects.toMatchObject({ status: 401 });
    expect(requests).toEqual([]);
  });
});

test('the health probe makes one call, and none that pulls need', async () => {
  const { probe, requests } = probing(
    { getMarketplaceParticipations: PARTICIPATIONS },
    createAmazonHealthProbe,
  );
  expect(await probe.probe(CREDENTIALS, [IT])).toMatchObject({ shopName: 'Shop Amazon.it', missing: [] });
  expect(requests.map(({ operation }) => operation)).toEqual(['getMarketplaceParticipations']);
});
