import { describe, expect, test } from 'vitest';
import { areCarrierChoices, checkedCarriers, marketplaceCarrier, toldNumber } from './carrier-map.ts';
import { MARKETPLACES } from './order.ts';
import { COURIERS } from './shipment.ts';

const rows = COURIERS.filter((courier) => courier !== 'manual').map((courier) => ({
  courier,
  name: courier,
}));

describe('the table', () => {
  test('knows every courier at every marketplace', () => {
    for (const courier of COURIERS) {
      if (courier === 'manual') continue;
      for (const marketplace of MARKETPLACES) {
        expect(marketplaceCarrier(marketplace, { courier }), `${courier} at ${marketplace}`).toBeDefined();
      }
    }
  });
  test('is taken when nothing is wrong with it', () => {
    expect(checkedCarriers(rows)).toBe(rows);
  });
  test.each([
    ['lacks a courier', rows.slice(1)],
    ['has one twice', [...rows, { courier: 'brt' as const, name: 'BRT again' }]],
    ['has a blank word', [...rows, { name: 'Fercam', amazon: ' ' }]],
    ['has a name twice', [...rows, { name: 'Fercam' }, { name: 'X', also: ['fercam'] }]],
    ['has a name that ManoMano writes otherwise', [...rows, { name: 'FedEx', manomano: 'FedEx' }]],
    ['names Amazon’s word for all others', [...rows, { name: 'Fercam', amazon: 'Other' }]],
  ])('that %s is refused', (_, wrong) => {
    expect(() => checkedCarriers(wrong)).toThrow(RangeError);
  });
});

describe('a carrier', () => {
  test('BRT has each marketplace’s own name', () => {
    expect(MARKETPLACES.map((each) => marketplaceCarrier(each, { courier: 'brt' })?.code)).toEqual([
      'BRT',
      'Bartolini',
      'BRT',
    ]);
  });
  test('that a person names is known however it is written', () => {
    const fedex = { courier: 'manual', carrierName: '  fedEX ' } as const;
    expect(marketplaceCarrier('manomano', fedex)).toEqual({ code: 'Fedex' });
    expect(marketplaceCarrier('amazon', fedex)).toEqual({ code: 'FedEx' });
  });
  test('that nobody knows is Other to Amazon, its name to eBay, and nothing to ManoMano', () => {
    const local = { courier: 'manual', carrierName: 'Trasporti Rossi' } as const;
    expect(marketplaceCarrier('amazon', local)).toEqual({ code: 'Other', carrierName: 'Trasporti Rossi' });
    expect(marketplaceCarrier('ebay', local)).toEqual({ code: 'Trasporti Rossi' });
    expect(marketplaceCarrier('manomano', local)).toBeUndefined();
  });
  test('without a name is none', () => {
    for (const carrierName of [undefined, '  ']) {
      expect(marketplaceCarrier('ebay', { courier: 'manual', carrierName })).toBeUndefined();
    }
  });
  test('is called as the channel says, where it says so', () => {
    const choices = [
      { carrier: 'BRT', code: 'Other' },
      { carrier: 'trasporti  rossi', code: 'DSV' },
    ];
    expect(marketplaceCarrier('amazon', { courier: 'brt' }, choices)).toEqual({
      code: 'Other',
      carrierName: 'BRT',
    });
    expect(
      marketplaceCarrier('manomano', { courier: 'manual', carrierName: 'Trasporti Rossi' }, choices),
    ).toEqual({ code: 'DSV' });
    expect(marketplaceCarrier('amazon', { courier: 'gls' }, choices)).toEqual({ code: 'GLS' });
  });
});

test.each([
  ['nothing', 'manomano', [], true],
  ['a name of ManoMano’s list', 'manomano', [{ carrier: 'brt', code: 'BRT' }], true],
  ['the same in small letters', 'manomano', [{ carrier: 'brt', code: 'brt' }], false],
  ['a free name elsewhere', 'ebay', [{ carrier: 'Rossi', code: 'Rossi Trasporti' }], true],
  [
    'one twice',
    'ebay',
    [
      { carrier: 'brt', code: 'A' },
      { carrier: 'BRT', code: 'B' },
    ],
    false,
  ],
  ['a blank code', 'amazon', [{ carrier: 'brt', code: ' ' }], false],
  ['all that people enter', 'amazon', [{ carrier: 'manual', code: 'Other' }], false],
] as const)('a channel may choose %s for %s: %o', (_, marketplace, choices, allowed) => {
  expect(areCarrierChoices(marketplace, choices)).toBe(allowed);
});

test.each([
  ['amazon', 'brt', '0670 6165 1641', '067061651641'],
  ['manomano', 'brt', '068014200000001', '068014200000001'],
  ['ebay', 'manual', 'AB-12 34', 'AB1234'],
  ['amazon', 'manual', 'AB-1234', 'AB-1234'],
  ['ebay', 'manual', 'AB_1234', undefined],
  ['amazon', 'brt', '06706165164', undefined],
  ['amazon', 'brt', '', undefined],
  ['amazon', 'dhl', 'ORDER', undefined],
  ['manomano', 'manual', 'numero così', undefined],
] as const)('%s is told of %s’s number “%s” as %s', (marketplace, courier, number, told) => {
  expect(toldNumber(marketplace, courier, number)).toBe(told);
});
