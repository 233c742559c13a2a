import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMinor } from '../../domain/money.ts';
import { checkOrder } from '../../domain/order-check.ts';
import { shippingBlock } from '../../domain/order-status.ts';
import { mapOrder } from './order-mapper.ts';
import { ordersAnswerSchema, type RemoteOrder, remoteOrderSchema } from './schemas.ts';

const page = ordersAnswerSchema.parse(
  JSON.parse(readFileSync(new URL('fixtures/orders-page.json', import.meta.url), 'utf8')),
);
const [full, sparse] = page.content.map((order) => remoteOrderSchema.parse(order));
if (full === undefined || sparse === undefined) throw new Error('the fixture holds two orders');

const asked = { accountId: 'shop', contractId: '900009' };
const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const product = (overrides: object): object => ({
  seller_sku: 'BITS-20',
  quantity: 1,
  product_price: { amount: '10.00', currency: 'EUR' },
  ...overrides,
});
/** The full order with other products, read as an answer is. */
const withProducts = (...products: object[]): RemoteOrder =>
  remoteOrderSchema.parse({ ...full, products: products.map(product) });

describe('the order', () => {
  test('holds everything that is not personal', () => {
    expect(mapOrder(asked, full).order).toEqual({
      orderId: 'manomano:M2600000000101',
      marketplace: 'manomano',
      marketplaceOrderId: 'M2600000000101',
      accountId: 'shop',
      siteId: '900001',
      siteName: undefined,
      purchasedAt: '2026-11-20T08:15:00.000Z',
      updatedAt: '2026-11-20T09:00:00.000Z',
      status: 'unshipped',
      partnerStatus: 'PREPARATION',
      fulfilledBy: 'merchant',
      serviceLevel: undefined,
      shipBy: {},
      deliverBy: {},
      programs: [],
      relatedOrders: [],
      total: euro(11_600),
      lines: [
        {
          orderLineId: 'DRILL-1',
          sku: 'DRILL-1',
          productId: undefined,
          title: 'Drill',
          quantityOrdered: 1,
          quantityFulfilled: 0,
          total: euro(8_990),
          unitPrice: euro(8_990),
          breakdown: [{ kind: 'item', amount: euro(8_990) }],
          cancellationRequested: false,
          customised: false,
          vatRate: '22.00',
        },
        {
          orderLineId: 'BITS-20',
          sku: 'BITS-20',
          productId: undefined,
          title: 'Bits',
          quantityOrdered: 2,
          quantityFulfilled: 0,
          total: euro(2_420),
          unitPrice: euro(1_210),
          breakdown: [{ kind: 'item', amount: euro(2_420) }],
          cancellationRequested: false,
          customised: false,
          vatRate: '4',
        },
      ],
      extras: [
        { kind: 'shipping', amount: euro(690), vatRate: '22.00' },
        { kind: 'discount', amount: euro(-500) },
      ],
      business: true,
    });
  });

  test('is as new as its creation until its status has changed', () => {
    expect(mapOrder(asked, sparse).order).toMatchObject({
      purchasedAt: '2026-11-23T09:30:00.000Z',
      updatedAt: '2026-11-23T09:30:00.000Z',
    });
  });

  test.each([
    ['PENDING', 'to-accept'],
    ['WAITING_PAYMENT', 'pending'],
    ['REMORSE_PERIOD', 'pending'],
    ['PREPARATION', 'unshipped'],
    ['SHIPPED', 'shipped'],
    ['REFUSED', 'cancelled'],
    ['REFUNDING', 'refunded'],
    ['REFUNDED', 'refunded'],
    // In mapping tables of connectors only: nobody has seen them.
    ['ACCEPTED', 'unknown'],
    ['CANCELLED', 'unknown'],
    ['CLOSED', 'unknown'],
    ['DELIVERED', 'unknown'],
    ['COMPLETED', 'unknown'],
    ['A_WORD_OF_NEXT_YEAR', 'unknown'],
    ['constructor', 'unknown'],
  ])('with status %s is %s, and ManoMano’s word is kept', (word, status) => {
    expect(mapOrder(asked, { ...full, status: word }).order).toMatchObject({ status, partnerStatus: word });
  });

  test('shipped, all of it is fulfilled; before that, nothing is known to be', () => {
    const quantities = (status: string) =>
      mapOrder(asked, { ...full, status }).order.lines.map(({ quantityFulfilled }) => quantityFulfilled);
    expect(quantities('SHIPPED')).toEqual([1, 2]);
    expect(quantities('REFUNDED')).toEqual([0, 0]);
  });

  test('fulfilled by ManoMano is never ours to ship', () => {
    const ofManomano = mapOrder(asked, { ...full, is_mmf: true }).order;
    expect(ofManomano.fulfilledBy).toBe('marketplace');
    expect(shippingBlock(ofManomano)).toBe('marketplace-ships');
    expect(shippingBlock(mapOrder(asked, full).order)).toBeUndefined();
    expect(mapOrder(asked, { ...full, is_mmf: undefined }).order.fulfilledBy).toBe('unknown');
  });

  test('that does not name its contract is of the one that was asked', () => {
    const unnamed = remoteOrderSchema.parse({ ...full, seller_contract_id: undefined });
    expect(mapOrder(asked, unnamed).order.siteId).toBe('900009');
  });

  test('says that the buyer is a business, by the newer field where both are there', () => {
    expect(mapOrder(asked, { ...full, is_professional: false }).order.business).toBe(true);
    expect(mapOrder(asked, sparse).order.business).toBe(true);
    expect(mapOrder(asked, { ...sparse, is_professional: undefined }).order.business).toBeUndefined();
  });

  test('without its products is incomplete: the single order has them', () => {
    const bare = remoteOrderSchema.parse({ ...full, products: undefined });
    expect(mapOrder(asked, bare)).toMatchObject({ incomplete: true, order: { lines: [] } });
    expect(mapOrder(asked, full)).not.toHaveProperty('incomplete');
  });
});

describe('the money', () => {
  test('adds up when products, shipping and discount make the total, a line’s share of shipping counted once', () => {
    expect(checkOrder(mapOrder(asked, full).order)).toEqual({ state: 'adds-up' });
    expect(checkOrder(mapOrder(asked, sparse).order)).toEqual({ state: 'adds-up' });
  });

  test('that does not add up is stored, and shown to the cent', () => {
    const off = remoteOrderSchema.parse({ ...full, total_price: { amount: '118.50', currency: 'EUR' } });
    expect(checkOrder(mapOrder(asked, off).order)).toEqual({ state: 'differs', difference: euro(250) });
  });

  test('a line without a price leaves the order incomplete, not wrong', () => {
    const priceless = withProducts({ product_price: undefined });
    expect(mapOrder(asked, priceless).order.lines[0]).toMatchObject({ total: undefined, breakdown: [] });
    expect(checkOrder(mapOrder(asked, priceless).order)).toEqual({ state: 'incomplete' });
  });

  test('is in the order’s currency where it names none', () => {
    const order = remoteOrderSchema.parse({
      ...full,
      total_price: { amount: 10, currency: 'GBP' },
      shipping_price: { amount: 3 },
    });
    expect(mapOrder(asked, order).order.extras?.[0]?.amount).toEqual({ amountMinor: 300, currency: 'GBP' });
  });

  test.each(['PERSONAL words', '12,30', '1e3', '', ' 1.00', null])(
    'written as %j cannot be read, and is not repeated',
    (amount) => {
      const parsed = remoteOrderSchema.safeParse({ ...full, total_price: { amount, currency: 'EUR' } });
      expect(parsed.success).toBe(false);
    },
  );

  test.each([12.345, '12.345', 0.1 + 0.2, 1e21, 1e-7, '90071992547409.93'])(
    'as %j has more digits than can be kept exactly: refused',
    (amount) => {
      expect(() => {
        const parsed = remoteOrderSchema.safeParse({ ...full, total_price: { amount, currency: 'EUR' } });
        if (!parsed.success) throw new RangeError('not read');
        mapOrder(asked, parsed.data);
      }).toThrow(RangeError);
    },
  );

  test('of a line beyond what integers hold is refused', () => {
    const absurd = withProducts({ quantity: 1_000_000_000, product_price: { amount: '90000000.00' } });
    expect(() => mapOrder(asked, absurd)).toThrow(RangeError);
  });

  test('is the same to the cent whether ManoMano writes it as a number or as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_00 }), (minor) => {
        const amount = formatMinor(minor, 'EUR');
        for (const written of [amount, JSON.parse(amount)]) {
          const order = remoteOrderSchema.parse({
            ...full,
            total_price: { amount: written, currency: 'EUR' },
          });
          expect(mapOrder(asked, order).order.total).toEqual(euro(minor));
        }
      }),
    );
  });
});

describe('the lines', () => {
  const idsByPrice = (order: RemoteOrder) =>
    Object.fromEntries(
      mapOrder(asked, order).order.lines.map((line) => [line.unitPrice?.amountMinor ?? 0, line.orderLineId]),
    );
  const cheap = { product_price: { amount: '1.00' } };
  const dear = { product_price: { amount: '2.00' } };

  test('with the same SKU are told apart, each the same after the answer is shuffled', () => {
    const expected = { 100: 'BITS-20', 200: 'BITS-20#2' };
    expect(idsByPrice(withProducts(cheap, dear))).toEqual(expected);
    expect(idsByPrice(withProducts(dear, cheap))).toEqual(expected);
  });

  test('alike in everything, without a SKU, or with a SKU that looks like our numbering have ids of their own', () => {
    const lines = mapOrder(
      asked,
      withProducts({}, {}, { seller_sku: 'BITS-20#2' }, { seller_sku: '' }, { seller_sku: undefined }),
    ).order.lines;
    const ids = lines.map(({ orderLineId }) => orderLineId);
    expect(new Set(ids)).toEqual(new Set(['BITS-20', 'BITS-20#3', 'BITS-20#2', '#1', '#2']));
    expect(lines.map(({ sku }) => sku)).toEqual(['BITS-20', 'BITS-20', 'BITS-20#2', undefined, undefined]);
  });
});

describe('the buyer', () => {
  test('holds the person', () => {
    expect(mapOrder(asked, full).buyer).toEqual({
      orderId: 'manomano:M2600000000101',
      state: 'present',
      name: 'PERSONAL first PERSONAL last',
      email: 'PERSONAL@marketplace.example',
      company: 'PERSONAL company',
      deliveryAddress: {
        name: 'PERSONAL recipient name',
        company: undefined,
        lines: ['PERSONAL street 2', 'PERSONAL stairs'],
        city: 'PERSONAL town',
        region: undefined,
        postalCode: 'PERSONAL-00001',
        countryCode: 'IT',
        phone: undefined,
      },
      billingAddress: {
        name: 'PERSONAL billing name',
        company: 'PERSONAL company',
        lines: ['PERSONAL billing street 1'],
        city: 'PERSONAL town',
        region: 'PERSONAL province',
        postalCode: 'PERSONAL-00000',
        countryCode: 'IT',
        phone: 'PERSONAL-39000',
      },
      invoiceDestination: 'PERSDI0',
      taxRegistrations: [
        { kind: 'VAT', number: 'PERSONAL-IT000', legalName: 'PERSONAL company' },
        { kind: 'FISCAL_NUMBER', number: 'PERSONAL-FISCAL' },
      ],
      lines: [],
      updatedAt: '2026-11-20T09:00:00.000Z',
      expiresAt: '2027-01-19T08:15:00.000Z',
    });
  });

  test.each([
    ['empty', {}],
    ['of blanks', { firstname: '', lastname: ' ', address_line1: '', city: '' }],
    ['an empty list, as PHP writes it', []],
    ['missing', undefined],
    ['null', null],
  ])('is delivered to at the billing address when the shipping address is %s', (_, shipping) => {
    const remote = remoteOrderSchema.parse({ ...full, addresses: { ...full.addresses, shipping } });
    const { buyer } = mapOrder(asked, remote);
    expect(buyer?.deliveryAddress).toEqual(buyer?.billingAddress);
    expect(buyer?.deliveryAddress?.lines).toEqual(['PERSONAL billing street 1']);
  });

  test('of a pick-up point is met there, by name', () => {
    const relay = { id: 'R1', name: 'PERSONAL point', address_line1: 'PERSONAL square 9', country_iso: 'it' };
    const remote = remoteOrderSchema.parse({ ...full, addresses: { ...full.addresses, relay } });
    expect(mapOrder(asked, remote).buyer?.deliveryAddress).toMatchObject({
      name: 'PERSONAL recipient name',
      company: 'PERSONAL point',
      lines: ['PERSONAL square 9'],
      countryCode: 'IT',
      kind: 'PICK_UP_POINT',
    });
  });

  test('has the country’s code even when it stands in the country’s name, and a postcode that came as a number', () => {
    expect(mapOrder(asked, sparse).buyer?.billingAddress).toMatchObject({
      countryCode: 'FR',
      postalCode: '75001',
    });
    const named = remoteOrderSchema.parse({ ...sparse, addresses: { billing: { country: 'France' } } });
    expect(mapOrder(asked, named).buyer?.billingAddress).toBeUndefined();
  });

  test('nobody speaks of is waited for until the order is accepted, and then refused', () => {
    const nobody = { ...full, customer: undefined, addresses: undefined };
    expect(mapOrder(asked, { ...nobody, status: 'PENDING' }).buyer?.state).toBe('waiting');
    expect(mapOrder(asked, nobody).buyer?.state).toBe('refused');
  });
});

describe('whatever ManoMano sends', () => {
  const personal = fc.constantFrom(null, undefined, '', ' ', 'PERSONAL-1', 'PERSONAL é 2', 'PERSONAL"3');
  const money = fc
    .integer({ min: 0, max: 10_000_000 })
    .chain((minor) =>
      fc.constantFrom<string | number>(formatMinor(minor, 'EUR'), JSON.parse(formatMinor(minor, 'EUR'))),
    )
    .map((amount) => ({ amount, currency: 'EUR' }));
  const address = fc.record({
    firstname: personal,
    lastname: personal,
    company: personal,
    address_line1: personal,
    address_line2: personal,
    address_line3: personal,
    city: personal,
    province: personal,
    zipcode: personal,
    country: personal,
    email: personal,
    phone: personal,
    recipient_code: personal,
    name: personal,
  });
  const nothing = fc.constantFrom(null, undefined, {}, []);
  const remote = fc.record({
    order_reference: fc.stringMatching(/^M\d{13}$/),
    seller_contract_id: fc.constant(900001),
    status: fc.string(),
    created_at: fc.constant('2026-11-20T08:15:00Z'),
    status_updated_at: fc.constantFrom(null, '2026-11-20T10:15:00+01:00'),
    billing_fiscal_number: personal,
    customer: fc.oneof(
      nothing,
      fc.record({ firstname: personal, lastname: personal, fiscal_number: personal }),
    ),
    vat: fc.oneof(nothing, fc.record({ intraco_vat_number: personal, local_vat_number: personal })),
    addresses: fc.oneof(
      nothing,
      fc.record({
        billing: fc.oneof(nothing, address),
        shipping: fc.oneof(nothing, address),
        relay: fc.oneof(nothing, address),
      }),
    ),
    products: fc.option(
      fc.array(
        fc.record({
          seller_sku: fc.constantFrom('A', 'B', 'A#2', '', null),
          quantity: fc.nat(20),
          product_price: fc.option(money),
          price: fc.option(money),
        }),
        { maxLength: 5 },
      ),
    ),
    shipping_price: fc.option(money),
    total_discount: fc.option(money),
    total_price: fc.option(money),
  });

  test('nothing personal ever stands in the order, and no two lines share an id', () => {
    fc.assert(
      fc.property(remote, (raw) => {
        const { order } = mapOrder(asked, remoteOrderSchema.parse(raw));
        expect(JSON.stringify(order)).not.toContain('PERSONAL');
        expect(new Set(order.lines.map(({ orderLineId }) => orderLineId)).size).toBe(order.lines.length);
        expect(order.lines).toHaveLength(raw.products?.length ?? 0);
      }),
    );
  });
});
