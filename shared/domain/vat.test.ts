import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Order, OrderExtra, OrderLine } from './order.ts';
import { DEFAULT_STANDARD_RATES, type VatTable } from './receipt-settings.ts';
import { isVatCharged, parseRate, shareOut, splitVat, totalsOf, vatContained } from './vat.ts';

const TABLE: VatTable = {
  oneStopShop: false,
  standardRates: DEFAULT_STANDARD_RATES,
  productRates: [{ sku: 'BOOK', country: 'IT', rateHundredths: 400 }],
};
const DOMESTIC = { treatment: 'domestic', country: 'IT' } as const;
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

function aLine(parts: Readonly<Record<string, number>>, overrides: Partial<OrderLine> = {}): OrderLine {
  const breakdown = Object.entries(parts).map(([kind, amount]) => ({ kind, amount: eur(amount) }));
  return {
    orderLineId: '1',
    sku: 'MUG',
    productId: undefined,
    title: 'Mug',
    quantityOrdered: 1,
    quantityFulfilled: 0,
    total: eur(Object.values(parts).reduce((sum, amount) => sum + amount, 0)),
    unitPrice: undefined,
    breakdown,
    cancellationRequested: false,
    customised: false,
    ...overrides,
  };
}

function orderOf(
  lines: readonly OrderLine[],
  extras: readonly OrderExtra[] = [],
): Pick<Order, 'total' | 'lines' | 'extras'> {
  const amounts = [
    ...lines.map((line) => line.total?.amountMinor ?? 0),
    ...extras.map((e) => e.amount.amountMinor),
  ];
  return { total: eur(amounts.reduce((sum, amount) => sum + amount, 0)), lines, extras };
}

function split(order: Parameters<typeof splitVat>[0], to: Parameters<typeof splitVat>[1] = DOMESTIC) {
  const answer = splitVat(order, to, TABLE);
  if (answer.state !== 'split') throw new Error(`${answer.problem}: ${answer.details.join()}`);
  return answer;
}

describe('VAT contained in an amount', () => {
  test.each([
    [12200, 2200, 2200],
    [2490, 2200, 449],
    [1, 2200, 0],
    [3, 2200, 1],
    [0, 2200, 0],
    [-12200, 2200, -2200],
    [1000, 0, 0],
    // The taxable part is exactly a half unit: it is rounded up, the VAT down.
    [13, 400, 0],
    [-13, 400, 0],
  ])('%i at %i hundredths of a percent is %i', (gross, rate, vat) => {
    expect(vatContained(gross, rate)).toBe(vat);
  });

  test('is exact beyond what floats could hold', () => {
    expect(vatContained(9_007_199_254_740_991, 2200)).toBe(1_624_249_045_936_900);
  });
});

describe('a rate', () => {
  test.each([
    ['22.00', 2200],
    ['4', 400],
    ['5.5', 550],
    ['25.500', 2550],
    ['0.00', 0],
  ])('%s is %i hundredths', (text, rate) => expect(parseRate(text)).toBe(rate));

  test.each(['', '-4', '22,00', '100', '22.005', 'IVA'])('%j is none', (text) =>
    expect(parseRate(text)).toBeUndefined(),
  );
});

describe('the split', () => {
  test("takes the rate of the seller's country where the marketplace says none", () => {
    const { lines, totals } = split(
      orderOf([aLine({ item: 1990, shipping: 500 }, { unitPrice: eur(1990) })]),
    );
    expect(lines).toMatchObject([
      { lineNumber: 1, kind: 'item', grossMinor: 1990, unitGrossMinor: 1990, rateHundredths: 2200 },
      { lineNumber: 2, kind: 'shipping', grossMinor: 500, rateHundredths: 2200 },
    ]);
    expect(totals).toEqual({
      grossMinor: 2490,
      netMinor: 2041,
      vatMinor: 449,
      byRate: [{ rateHundredths: 2200, netMinor: 2041, vatMinor: 449, grossMinor: 2490 }],
    });
  });

  test("the marketplace's rate comes before the product's, the product's before the country's", () => {
    const { lines } = split(
      orderOf([
        aLine({ item: 1000 }, { orderLineId: '1', vatRate: '10.00', sku: 'BOOK' }),
        aLine({ item: 1000 }, { orderLineId: '2', sku: 'BOOK' }),
        aLine({ item: 1000 }, { orderLineId: '3', sku: 'MUG' }),
      ]),
    );
    expect(lines.map(({ rateHundredths }) => rateHundredths)).toEqual([1000, 400, 2200]);
  });

  test('a product rate of another country is no rate here', () => {
    const { lines } = split(orderOf([aLine({ item: 1000 }, { sku: 'BOOK' })]), {
      treatment: 'one-stop-shop',
      country: 'DE',
    });
    expect(lines[0]?.rateHundredths).toBe(1900);
  });

  test('under the one-stop shop it is the rate of the destination', () => {
    const { totals } = split(orderOf([aLine({ item: 11_900 })]), {
      treatment: 'one-stop-shop',
      country: 'DE',
    });
    expect(totals).toMatchObject({ netMinor: 10_000, vatMinor: 1_900 });
  });

  test.each([
    ['reverse-charge', 'N3.2'],
    ['export', 'N3.1'],
  ] as const)('under %s there is no VAT, and the reason is named', (treatment, nature) => {
    const { lines, totals } = split(
      orderOf([aLine({ item: 1000 })], [{ kind: 'shipping', amount: eur(300) }]),
      {
        treatment,
        country: 'DE',
      },
    );
    expect(lines.map((line) => [line.vatMinor, line.rateHundredths, line.nature])).toEqual([
      [0, 0, nature],
      [0, 0, nature],
    ]);
    expect(totals.byRate).toEqual([
      { rateHundredths: 0, nature, netMinor: 1300, vatMinor: 0, grossMinor: 1300 },
    ]);
  });

  test('a discount of a line is part of it, gift wrap and what else there is are lines of their own', () => {
    const { lines } = split(
      orderOf([
        aLine(
          { item: 4000, discount: -500, 'gift-wrap': 300, 'cod-fee': 200 },
          { quantityOrdered: 2, unitPrice: eur(2000) },
        ),
      ]),
    );
    expect(lines).toMatchObject([
      { kind: 'item', quantity: 2, unitGrossMinor: 2000, discountMinor: -500, grossMinor: 3500 },
      { kind: 'gift-wrap', quantity: 1, grossMinor: 300 },
      { kind: 'other', quantity: 1, grossMinor: 200 },
    ]);
  });

  test('several rates: a discount and shipping of the order are shared out over them in proportion', () => {
    const { lines, totals } = split(
      orderOf(
        [
          aLine({ item: 3000 }, { orderLineId: '1', vatRate: '22.00' }),
          aLine({ item: 1000 }, { orderLineId: '2', vatRate: '4.00' }),
        ],
        [
          { kind: 'discount', amount: eur(-401) },
          { kind: 'shipping', amount: eur(400) },
        ],
      ),
    );
    expect(
      lines.slice(2).map(({ kind, rateHundredths, grossMinor }) => [kind, rateHundredths, grossMinor]),
    ).toEqual([
      ['discount', 2200, -301],
      ['discount', 400, -100],
      ['shipping', 2200, 300],
      ['shipping', 400, 100],
    ]);
    expect(totals.byRate.map(({ grossMinor }) => grossMinor)).toEqual([2999, 1000]);
  });

  test('shipping with a rate of its own keeps it', () => {
    const { lines } = split(
      orderOf(
        [aLine({ item: 1000 }, { vatRate: '4.00' })],
        [{ kind: 'shipping', amount: eur(610), vatRate: '22.00' }],
      ),
    );
    expect(lines[1]).toMatchObject({ kind: 'shipping', rateHundredths: 2200, netMinor: 500, vatMinor: 110 });
  });

  test('tax stated on top of the amounts is the VAT, and the lines are shown with it', () => {
    const { lines, totals } = split(orderOf([aLine({ item: 1000, shipping: 500, tax: 330 })]));
    expect(lines).toMatchObject([
      { kind: 'item', grossMinor: 1220, netMinor: 1000, vatMinor: 220 },
      { kind: 'shipping', grossMinor: 610, netMinor: 500, vatMinor: 110 },
    ]);
    expect(totals.vatMinor).toBe(330);
  });

  test('tax stated inside the amounts is the VAT too', () => {
    const line = aLine({ item: 1220, shipping: 610, tax: 331 }, { total: eur(1830) });
    const { totals } = split({ total: eur(1830), lines: [line] });
    expect(totals).toMatchObject({ grossMinor: 1830, vatMinor: 331 });
  });

  test('a breakdown that does not make its total is not believed: the line is one amount', () => {
    const line = aLine({ item: 900, shipping: 50 }, { total: eur(1000) });
    expect(split({ total: eur(1000), lines: [line] }).lines).toMatchObject([
      { kind: 'item', grossMinor: 1000 },
    ]);
  });

  test('a line taken off the order is none', () => {
    const gone = aLine({}, { orderLineId: '2', quantityOrdered: 0 });
    expect(split(orderOf([aLine({ item: 1000 }), gone])).lines).toHaveLength(1);
  });

  test('the price of one is left out where it is no whole unit', () => {
    const { lines } = split(orderOf([aLine({ item: 1000 }, { quantityOrdered: 3 })]));
    expect(lines[0]?.unitGrossMinor).toBeUndefined();
  });
});

describe('nothing is split', () => {
  const refused = (order: Parameters<typeof splitVat>[0], to: Parameters<typeof splitVat>[1] = DOMESTIC) => {
    const answer = splitVat(order, to, TABLE);
    return answer.state === 'refused' ? answer.problem : 'split';
  };
  const order = orderOf([aLine({ item: 1000 })]);

  test('when lines and extras are a cent off the total', () => {
    expect(refused({ ...order, total: eur(1001) })).toBe('totals-differ');
    expect(refused({ ...order, total: eur(999) })).toBe('totals-differ');
    expect(refused(order)).toBe('split');
  });

  test('while an amount is missing', () => {
    expect(refused({ ...order, total: undefined })).toBe('amounts-missing');
    expect(refused({ ...order, lines: [aLine({ item: 1000 }, { total: undefined })] })).toBe(
      'amounts-missing',
    );
    expect(refused({ ...order, lines: [] })).toBe('amounts-missing');
  });

  test('of amounts in two currencies', () => {
    const pounds = aLine({ item: 1000 }, { total: { amountMinor: 1000, currency: 'GBP' } });
    expect(refused({ ...order, lines: [pounds] })).toBe('currencies-differ');
  });

  test('where no rate is known, or the stated one is none', () => {
    expect(refused(order, { treatment: 'domestic', country: 'XX' })).toBe('vat-rate-unknown');
    expect(refused(orderOf([aLine({ item: 1000 }, { vatRate: 'standard' })]))).toBe('vat-rate-unknown');
  });

  test('of a zero rate without a reason, on a line or on shipping', () => {
    expect(refused(orderOf([aLine({ item: 1000 }, { vatRate: '0.00' })]))).toBe('zero-rate-unexplained');
    const shipping: OrderExtra = { kind: 'shipping', amount: eur(300), vatRate: '0.00' };
    expect(refused(orderOf([aLine({ item: 1000 })], [shipping]))).toBe('zero-rate-unexplained');
    expect(
      refused(orderOf([aLine({ item: 1000 }, { vatRate: '0.00' })]), { treatment: 'export', country: 'CH' }),
    ).toBe('split');
  });

  test('when VAT was charged although there should be none', () => {
    const charged = orderOf([aLine({ item: 1000 }, { vatRate: '22.00' })]);
    expect(refused(charged, { treatment: 'reverse-charge', country: 'DE' })).toBe('vat-figures-differ');
  });

  test("when the marketplace's VAT is not its rate's", () => {
    expect(refused(orderOf([aLine({ item: 1000, tax: 190 })]))).toBe('vat-figures-differ');
    expect(refused(orderOf([aLine({ item: 1000, tax: 221 })]))).toBe('split');
  });

  test('of tax that stands on the order alone', () => {
    expect(refused(orderOf([aLine({ item: 1000 })], [{ kind: 'tax', amount: eur(220) }]))).toBe(
      'amount-unexplained',
    );
  });
});

describe('whether VAT was charged', () => {
  test.each([
    ['a rate', aLine({ item: 1000 }, { vatRate: '22.00' }), true],
    ['a tax', aLine({ item: 1000, tax: 220 }), true],
    ['a rate of zero', aLine({ item: 1000 }, { vatRate: '0.00' }), false],
    ['silence', aLine({ item: 1000 }), false],
  ])('is read off %s', (_, line, charged) => {
    expect(isVatCharged({ lines: [line] })).toBe(charged);
  });
});

describe('for whatever order', () => {
  const rate = fc.constantFrom('4.00', '5.00', '10.00', '22.00', undefined);
  const line = fc
    .record({
      item: fc.integer({ min: 0, max: 500_000 }),
      off: fc.integer({ min: 0, max: 100 }),
      shipping: fc.integer({ min: 0, max: 5_000 }),
      wrap: fc.integer({ min: 0, max: 1_000 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      rate,
    })
    .map(({ item, off, shipping, wrap, quantity, rate: vatRate }) =>
      aLine(
        { item, discount: -Math.floor((item * off) / 100), shipping, 'gift-wrap': wrap },
        { quantityOrdered: quantity, vatRate },
      ),
    );
  const extra = fc.record({
    kind: fc.constantFrom('shipping' as const, 'discount' as const, 'adjustment' as const),
    amount: fc.integer({ min: -3_000, max: 3_000 }).map(eur),
    vatRate: rate,
  });
  const order = fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 12 }),
      extras: fc.array(extra, { maxLength: 4 }),
    })
    .map(({ lines, extras }) => orderOf(lines, extras));

  test('the parts make the whole: lines, rates and total, to the cent', () => {
    fc.assert(
      fc.property(order, (each) => {
        const { lines, totals } = split(each);
        expect(totals.grossMinor).toBe(each.total?.amountMinor);
        expect(totals).toEqual(totalsOf(lines));
        expect(totals.netMinor + totals.vatMinor).toBe(totals.grossMinor);
        for (const { netMinor, vatMinor, grossMinor } of lines) expect(netMinor + vatMinor).toBe(grossMinor);
        expect(lines.map(({ lineNumber }) => lineNumber)).toEqual(lines.map((_, at) => at + 1));
      }),
    );
  });

  test('per rate it is the VAT of the sum, and no line is off by a whole cent', () => {
    fc.assert(
      fc.property(order, (each) => {
        const { lines, totals } = split(each);
        for (const { rateHundredths, vatMinor, grossMinor } of totals.byRate) {
          expect(vatMinor).toBe(vatContained(grossMinor, rateHundredths));
        }
        for (const { rateHundredths, vatMinor, grossMinor } of lines) {
          const off =
            BigInt(vatMinor) * BigInt(10_000 + rateHundredths) - BigInt(grossMinor) * BigInt(rateHundredths);
          expect(off < BigInt(10_000 + rateHundredths) && -off < BigInt(10_000 + rateHundredths)).toBe(true);
        }
      }),
    );
  });

  test('stated VAT within its roundings is kept to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900_000 }), fc.integer({ min: -2, max: 2 }), (net, off) => {
        const tax = Math.round((net * 22) / 100) + off;
        fc.pre(tax > 0);
        const { totals } = split(orderOf([aLine({ item: net, tax })]));
        expect(totals.vatMinor).toBe(tax);
      }),
    );
  });

  test('an amount shared out is all there, and nobody is off by a whole unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 }),
        (amount, weights) => {
          const shares = shareOut(amount, weights);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
          const whole = weights.reduce((sum, weight) => sum + weight, 0);
          if (whole === 0) return;
          for (const [at, share] of shares.entries()) {
            expect(Math.abs(share - (amount * (weights[at] ?? 0)) / whole)).toBeLessThan(1);
          }
        },
      ),
    );
  });
});
