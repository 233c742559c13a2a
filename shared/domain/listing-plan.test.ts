import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aListing, aStoredListing } from '../../tests/support/listings.ts';
import {
  areRules,
  channelPrice,
  channelQuantity,
  DEFAULT_RULES,
  differenceOf,
  plannedListing,
  shows,
  zeroesLookWrong,
} from './listing-plan.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const product = { sku: 'LAMP', price: eur(1_000), quantity: 5 };

describe('a channel’s price', () => {
  test.each([
    [10_000, 1, 0, 1_234, 1_234],
    [10_500, 1, 0, 1_000, 1_050],
    [10_500, 100, 99, 1_000, 1_099],
    [10_000, 100, 99, 1_299, 1_299],
    [10_000, 100, 99, 1_300, 1_399],
    [10_000, 5, 0, 1_231, 1_235],
    [10_000, 1_000, 990, 5, 990],
    [12_345, 1, 0, 1, 1],
    [1_000, 1, 0, 1, 1],
  ])(
    'with factor %i, step %i and ending %i of %i is %i',
    (priceFactorBp, stepMinor, endMinor, base, price) => {
      expect(channelPrice(eur(base), { priceFactorBp, rounding: { stepMinor, endMinor } })).toEqual(
        eur(price),
      );
    },
  );

  const rules = fc
    .record({
      priceFactorBp: fc.integer({ min: 1_000, max: 100_000 }),
      stepMinor: fc.integer({ min: 1, max: 1_000 }),
      end: fc.nat(),
    })
    .map(({ priceFactorBp, stepMinor, end }) => ({
      priceFactorBp,
      rounding: { stepMinor, endMinor: end % stepMinor },
    }));

  test('ends as the rule says, is never below what the factor makes, and less than a step above', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 100_000_000 }), (rule, base) => {
        const { amountMinor } = channelPrice(eur(base), rule);
        const { stepMinor, endMinor } = rule.rounding;
        const exact = (base * rule.priceFactorBp) / 10_000;
        expect(Number.isSafeInteger(amountMinor)).toBe(true);
        expect(amountMinor % stepMinor).toBe(endMinor);
        expect(amountMinor).toBeGreaterThanOrEqual(Math.floor(exact));
        expect(amountMinor).toBeLessThan(Math.max(exact, 1) + stepMinor + 1);
      }),
    );
  });

  test('never falls when the catalogue’s rises', () => {
    fc.assert(
      fc.property(rules, fc.nat(1_000_000), fc.nat(1_000_000), (rule, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        return channelPrice(eur(low), rule).amountMinor <= channelPrice(eur(high), rule).amountMinor;
      }),
    );
  });
});

test('a reserve is never offered, and never makes less than nothing', () => {
  expect([0, 2, 3, 10].map((quantity) => channelQuantity(quantity, { quantityReserve: 2 }))).toEqual([
    0, 0, 1, 8,
  ]);
});

describe('the difference', () => {
  test('is nothing where nothing differs', () => {
    expect(
      differenceOf(aListing({ price: eur(1_000), quantity: 5 }), product, DEFAULT_RULES),
    ).toBeUndefined();
  });

  test('holds only what differs', () => {
    expect(differenceOf(aListing({ price: eur(900), quantity: 5 }), product, DEFAULT_RULES)).toEqual({
      from: { price: eur(900) },
      to: { price: eur(1_000) },
    });
    expect(differenceOf(aListing({ price: eur(1_000), quantity: 4 }), product, DEFAULT_RULES)).toEqual({
      from: { quantity: 4 },
      to: { quantity: 5 },
    });
  });

  test('leaves alone what is switched off, and quantities that the marketplace counts', () => {
    const listing = aListing({ price: eur(900), quantity: 4 });
    const only = (rules: object) => differenceOf(listing, product, { ...DEFAULT_RULES, ...rules });
    expect(only({ pushesQuantity: false })).toMatchObject({ to: { price: eur(1_000) } });
    expect(only({ pushesPrice: false })).toEqual({ from: { quantity: 4 }, to: { quantity: 5 } });
    const theirs = aListing({ price: eur(1_000), quantity: undefined, fulfilledBy: 'marketplace' });
    expect(differenceOf(theirs, product, DEFAULT_RULES)).toBeUndefined();
  });

  test('between currencies is not calculated, and what has ended is not touched', () => {
    const foreign = aListing({ price: { amountMinor: 900, currency: 'GBP' } });
    expect(differenceOf(foreign, product, DEFAULT_RULES)).toBe('left-alone');
    expect(differenceOf(aListing({ status: 'ended' }), product, DEFAULT_RULES)).toBe('left-alone');
  });

  test('once carried out is none any more', () => {
    const optionalMoney = fc.option(fc.integer({ min: 1, max: 10_000 }).map(eur), { nil: undefined });
    fc.assert(
      fc.property(
        optionalMoney,
        fc.option(fc.nat(50), { nil: undefined }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(50),
        fc.nat(10),
        (price, quantity, base, stock, quantityReserve) => {
          const rules = { ...DEFAULT_RULES, quantityReserve };
          const own = { price: eur(base), quantity: stock };
          const difference = differenceOf(aListing({ price, quantity }), own, rules);
          if (difference === undefined) return;
          if (difference === 'left-alone') throw new Error('nothing stands against it');
          const after = aListing({ price, quantity, ...difference.to });
          expect(differenceOf(after, own, rules)).toBeUndefined();
          expect(shows(after, difference.to)).toBe(true);
          expect(shows({ price, quantity }, difference.to)).toBe(false);
        },
      ),
    );
  });
});

describe('a dry run', () => {
  const of = (stored: ReturnType<typeof aStoredListing>) =>
    plannedListing(stored, (sku) => (sku === product.sku ? product : undefined), DEFAULT_RULES);

  test('names the listing, the product and both states', () => {
    expect(of(aStoredListing({ price: eur(900) }, 'LAMP'))).toMatchObject({
      outcome: 'changes',
      goesToZero: false,
      line: { productSku: 'LAMP', from: { price: eur(900) }, to: { price: eur(1_000) }, state: 'planned' },
    });
  });

  test('leaves out what is not matched, ambiguous or ignored', () => {
    const stored = aStoredListing({ price: eur(900) }, 'LAMP');
    for (const state of ['none', 'ambiguous', 'ignored'] as const) {
      expect(of({ ...stored, match: { ...stored.match, state } }).outcome).toBe('not-matched');
    }
    expect(of(aStoredListing({}, 'GONE')).outcome).toBe('not-matched');
  });

  test('counts what would go to zero, not what is there already', () => {
    const empty = { sku: 'LAMP', price: eur(1_000), quantity: 0 };
    const planned = (quantity: number | undefined) =>
      plannedListing(aStoredListing({ price: eur(1_000), quantity }, 'LAMP'), () => empty, DEFAULT_RULES);
    expect(planned(3)).toMatchObject({ outcome: 'changes', goesToZero: true });
    expect(planned(0)).toMatchObject({ outcome: 'same' });
    expect(planned(undefined)).toMatchObject({ outcome: 'changes', goesToZero: false });
  });

  test.each([
    [4, 4, false],
    [5, 50, true],
    [5, 51, false],
    [99, 10_000, false],
    [100, 10_000, true],
    [0, 0, false],
  ])('%i of %i going to zero is asked about: %s', (toZero, forSale, asked) => {
    expect(zeroesLookWrong(toZero, forSale)).toBe(asked);
  });
});

test('rules that make no sense are none', () => {
  const rules = (changes: object) => areRules({ ...DEFAULT_RULES, ...changes });
  expect(rules({})).toBe(true);
  expect(rules({ priceFactorBp: 999 })).toBe(false);
  expect(rules({ priceFactorBp: 10_000.5 })).toBe(false);
  expect(rules({ rounding: { stepMinor: 100, endMinor: 100 } })).toBe(false);
  expect(rules({ rounding: { stepMinor: 0, endMinor: 0 } })).toBe(false);
  expect(rules({ quantityReserve: -1 })).toBe(false);
});
