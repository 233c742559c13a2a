import { describe, expect, test } from 'vitest';
import { orderId } from './order.ts';
import { carriesTheSame, isSameShipment, type Registration, registeredIdentity } from './registration.ts';

const registration = (more: Partial<Registration>): Registration => ({
  courier: 'brt',
  parcelNumbers: [],
  orders: [],
  ...more,
});

describe('a shipment of BRT’s is known', () => {
  test.each([
    ['by our reference before all', { reference: '800630', trackingNumber: '066012345678' }, '800630'],
    [
      'by its first parcel',
      { parcelNumbers: ['066010000000101', '066010000000102'] },
      'parcel-066010000000101',
    ],
    ['by its number', { trackingNumber: '066012345678' }, 'number-066012345678'],
  ])('%s', (_, more, senderReference) => {
    expect(registeredIdentity(registration(more)).senderReference).toBe(senderReference);
  });

  test('by 12 digits at once, by the number of a label later', () => {
    expect(registeredIdentity(registration({ trackingNumber: '066012345678' }))).toMatchObject({
      courierShipmentId: { id: '066012345678' },
      trackingNumber: '066012345678',
    });
    const byLabel = registeredIdentity(
      registration({ parcelNumbers: ['066010000000101', '0660100000001012AB'] }),
    );
    expect(byLabel).toEqual({
      senderReference: 'parcel-066010000000101',
      parcels: [{ trackingByParcelId: '066010000000101' }, { parcelId: '0660100000001012AB' }],
    });
  });

  test.each([
    ['nothing', {}, 'nothing-to-know-it-by'],
    ['a reference BRT would not take', { reference: '1234567890123456' }, 'number-malformed'],
    ['a number of 11 digits', { trackingNumber: '66012345678' }, 'number-malformed'],
    ['a parcel of 14 digits', { parcelNumbers: ['06601000000010'] }, 'number-malformed'],
    ['a number that Excel shortened', { parcelNumbers: ['6.601E+13'] }, 'number-malformed'],
  ])('not by %s', (_, more, code) => {
    expect(() => registeredIdentity(registration(more))).toThrow(code);
  });
});

describe('a shipment of another courier’s', () => {
  test('is known by its number, and has it from the beginning', () => {
    expect(registeredIdentity(registration({ courier: 'gls', trackingNumber: 'M1610123456' }))).toEqual({
      senderReference: 'M1610123456',
      parcels: [],
      trackingNumber: 'M1610123456',
    });
  });

  test('without a number, or by hand without a carrier, is not registered', () => {
    expect(() => registeredIdentity(registration({ courier: 'gls', reference: 'ORDER-1' }))).toThrow(
      'nothing-to-know-it-by',
    );
    const byHand = registration({ courier: 'manual', trackingNumber: 'X-1234' });
    expect(() => registeredIdentity(byHand)).toThrow('carrier-missing');
    expect(registeredIdentity({ ...byHand, carrierName: 'Nexive' }).trackingNumber).toBe('X-1234');
    expect(() =>
      registeredIdentity({ ...byHand, carrierName: 'Nexive', trackingNumber: 'a name, a street' }),
    ).toThrow('number-malformed');
  });
});

describe('the same shipment', () => {
  const stored = {
    courier: 'brt',
    senderReference: '800630',
    parcels: [{ parcelId: '0660100000001012AB', trackingByParcelId: '066010000000101' }],
    courierShipmentId: { id: '066012345678', year: 2026 },
  } as const;
  const identity = (more: Partial<Registration>) => registeredIdentity(registration(more));

  test('is recognised by reference, label and number', () => {
    expect(isSameShipment(stored, 'brt', identity({ reference: '800630' }))).toBe(true);
    expect(isSameShipment(stored, 'brt', identity({ parcelNumbers: ['066010000000101'] }))).toBe(true);
    expect(isSameShipment(stored, 'brt', identity({ trackingNumber: '066012345678' }))).toBe(true);
  });

  test('is not another courier’s with the same reference, nor one with other numbers', () => {
    expect(isSameShipment(stored, 'gls', identity({ reference: '800630' }))).toBe(false);
    expect(isSameShipment(stored, 'brt', identity({ trackingNumber: '066012345679' }))).toBe(false);
  });

  test('carries the same in any order, and not with another quantity', () => {
    const line = (orderLineId: string, quantity: number) => ({ orderLineId, quantity });
    const one = { orderId: orderId('ebay', '1'), lines: [line('A', 1), line('B', 2)] };
    const two = { orderId: orderId('ebay', '2'), lines: [] };
    expect(carriesTheSame([one, two], [two, { ...one, lines: one.lines.toReversed() }])).toBe(true);
    expect(carriesTheSame([one], [{ ...one, lines: [line('A', 1), line('B', 1)] }])).toBe(false);
    expect(carriesTheSame([one, two], [one])).toBe(false);
  });
});
