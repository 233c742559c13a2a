import { describe, expect, test } from 'vitest';
import type { Buyer } from './buyer.ts';
import { provinceLetters } from './italian-provinces.ts';
import { orderId } from './order.ts';
import { isSameRecipient, recipientOf } from './recipient.ts';

const address = {
  name: 'Persona Inventata',
  lines: ['Via Inventata 1', ''],
  city: 'Ancona',
  region: 'Ancona',
  postalCode: '60100',
  countryCode: 'it',
  phone: '+39 333 0000000',
};
const buyer = (more: Partial<Buyer> = {}): Buyer => ({
  orderId: orderId('ebay', '1'),
  state: 'present',
  email: 'nobody@example.org',
  deliveryAddress: address,
  taxRegistrations: [],
  lines: [],
  updatedAt: '2026-11-23T10:00:00.000Z',
  expiresAt: '2026-12-23T10:00:00.000Z',
  ...more,
});

describe('the recipient of an order', () => {
  test('is the buyer’s delivery address, with the letters of its province', () => {
    expect(recipientOf(buyer(), '1')).toEqual({
      name: 'Persona Inventata',
      address: 'Via Inventata 1',
      postcode: '60100',
      city: 'Ancona',
      province: 'AN',
      countryCode: 'IT',
      mobile: '+39 333 0000000',
    });
  });

  test('is a company with a person in it, and whoever is put in the place of both', () => {
    const company = { ...address, company: 'Ditta Inventata' };
    expect(recipientOf(buyer({ deliveryAddress: company }), '1')).toMatchObject({
      name: 'Ditta Inventata',
      contactName: 'Persona Inventata',
    });
    const shipTo = { ...address, lines: ['Via Nuova 2'], phone: '071 000000' };
    expect(recipientOf(buyer({ deliveryAddress: company, shipTo }), '1')).toMatchObject({
      name: 'Persona Inventata',
      address: 'Via Nuova 2',
      phone: '071 000000',
    });
  });

  test('abroad needs no province', () => {
    const abroad = { ...address, region: undefined, countryCode: 'FR' };
    expect(recipientOf(buyer({ deliveryAddress: abroad }), '1')).not.toHaveProperty('province');
  });

  test.each<[string, Buyer | undefined, string]>([
    ['nobody’s', undefined, 'buyer-unknown'],
    ['awaited', buyer({ state: 'waiting', deliveryAddress: undefined }), 'buyer-waiting'],
    ['refused', buyer({ state: 'refused', deliveryAddress: undefined }), 'buyer-refused'],
    ['deleted', buyer({ state: 'deleted' }), 'buyer-deleted'],
    ['without an address', buyer({ deliveryAddress: undefined }), 'address-incomplete'],
    ['without a street', buyer({ deliveryAddress: { ...address, lines: [' '] } }), 'address-incomplete'],
    [
      'in no known province',
      buyer({ deliveryAddress: { ...address, region: 'Marche', city: 'Sirolo' } }),
      'province-unknown',
    ],
  ])('that is %s is a refusal which names nobody', (_, of, code) => {
    expect(() => recipientOf(of, '404-1')).toThrow(new RegExp(`^${code} 404-1$`));
  });

  test('is the same for two orders however the address is spelled, and another at another door', () => {
    const one = recipientOf(buyer(), '1');
    expect(isSameRecipient(one, { ...one, address: 'VIA INVENTATA, 1', city: 'ANCONA' })).toBe(true);
    expect(isSameRecipient(one, { ...one, address: 'VIA INVENTATA, 11' })).toBe(false);
  });
});

describe('the letters of a province', () => {
  test.each([
    ['mi', 'MI'],
    ['Milano', 'MI'],
    ['Milano (MI)', 'MI'],
    ['FORLI’ CESENA', 'FC'],
    ['Forlì-Cesena', 'FC'],
    ["Reggio nell'Emilia", 'RE'],
    ['Monza e Brianza', 'MB'],
    ['L’Aquila', 'AQ'],
    ['Città metropolitana di Roma', 'RM'],
    ['Provincia di Napoli', 'NA'],
  ])('of %s are %s', (text, letters) => {
    expect(provinceLetters(text)).toBe(letters);
  });

  test('of a region, of nothing and of what only contains some are not guessed', () => {
    for (const text of ['Lombardia', '', 'XX', 'VIA TO', 'Al (To) Mi - Ba']) {
      expect(provinceLetters(text)).toBeUndefined();
    }
  });
});
