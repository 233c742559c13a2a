import { describe, expect, test } from 'vitest';
import { orderId } from './order.ts';
import { newShipment, type Shipment, shipmentKey } from './shipment.ts';
import { wantedConfirmations } from './shipping-confirmation.ts';
import type { TrackingEvent } from './tracking-events.ts';
import type { ShipmentState } from './tracking-state.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const KNOWN_AT = '2026-11-23T10:00:00.000Z';
const [EBAY, AMAZON] = [orderId('ebay', '1-2'), orderId('amazon', '404-0000001-0000001')];

function aShipment(more: Partial<Shipment> = {}): Shipment {
  const base = newShipment(
    {
      courier: 'brt',
      courierAccountId: 'shop',
      senderReference: '202600000800630',
      orders: [{ orderId: EBAY, lines: [{ orderLineId: 'L1', quantity: 1 }] }],
      parcels: [{ trackingByParcelId: '066010001100001' }],
    },
    NOW - 3_600_000,
  );
  return { ...base, trackingNumber: '066061651641', ...more };
}
const event = (state: ShipmentState | undefined, at: string | undefined): TrackingEvent => ({
  code: undefined,
  description: 'EVENT',
  date: undefined,
  time: undefined,
  at,
  depot: undefined,
  state,
});
const packages = [
  { orderId: EBAY, shipmentKey: shipmentKey('brt', '202600000000001'), packageNumber: 1 },
  { orderId: EBAY, shipmentKey: aShipment().shipmentKey, packageNumber: 2 },
  { orderId: AMAZON, shipmentKey: aShipment().shipmentKey, packageNumber: 1 },
];
const wanted = (shipment: Shipment) => wantedConfirmations(shipment, packages, NOW);

describe('what marketplaces are to be told of a shipment', () => {
  test('its number, its address and its lines, two minutes before its message counts as lost', () => {
    expect(wanted(aShipment())).toEqual([
      {
        orderId: EBAY,
        shipmentKey: 'brt:202600000800630',
        packageNumber: 2,
        marketplace: 'ebay',
        marketplaceOrderId: '1-2',
        courier: 'brt',
        carrierName: undefined,
        trackingNumber: '066061651641',
        trackingUrl:
          'https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz=066061651641',
        shippedAt: KNOWN_AT,
        lines: [{ orderLineId: 'L1', quantity: 1 }],
        knownAt: KNOWN_AT,
        state: 'wanted',
        dueAt: '2026-11-23T10:02:00.000Z',
        attempts: 0,
        version: 1,
      },
    ]);
  });

  test('each of its orders has one of its own', () => {
    const orders = [
      { orderId: EBAY, lines: [] },
      { orderId: AMAZON, lines: [] },
    ];
    expect(
      wanted(aShipment({ orders })).map(({ marketplace, packageNumber }) => [marketplace, packageNumber]),
    ).toEqual([
      ['ebay', 2],
      ['amazon', 1],
    ]);
  });

  test('nothing while its number is not known, although a parcel of it moves', () => {
    expect(wanted(aShipment({ trackingNumber: undefined, state: 'in-transit' }))).toEqual([]);
  });

  test.each<[string, Partial<Shipment>]>([
    ['goes back', { state: 'returned' }],
    ['was taken back', { state: 'cancelled' }],
    [
      'was deleted at the courier',
      {
        making: {
          state: 'deleted',
          parcelCount: 1,
          weightGrams: 1000,
          labelFormat: 'PDF',
          attempts: 1,
          warnings: [],
          labelKeys: [],
        },
      },
    ],
  ])('nothing of one that %s', (_, more) => {
    expect(wanted(aShipment(more))).toEqual([]);
  });

  test('one that was delivered before its number was known is left to a person', () => {
    const [confirmation] = wanted(aShipment({ state: 'delivered' }));
    expect(confirmation).toMatchObject({ state: 'left-alone', reason: 'delivered' });
    expect(confirmation?.dueAt).toBeUndefined();
  });

  test('an order without a package is a mistake of ours, and is said to be one', () => {
    expect(() => wantedConfirmations(aShipment(), [], NOW)).toThrow('ebay:1-2 has no package');
  });
});

describe('when the goods left', () => {
  const leftAt = (more: Partial<Shipment>) => wanted(aShipment(more))[0]?.shippedAt;
  const events = [
    event('data-transmitted', '2026-11-22T16:00:00.000Z'),
    event(undefined, '2026-11-22T16:30:00.000Z'),
    event('picked-up', undefined),
    event('in-transit', '2026-11-22T17:00:00.000Z'),
    event('in-transit', '2026-11-22T23:00:00.000Z'),
  ];

  test('is what somebody said', () => {
    expect(leftAt({ events, shippedAt: '2026-11-22T15:00:00.000Z' })).toBe('2026-11-22T15:00:00.000Z');
  });
  test('else the first movement whose time is known: that the courier has our data is none', () => {
    expect(leftAt({ events })).toBe('2026-11-22T17:00:00.000Z');
  });
  test('else since when its number is known', () => {
    expect(leftAt({ trackingKnownAt: '2026-11-23T09:00:00.000Z' })).toBe('2026-11-23T09:00:00.000Z');
  });
  test('is never later than now, when the courier’s clock is ahead', () => {
    expect(leftAt({ events: [event('picked-up', '2026-11-23T10:03:00.000Z')] })).toBe(KNOWN_AT);
  });
});
