import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { aConfirmation, aShipment } from '../../tests/support/shipments.ts';
import { listedDeadline, listedParcel, type OrderParcel } from './order-parcels.ts';

const NOW = Date.parse('2026-11-21T09:00:00.000Z');
const toShip = anOrder({
  status: 'unshipped',
  purchasedAt: '2026-11-20T09:00:00.000Z',
  shipBy: { latest: '2026-11-21T11:00:00.000Z' },
});
const told = (state: 'wanted' | 'confirmed' | 'left-alone' = 'confirmed'): OrderParcel => ({
  shipment: aShipment({ trackingNumber: '067138050000', trackingKnownAt: '2026-11-20T18:00:00.000Z' }),
  confirmation: aConfirmation({
    state,
    ...(state === 'confirmed' ? { confirmedAt: '2026-11-20T18:00:30.000Z' } : {}),
  }),
});

describe('a parcel beside its order', () => {
  test('has its number with its courier, where the buyer follows it, and what the marketplace knows', () => {
    expect(listedParcel(told())).toMatchObject({
      courier: 'brt',
      trackingNumber: '067138050000',
      trackingUrl: expect.stringContaining('Nspediz=067138050000'),
      state: 'created',
      told: 'confirmed',
    });
  });

  test('without a number has no address, and nothing is told', () => {
    expect(listedParcel({ shipment: aShipment(), confirmation: undefined })).toMatchObject({
      trackingNumber: null,
      trackingUrl: null,
      told: null,
    });
  });
});

describe('the deadline of an order', () => {
  test('is the instant it has to leave by, with the minutes left and how much of the window is used', () => {
    expect(listedDeadline(toShip, [], NOW)).toEqual({
      clock: 'ship-by',
      until: '2026-11-21T11:00:00.000Z',
      assumed: false,
      minutesLeft: 120,
      level: 'most',
      told: false,
    });
    expect(listedDeadline(toShip, [], NOW + 3 * 3_600_000)).toMatchObject({
      minutesLeft: -60,
      level: 'over',
    });
  });

  test('says when the marketplace has all of it from us already', () => {
    expect(listedDeadline(toShip, [told()], NOW)).toMatchObject({ clock: 'ship-by', told: true });
    expect(listedDeadline(toShip, [told('wanted')], NOW)).toMatchObject({ told: false });
  });

  test('is the first scan once it has left, and none once it is scanned, or was never told', () => {
    const shipped = { ...toShip, status: 'shipped' as const };
    expect(listedDeadline(shipped, [told()], NOW)).toMatchObject({ clock: 'valid-tracking', told: false });
    const { shipment, confirmation } = told();
    const scanned = { shipment: { ...shipment, state: 'in-transit' as const }, confirmation };
    expect(listedDeadline(shipped, [scanned], NOW)).toBeNull();
    expect(listedDeadline(shipped, [told('left-alone')], NOW)).toBeNull();
  });

  test('is not a scan that nobody waits for any more', () => {
    const shipped = { ...toShip, status: 'shipped' as const };
    const day = 24 * 3_600_000;
    expect(listedDeadline(shipped, [told()], NOW + 13 * day)).toMatchObject({ level: 'over' });
    expect(listedDeadline(shipped, [told()], NOW + 15 * day)).toBeNull();
  });
});
