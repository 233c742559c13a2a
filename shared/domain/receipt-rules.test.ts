import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES, type DocumentFacts, type DocumentRule, decideDocument } from './receipt-rules.ts';

const CONSUMER: DocumentFacts = {
  marketplace: 'amazon',
  buyer: 'consumer',
  country: 'IT',
  sellerCountry: 'IT',
  oneStopShop: false,
  invoiceRequested: false,
};

describe('until the accountant says otherwise', () => {
  test.each<[string, Partial<DocumentFacts>, string, string]>([
    ['an Italian consumer', {}, 'courtesy-receipt', 'consumer'],
    ['a consumer who asked in time', { invoiceRequested: true }, 'electronic-invoice', 'invoice-requested'],
    ['an Italian business', { buyer: 'business' }, 'electronic-invoice', 'business'],
    ['an EU business', { buyer: 'business', country: 'DE' }, 'electronic-invoice', 'business'],
    ['an EU consumer', { country: 'DE' }, 'courtesy-receipt', 'consumer'],
    [
      'an EU consumer under the one-stop shop',
      { country: 'DE', oneStopShop: true },
      'courtesy-receipt',
      'eu-consumer-oss',
    ],
    ['an Italian consumer of a seller in it', { oneStopShop: true }, 'courtesy-receipt', 'consumer'],
    ['a consumer outside the EU', { country: 'CH' }, 'electronic-invoice', 'outside-eu'],
    [
      'a consumer in the United Kingdom',
      { country: 'GB', oneStopShop: true },
      'electronic-invoice',
      'outside-eu',
    ],
  ])('%s', (_, facts, document, ruleId) => {
    const all = { ...CONSUMER, ...facts };
    expect(decideDocument(all, DEFAULT_RULES)).toEqual({ document, ruleId, facts: all });
  });
});

describe('a rule', () => {
  const only = (rule: Partial<DocumentRule>): string =>
    decideDocument(CONSUMER, [{ ruleId: 'one', document: 'courtesy-receipt', ...rule }]).document;

  test.each<[string, Partial<DocumentRule>, Partial<DocumentRule>]>([
    ['marketplace', { marketplaces: ['ebay', 'amazon'] }, { marketplaces: ['ebay'] }],
    ['kind of buyer', { buyer: 'consumer' }, { buyer: 'business' }],
    ['destination', { destination: 'domestic' }, { destination: 'eu' }],
    ['country', { countries: ['FR', 'IT'] }, { countries: ['FR'] }],
    ['one-stop shop', { oneStopShop: false }, { oneStopShop: true }],
    ['request', { invoiceRequested: false }, { invoiceRequested: true }],
  ])('holds for its %s and for no other', (_, holding, failing) => {
    expect(only(holding)).toBe('courtesy-receipt');
    expect(only(failing)).toBe('none');
  });

  test('holds only when all its conditions do', () => {
    expect(only({ buyer: 'consumer', countries: ['FR'] })).toBe('none');
  });

  test('comes before those behind it', () => {
    const rules: DocumentRule[] = [
      { ruleId: 'no-ebay', marketplaces: ['ebay'], document: 'none' },
      { ruleId: 'first', document: 'electronic-invoice' },
      { ruleId: 'second', document: 'courtesy-receipt' },
    ];
    expect(decideDocument(CONSUMER, rules).ruleId).toBe('first');
    expect(decideDocument({ ...CONSUMER, marketplace: 'ebay' }, rules)).toMatchObject({
      document: 'none',
      ruleId: 'no-ebay',
    });
  });
});

test('without any rule that holds there is no document', () => {
  expect(decideDocument(CONSUMER, [])).toEqual({ document: 'none', ruleId: undefined, facts: CONSUMER });
});

test('a person may decide otherwise, and the rule that was overruled stays on record', () => {
  expect(
    decideDocument(CONSUMER, DEFAULT_RULES, { document: 'electronic-invoice', reason: 'buyer-asked-later' }),
  ).toEqual({
    document: 'electronic-invoice',
    ruleId: 'consumer',
    facts: CONSUMER,
    override: 'buyer-asked-later',
  });
});
