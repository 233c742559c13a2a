import { expect, test } from 'vitest';
import { aBuyer } from '../../tests/support/orders.ts';
import { buyerView } from './buyer-view.ts';

test('the address that a person put in and the courier’s spelling stand beside the buyer’s own', () => {
  const view = buyerView(
    aBuyer({
      deliveryAddress: { lines: ['Via Inventata 1'], city: 'Ancona' },
      shipTo: { name: 'Vicina Inventata', lines: ['Via Inventata 2'], city: 'Jesi' },
      courierAddress: {
        name: 'VICINA INVENTATA',
        lines: [],
        city: 'JESI',
        postalCode: '60035',
        region: 'AN',
      },
    }),
  );
  expect(view.deliveryAddress?.city).toBe('Ancona');
  expect(view.shipTo).toMatchObject({ name: 'Vicina Inventata', lines: ['Via Inventata 2'], city: 'Jesi' });
  expect(view.courierAddress).toEqual({
    name: 'VICINA INVENTATA',
    company: null,
    lines: [],
    city: 'JESI',
    district: null,
    region: 'AN',
    postalCode: '60035',
    countryCode: null,
    phone: null,
  });
});

test('an order that no courier has carried yet has neither', () => {
  expect(buyerView(aBuyer())).toMatchObject({ shipTo: null, courierAddress: null });
});
