import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameMatch, matchIndexOf, matchOf } from './listing-match.ts';

const EAN = '4006381333931';
const OTHER_EAN = '0036000291452';
const catalogue = matchIndexOf([
  { sku: '1E5', ean: EAN },
  { sku: '100000', ean: undefined },
  { sku: '00123', ean: undefined },
  { sku: '123', ean: undefined },
  { sku: 'TWIN-A', ean: OTHER_EAN },
  { sku: 'TWIN-B', ean: OTHER_EAN },
]);
const found = (sku: string | undefined, ean?: string) => {
  const { state, by, skus } = matchOf({ sku, ean }, undefined, catalogue);
  return [state, by, ...skus];
};

describe('a listing is matched', () => {
  test('by its SKU to the letter, whatever number it looks like', () => {
    expect(found('1E5')).toEqual(['matched', 'sku', '1E5']);
    expect(found('100000')).toEqual(['matched', 'sku', '100000']);
    expect(found('00123')).toEqual(['matched', 'sku', '00123']);
    expect(found('123')).toEqual(['matched', 'sku', '123']);
    expect(found('0123')).toEqual(['none', undefined]);
    expect(found('1e5')).toEqual(['none', undefined]);
  });

  test('by its EAN where its SKU is missing or unknown', () => {
    expect(found(undefined, EAN)).toEqual(['matched', 'ean', '1E5']);
    expect(found('UNKNOWN', EAN)).toEqual(['matched', 'ean', '1E5']);
    expect(found(undefined, undefined)).toEqual(['none', undefined]);
  });

  test('with several products when they have one EAN, and only a person can tell', () => {
    expect(found(undefined, OTHER_EAN)).toEqual(['ambiguous', 'ean', 'TWIN-A', 'TWIN-B']);
    expect(found('TWIN-B', OTHER_EAN)).toEqual(['matched', 'sku', 'TWIN-B']);
  });

  test('by its SKU although the EANs differ, and that is said', () => {
    expect(matchOf({ sku: '1E5', ean: OTHER_EAN }, undefined, catalogue)).toMatchObject({
      skus: ['1E5'],
      eanDiffers: true,
    });
    expect(matchOf({ sku: '1E5', ean: EAN }, undefined, catalogue).eanDiffers).toBe(false);
  });
});

describe('what a person decided', () => {
  test('stands above SKU and EAN', () => {
    expect(matchOf({ sku: '1E5', ean: EAN }, { kind: 'linked', sku: '00123' }, catalogue)).toMatchObject({
      state: 'matched',
      by: 'hand',
      skus: ['00123'],
    });
    expect(matchOf({ sku: '1E5', ean: EAN }, { kind: 'ignored' }, catalogue).state).toBe('ignored');
  });

  test('for a product that is gone leaves no match, not another product', () => {
    expect(matchOf({ sku: '1E5', ean: EAN }, { kind: 'linked', sku: 'GONE' }, catalogue).state).toBe('none');
  });
});

test('no match ever names a product that neither SKU, EAN nor a person named', () => {
  const sku = fc.constantFrom('1E5', '100000', '00123', '123', 'A', undefined);
  const ean = fc.constantFrom(EAN, OTHER_EAN, undefined);
  const product = fc.record({ sku: fc.constantFrom('1E5', '100000', '00123', '123', 'A', 'B'), ean });
  fc.assert(
    fc.property(
      fc.uniqueArray(product, { selector: (each) => each.sku }),
      sku,
      ean,
      (products, own, number) => {
        const index = matchIndexOf(products);
        const match = matchOf({ sku: own, ean: number }, undefined, index);
        const named = products.filter(
          (each) => each.sku === own || (number !== undefined && each.ean === number),
        );
        expect(match.skus.every((each) => named.some((product) => product.sku === each))).toBe(true);
        expect(match.state === 'none').toBe(named.length === 0);
        expect(
          isSameMatch(
            match,
            matchOf({ sku: own, ean: number }, undefined, matchIndexOf([...products].reverse())),
          ),
        ).toBe(true);
      },
    ),
  );
});
