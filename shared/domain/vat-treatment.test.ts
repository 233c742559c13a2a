import { describe, expect, test } from 'vitest';
import { type VatCircumstances, vatNumberCountry, vatTreatmentOf } from './vat-treatment.ts';

const AT_HOME: VatCircumstances = {
  sellerCountry: 'IT',
  destinationCountry: 'IT',
  buyerVatCountry: undefined,
  business: false,
  oneStopShop: false,
  vatCharged: false,
};

describe('the VAT in the price', () => {
  test.each<[string, Partial<VatCircumstances>, string, string]>([
    ['a consumer at home', {}, 'domestic', 'IT'],
    ['a business at home', { business: true, buyerVatCountry: 'IT' }, 'domestic', 'IT'],
    ['an EU consumer, without the one-stop shop', { destinationCountry: 'DE' }, 'domestic', 'IT'],
    ['an EU consumer, with it', { destinationCountry: 'DE', oneStopShop: true }, 'one-stop-shop', 'DE'],
    ['a consumer at home, with it', { oneStopShop: true }, 'domestic', 'IT'],
    [
      'an EU business with a VAT number',
      { destinationCountry: 'DE', business: true, buyerVatCountry: 'DE' },
      'reverse-charge',
      'DE',
    ],
    [
      'an EU business without one, which is a consumer to VAT',
      { destinationCountry: 'DE', business: true, oneStopShop: true },
      'one-stop-shop',
      'DE',
    ],
    [
      'a VAT number of somebody who did not buy as a business',
      { destinationCountry: 'DE', buyerVatCountry: 'DE', oneStopShop: true },
      'one-stop-shop',
      'DE',
    ],
    [
      "a business with a VAT number of the seller's country, delivered abroad",
      { destinationCountry: 'DE', business: true, buyerVatCountry: 'IT', oneStopShop: true },
      'domestic',
      'IT',
    ],
    [
      'an EU business that was charged VAT all the same',
      { destinationCountry: 'DE', business: true, buyerVatCountry: 'DE', vatCharged: true },
      'domestic',
      'IT',
    ],
    ['goods that leave the EU', { destinationCountry: 'CH', oneStopShop: true }, 'export', 'CH'],
    [
      'goods that leave the EU with VAT charged',
      { destinationCountry: 'GB', vatCharged: true },
      'domestic',
      'IT',
    ],
  ])('of %s', (_, circumstances, treatment, country) => {
    expect(vatTreatmentOf({ ...AT_HOME, ...circumstances })).toEqual({ treatment, country });
  });
});

describe('the country of a VAT number', () => {
  test.each([
    ['IT00000000000', 'IT'],
    ['de 000000000', 'DE'],
    ['EL000000000', 'GR'],
  ])('%s is of %s', (number, country) => expect(vatNumberCountry(number)).toBe(country));

  test.each(['00000000000', 'XX000000000', 'GB000000000', '', 'IT'])(
    '%j names no country of the EU',
    (number) => expect(vatNumberCountry(number)).toBeUndefined(),
  );
});
