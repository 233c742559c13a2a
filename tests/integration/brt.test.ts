import { afterEach, describe, expect, test, vi } from 'vitest';
import { type BrtStandIn, createBrtStandIn } from '../../local/partners/brt/stand-in.ts';
import { BRT_SCENARIOS, type BrtScenario } from '../../local/partners/brt/stories.ts';
import { CONNECTION_DROPPED } from '../../local/partners/partner.ts';
import { createBrtClient } from '../../shared/adapters/brt/client.ts';
import { createBrtShipments } from '../../shared/adapters/brt/shipments.ts';
import { createBrtTracker } from '../../shared/adapters/brt/tracker.ts';
import { newShipment, numericSenderReference, type Shipment } from '../../shared/domain/shipment.ts';
import { type TrackingAlert, withTracking } from '../../shared/domain/tracking.ts';
import { nextCheck } from '../../shared/domain/tracking-schedule.ts';
import type { Recipient, ShipmentRequest } from '../../shared/ports/shipment-creator.ts';

const START = Date.parse('2026-11-23T15:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CUSTOMER = { userId: 'demo', password: 'demo-not-a-secret', customerCode: '9000001' };
const REFERENCE = numericSenderReference({ year: 2026, sequence: 1 });

const recipient: Recipient = {
  name: 'PERSONA INVENTATA',
  address: 'VIA INVENTATA 1',
  postcode: '60100',
  city: 'ANCONA',
  province: 'AN',
  countryCode: 'IT',
};
const request = (more: Partial<ShipmentRequest> = {}): ShipmentRequest => ({
  courierAccountId: 'shop',
  senderReference: REFERENCE,
  alphanumericReference: 'ORDINE-1',
  parcelCount: 1,
  weightGrams: 1_000,
  labelFormat: 'PDF',
  ...more,
});

/** The production adapter and BRT's stand-in, with a clock that a test turns. */
class World {
  nowMs = START;
  readonly brt: BrtStandIn;
  readonly client = createBrtClient({ ...CUSTOMER, departureDepot: '66' });
  readonly shipments = createBrtShipments(async () => this.client);
  readonly tracker = createBrtTracker(async () => this.client);

  constructor(scenario: BrtScenario = 'delivered') {
    this.brt = createBrtStandIn({ customer: CUSTOMER, scenarioOf: () => scenario, now: () => this.nowMs });
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      const answer = this.brt.answer({
        method: init.method ?? 'GET',
        url,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: typeof init.body === 'string' ? init.body : '',
      });
      if (answer === CONNECTION_DROPPED) throw new TypeError('fetch failed');
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    });
  }

  register(parcels: Shipment['parcels']): Shipment {
    return newShipment(
      {
        courier: 'brt',
        courierAccountId: 'shop',
        senderReference: REFERENCE,
        alphanumericReference: 'ORDINE-1',
        orders: [],
        parcels,
      },
      this.nowMs,
    );
  }

  /** Follows a shipment by the schedule to its end. */
  async follow(shipment: Shipment) {
    let known = shipment;
    const alerts: TrackingAlert[] = [];
    for (let at = nextCheck(known, this.nowMs); at !== undefined; at = nextCheck(known, this.nowMs)) {
      this.nowMs = Date.parse(at);
      const answer = await this.tracker.track(known);
      if (answer.found === 'not-yet') continue;
      const update = withTracking(known, answer, this.nowMs);
      known = update.shipment;
      alerts.push(...update.alerts);
    }
    return { known, alerts };
  }
}
afterEach(() => vi.unstubAllGlobals());

const BELIEFS: Readonly<Record<BrtScenario, Shipment['state']>> = {
  delivered: 'delivered',
  'late-id': 'delivered',
  returned: 'returned',
  'held-and-sent-back': 'returned',
  'held-and-delivered': 'delivered',
  disordered: 'delivered',
  'missing-hours': 'delivered',
  'unknown-event': 'delivered',
  'never-handed-over': 'data-transmitted',
  'never-found': 'created',
};

describe.each(BRT_SCENARIOS)('a shipment of the kind %s', (scenario) => {
  test.each(['the label’s number', 'our reference'])('is believed to be what it is, by %s', async (by) => {
    const world = new World(scenario);
    const made =
      by === 'our reference'
        ? world.register([])
        : world.register((await world.shipments.create(request(), recipient)).parcels);
    if (by === 'our reference') world.brt.make({ numericSenderReference: REFERENCE, scenario });
    const { known, alerts } = await world.follow(made);
    const [truth] = world.brt.truths(REFERENCE);
    expect(known.trackingNumber).toBe(truth?.shipmentId);
    if (truth?.state === 'delivered' || truth?.state === 'returned') {
      expect(known.state).toBe(truth.state);
    }
    // What was never handed over has no id to ask for, and the data alone are shown by the label's number only.
    const believed = by === 'our reference' && truth?.state === 'made' ? 'created' : BELIEFS[scenario];
    expect(known.state).toBe(believed);
    expect(alerts.map(({ kind }) => kind)).toEqual(scenario === 'unknown-event' ? ['unknown-event'] : []);
  });
});

test('the number of a shipment that the depot reads a day late is known at the next check', async () => {
  const world = new World('late-id');
  const { parcels } = await world.shipments.create(request(), recipient);
  const { known } = await world.follow(world.register(parcels));
  // On its second day it is asked for every four hours.
  expect(Date.parse(known.trackingKnownAt ?? '') - START).toBeLessThanOrEqual((26 + 4) * HOUR_MS);
  expect(Date.parse(known.trackingKnownAt ?? '') - START).toBeGreaterThanOrEqual(26 * HOUR_MS);
});

describe('a shipment at BRT', () => {
  test('is made with a label for each parcel, confirmed once, and told so the second time', async () => {
    const world = new World();
    const { parcels, warnings } = await world.shipments.create(
      request({ parcelCount: 3, cashOnDelivery: { amountMinor: 1_990, currency: 'EUR' } }),
      { ...recipient, city: 'Ancona' },
    );
    expect(new Set(parcels.map(({ trackingByParcelId }) => trackingByParcelId)).size).toBe(3);
    expect(warnings).toMatchObject([{ kind: 'address-normalised', address: { city: 'ANCONA' } }]);
    await expect(world.shipments.confirm(request())).rejects.toMatchObject({ retryable: true });
    world.nowMs += 5 * MINUTE_MS;
    expect(await world.shipments.confirm(request())).toBe('confirmed');
    expect(await world.shipments.confirm(request())).toBe('already-confirmed');
  });

  test('after an unknown outcome is deleted and made again, and there is one', async () => {
    const world = new World();
    world.brt.trouble('dropped-after', 1);
    await expect(world.shipments.create(request(), recipient)).rejects.toMatchObject({ retryable: true });
    await expect(world.shipments.delete(request())).rejects.toMatchObject({ retryable: true });
    world.nowMs += 5 * MINUTE_MS;
    expect(await world.shipments.delete(request())).toBe('deleted');
    expect(await world.shipments.delete(request())).toBe('never-existed');
    await world.shipments.create(request(), recipient);
    expect(world.brt.truths(REFERENCE).map(({ state }) => state)).toEqual(['deleted', 'made']);
  });

  test('that the depot has is not deleted', async () => {
    const world = new World();
    await world.shipments.create(request(), recipient);
    world.nowMs += 3 * HOUR_MS;
    await expect(world.shipments.delete(request())).rejects.toMatchObject({ reason: 'taken-over' });
  });

  test('that has its reference with another one waits for a person', async () => {
    const world = new World();
    await world.shipments.create(request({ alphanumericReference: undefined }), recipient);
    await world.shipments.create(request({ alphanumericReference: undefined }), recipient);
    world.nowMs += 3 * HOUR_MS;
    await expect(world.shipments.delete(request())).rejects.toMatchObject({ reason: 'not-unique' });
    const shipment = { ...world.register([]), alphanumericReference: undefined };
    await expect(world.tracker.track(shipment)).rejects.toMatchObject({ reason: 'not-unique' });
  });

  test.each<[string, Partial<ShipmentRequest>, Partial<Recipient>, string]>([
    ['no route', {}, { postcode: '00000' }, 'address'],
    ['no such pick-up point', { pickUpPointId: 'NOWHERE' }, {}, 'pick-up-point'],
  ])('with %s is not made', async (_, more, to, reason) => {
    const world = new World();
    await expect(world.shipments.create(request(more), { ...recipient, ...to })).rejects.toMatchObject({
      reason,
    });
    expect(world.brt.truths(REFERENCE)).toEqual([]);
  });

  test('is out of reach with an old password', async () => {
    const world = new World();
    world.brt.changePassword('another');
    await expect(world.shipments.create(request(), recipient)).rejects.toMatchObject({
      reason: 'unauthorised',
    });
    await expect(
      world.tracker.track(world.register([{ trackingByParcelId: '066010000000101' }])),
    ).rejects.toMatchObject({ reason: 'unauthorised' });
  });
});

describe.each(['rest', 'soap'] as const)('trouble with %s', (service) => {
  test.each([
    ['throttled', true],
    ['server-error', true],
    ['dropped', true],
    ['generic', true],
    ['busy', true],
    ['fault', true],
    ['truncated', false],
    ['not-json', false],
  ] as const)('of the kind %s may pass: %s', async (trouble, retryable) => {
    const world = new World();
    const { parcels } = await world.shipments.create(request(), recipient);
    world.nowMs += 3 * HOUR_MS;
    const shipment = world.register(service === 'rest' ? parcels : []);
    world.brt.trouble(trouble, 1);
    await expect(world.tracker.track(shipment)).rejects.toMatchObject({ partner: 'brt', retryable });
    expect(await world.tracker.track(shipment)).toMatchObject({ found: 'yes' });
  });
});
