import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMinor } from '../../domain/money.ts';
import { checkOrder } from '../../domain/order-check.ts';
import { mapOrder } from './order-mapper.ts';
import { type RemoteOrder, remoteOrderSchema, searchOrdersAnswerSchema } from './schemas.ts';

const page = searchOrdersAnswerSchema.parse(
  JSON.parse(readFileSync(new URL('fixtures/search-orders-page.json', import.meta.url), 'utf8')),
);
const [full, pending] = page.orders.map((order) => remoteOrderSchema.parse(order));
if (full === undefined || pending === undefined) throw new Error('the fixture holds two orders');

const withFulfillment = (fulfillmentStatus: string): RemoteOrder => ({
  ...pending,
  fulfillment: { ...pending.fulfillment, fulfillmentStatus },
});

describe('the order', () => {
  test('holds everything that is not personal', () => {
    const { order } = mapOrder('A1EXAMPLE', full);
    expect(JSON.parse(JSON.stringify(order))).toEqual({
      orderId: 'amazon:404-1111111-1111111',
      marketplace: 'amazon',
      marketplaceOrderId: '404-1111111-1111111',
      accountId: 'A1EXAMPLE',
      siteId: 'APJ6JRA9NG5V4',
      siteName: 'Amazon.it',
      purchasedAt: '2026-11-20T08:15:00.000Z',
      updatedAt: '2026-11-20T09:00:00.000Z',
      status: 'unshipped',
      partnerStatus: 'UNSHIPPED',
      fulfilledBy: 'merchant',
      serviceLevel: 'STANDARD',
      shipBy: { earliest: '2026-11-20T23:00:00.000Z', latest: '2026-11-23T22:59:59.000Z' },
      deliverBy: { earliest: '2026-11-24T23:00:00.000Z', latest: '2026-11-27T22:59:59.000Z' },
      programs: ['PRIME', 'AMAZON_BUSINESS'],
      relatedOrders: [],
      total: { amountMinor: 5480, currency: 'EUR' },
      lines: [
        {
          orderLineId: '10000000000001',
          sku: 'MUG-ENGRAVED',
          productId: 'B000000001',
          title: 'Engraved mug',
          quantityOrdered: 2,
          quantityFulfilled: 0,
          total: { amountMinor: 5480, currency: 'EUR' },
          unitPrice: { amountMinor: 2490, currency: 'EUR' },
          breakdown: [
            { kind: 'item', amount: { amountMinor: 4980, currency: 'EUR' } },
            { kind: 'gift-wrap', amount: { amountMinor: 500, currency: 'EUR' } },
            { kind: 'discount', amount: { amountMinor: 0, currency: 'EUR' } },
          ],
          cancellationRequested: true,
          customised: true,
        },
      ],
      business: true,
    });
  });

  test('adds up, and says so when it does not', () => {
    expect(checkOrder(mapOrder('A1EXAMPLE', full).order)).toEqual({ state: 'adds-up' });
    expect(checkOrder(mapOrder('A1EXAMPLE', pending).order)).toEqual({ state: 'incomplete' });
    const dearer = { ...full, proceeds: { grandTotal: { amount: '54.81', currencyCode: 'EUR' } } };
    expect(checkOrder(mapOrder('A1EXAMPLE', dearer).order)).toEqual({
      state: 'differs',
      difference: { amountMinor: 1, currency: 'EUR' },
    });
  });

  test('adds up with what is charged apart from the lines, once that is final', () => {
    const tipped = (status: string): RemoteOrder => ({
      ...full,
      proceeds: {
        grandTotal: { amount: '59.80', currencyCode: 'EUR' },
        breakdowns: [
          { type: 'ITEM', status: undefined, subtotal: { amount: '54.80', currencyCode: 'EUR' } },
          { type: 'DELIVERY_TIP', status, subtotal: { amount: '5.00', currencyCode: 'EUR' } },
        ],
      },
    });
    const { order } = mapOrder('A1EXAMPLE', tipped('FINALIZED'));
    expect(order.extras).toEqual([{ kind: 'adjustment', amount: { amountMinor: 500, currency: 'EUR' } }]);
    expect(checkOrder(order)).toEqual({ state: 'adds-up' });
    expect(mapOrder('A1EXAMPLE', tipped('PENDING')).order.extras).toBeUndefined();
  });

  test('of a private buyer is no business order', () => {
    expect(mapOrder('A1EXAMPLE', { ...full, programs: ['PRIME'] }).order.business).toBe(false);
    expect(mapOrder('A1EXAMPLE', pending).order.business).toBe(false);
  });

  test('is customised also while Amazon names no file for it', () => {
    const [item] = full.orderItems;
    if (item === undefined) throw new Error('the fixture has a line');
    for (const customization of [{ customizedUrl: '' }, { customizedUrl: undefined }]) {
      const waiting = { ...full, orderItems: [{ ...item, product: { ...item.product, customization } }] };
      const { order, buyer } = mapOrder('A1EXAMPLE', waiting);
      expect(order.lines[0]?.customised).toBe(true);
      expect(buyer.lines[0]?.customisationUrl).toBeUndefined();
    }
  });

  test('of a pending purchase is a stub without money or windows', () => {
    expect(mapOrder('A1EXAMPLE', pending).order).toMatchObject({
      status: 'pending',
      fulfilledBy: 'marketplace',
      updatedAt: '2026-11-23T09:30:05.250Z',
      shipBy: {},
      deliverBy: {},
      total: undefined,
      programs: [],
      relatedOrders: [{ marketplaceOrderId: '404-1111111-1111110', relation: 'REPLACEMENT_ORIGINAL_ID' }],
      lines: [{ sku: 'MUG-BLUE', total: undefined, breakdown: [], customised: false }],
    });
  });

  test.each([
    ['PENDING_AVAILABILITY', 'pending'],
    ['PENDING', 'pending'],
    ['UNSHIPPED', 'unshipped'],
    ['PARTIALLY_SHIPPED', 'partly-shipped'],
    ['SHIPPED', 'shipped'],
    ['CANCELLED', 'cancelled'],
    ['UNFULFILLABLE', 'unfulfillable'],
    ['A_WORD_OF_NEXT_YEAR', 'unknown'],
    ['constructor', 'unknown'],
  ])('with status %s is %s, and Amazon’s word is kept', (word, status) => {
    expect(mapOrder('A1EXAMPLE', withFulfillment(word)).order).toMatchObject({ status, partnerStatus: word });
  });

  test('from outside Amazon’s shops is kept apart by its channel name', () => {
    const { order } = mapOrder('A1EXAMPLE', {
      ...pending,
      salesChannel: { channelName: 'NON_AMAZON', marketplaceId: undefined, marketplaceName: undefined },
    });
    expect(order.siteId).toBe('NON_AMAZON');
  });

  test('with an amount that cannot be read exactly is refused', () => {
    for (const amount of ['12.345', '1e3', '12,30', '']) {
      const proceeds = { grandTotal: { amount, currencyCode: 'EUR' } };
      expect(() => mapOrder('A1EXAMPLE', { ...full, proceeds })).toThrow(RangeError);
    }
  });
});

describe('the buyer', () => {
  test('holds the person, and each line’s personal parts', () => {
    expect(mapOrder('A1EXAMPLE', full).buyer).toEqual({
      orderId: 'amazon:404-1111111-1111111',
      state: 'present',
      name: 'PERSONAL buyer name',
      email: 'PERSONAL@marketplace.example',
      company: 'PERSONAL company',
      purchaseOrderNumber: 'PERSONAL-PO-1',
      deliveryAddress: {
        name: 'PERSONAL recipient',
        company: undefined,
        lines: ['PERSONAL street 1'],
        city: 'PERSONAL city',
        district: undefined,
        region: 'PERSONAL region',
        postalCode: 'PERSONAL-00000',
        countryCode: 'IT',
        phone: 'PERSONAL-39000',
        kind: 'COMMERCIAL',
      },
      taxRegistrations: [{ kind: 'VAT', number: 'PERSONAL-IT000', legalName: 'PERSONAL legal name' }],
      lines: [
        {
          orderLineId: '10000000000001',
          giftMessage: 'PERSONAL message',
          customisationUrl: 'https://PERSONAL.example/custom.zip',
        },
      ],
      updatedAt: '2026-11-20T09:00:00.000Z',
      expiresAt: '2026-12-24T22:59:59.000Z',
    });
  });

  test('of a pending order is waited for', () => {
    expect(mapOrder('A1EXAMPLE', pending).buyer.state).toBe('waiting');
  });

  test('is refused when the order is past pending and the restricted fields are missing or blank', () => {
    const blank = {
      ...full,
      buyer: { buyerName: ' ', buyerEmail: 'anonymous@marketplace.example' },
      recipient: { deliveryAddress: { name: '', addressLine1: '', city: 'Town', countryCode: 'IT' } },
    };
    expect(mapOrder('A1EXAMPLE', blank).buyer).toMatchObject({ state: 'refused', name: undefined });
    const missing = { ...full, buyer: undefined, recipient: undefined };
    expect(mapOrder('A1EXAMPLE', missing).buyer.state).toBe('refused');
  });

  test('is kept for sixty days from the purchase while no delivery date is known', () => {
    expect(mapOrder('A1EXAMPLE', pending).buyer.expiresAt).toBe('2027-01-22T09:30:00.000Z');
  });
});

describe('a buyer whose parcels arrived', () => {
  const sent = (statuses: readonly string[], changes: Partial<RemoteOrder> = {}) =>
    mapOrder('A1EXAMPLE', {
      ...full,
      fulfillment: { ...full.fulfillment, fulfillmentStatus: 'SHIPPED' },
      packages: statuses.map((status) => ({ packageStatus: { status } })),
      ...changes,
    }).buyer.expiresAt;
  const PROMISED = '2026-12-24T22:59:59.000Z';

  test('is kept for 27 days from the change that said so, when that is sooner', () => {
    const lastUpdatedTime = '2026-11-22T10:00:00Z';
    expect(sent(['DELIVERED'], { lastUpdatedTime })).toBe('2026-12-19T10:00:00.000Z');
    expect(sent(['CANCELLED', 'DELIVERED'], { lastUpdatedTime })).toBe('2026-12-19T10:00:00.000Z');
    expect(sent(['DELIVERED'], { lastUpdatedTime: '2026-12-10T10:00:00Z' })).toBe(PROMISED);
  });

  test('is kept as promised while a parcel is on its way, or nothing is said', () => {
    for (const statuses of [['DELIVERED', 'IN_TRANSIT'], ['CANCELLED'], ['A_NEW_WORD'], []]) {
      expect(sent(statuses)).toBe(PROMISED);
    }
    const fulfillment = { ...full.fulfillment, fulfillmentStatus: 'PARTIALLY_SHIPPED' };
    expect(sent(['DELIVERED'], { fulfillment })).toBe(PROMISED);
  });
});

describe('whatever Amazon sends', () => {
  const personal = fc.constantFrom(null, undefined, '', ' ', 'PERSONAL-1', 'PERSONAL é 2', 'PERSONAL"3');
  const cents = fc.integer({ min: -10_000_000, max: 10_000_000 });
  const money = cents.map((minor) => ({ amount: formatMinor(minor, 'EUR'), currencyCode: 'EUR' }));
  const address = fc.record({
    name: personal,
    companyName: personal,
    addressLine1: personal,
    addressLine2: personal,
    addressLine3: personal,
    city: personal,
    districtOrCounty: personal,
    stateOrRegion: personal,
    municipality: personal,
    postalCode: personal,
    countryCode: personal,
    phone: personal,
    addressType: personal,
  });
  const item = fc.record({
    orderItemId: fc.stringMatching(/^\d{14}$/),
    quantityOrdered: fc.nat(20),
    product: fc.record({
      asin: fc.constant('B000000001'),
      price: fc.option(fc.record({ unitPrice: money })),
      customization: fc.option(fc.record({ customizedUrl: personal })),
    }),
    proceeds: fc.option(
      fc.record({
        proceedsTotal: fc.option(money),
        breakdowns: fc.array(
          fc.record({ type: fc.constantFrom('ITEM', 'TAX', 'NEW_KIND'), subtotal: money }),
        ),
      }),
    ),
    cancellation: fc.option(
      fc.record({ cancellationRequest: fc.option(fc.record({ cancelReason: personal })) }),
    ),
    fulfillment: fc.option(
      fc.record({ packing: fc.option(fc.record({ giftOption: fc.record({ giftMessage: personal }) })) }),
    ),
  });
  const remote = fc.record({
    orderId: fc.stringMatching(/^\d{3}-\d{7}-\d{7}$/),
    createdTime: fc.constant('2026-11-20T08:15:00Z'),
    lastUpdatedTime: fc.constant('2026-11-20T10:15:00+01:00'),
    salesChannel: fc.constant({ channelName: 'AMAZON', marketplaceId: 'APJ6JRA9NG5V4' }),
    buyer: fc.option(
      fc.record({
        buyerName: personal,
        buyerEmail: personal,
        buyerCompanyName: personal,
        buyerPurchaseOrderNumber: personal,
      }),
    ),
    recipient: fc.option(
      fc.record({
        deliveryAddress: fc.option(address),
        deliveryPreference: fc.record({ dropOffLocation: personal, addressInstruction: personal }),
      }),
    ),
    proceeds: fc.option(fc.record({ grandTotal: fc.option(money) })),
    tax: fc.option(
      fc.record({
        taxRegistrations: fc.array(
          fc.record({
            entityType: fc.constantFrom('BUYER', 'MERCHANT'),
            legalName: personal,
            taxRegistrationType: fc.constant('VAT'),
            taxRegistrationNumber: personal,
          }),
        ),
      }),
    ),
    fulfillment: fc.option(fc.record({ fulfillmentStatus: fc.string({ minLength: 1 }) })),
    orderItems: fc.array(item, { maxLength: 4 }),
  });

  test('nothing personal ever stands in the order', () => {
    fc.assert(
      fc.property(remote, (raw) => {
        const { order } = mapOrder('A1EXAMPLE', remoteOrderSchema.parse(raw));
        expect(JSON.stringify(order)).not.toContain('PERSONAL');
      }),
    );
  });

  test('every amount and the partner’s status come through unchanged', () => {
    fc.assert(
      fc.property(remote, (raw) => {
        const { order } = mapOrder('A1EXAMPLE', remoteOrderSchema.parse(raw));
        expect(order.partnerStatus).toBe(raw.fulfillment?.fulfillmentStatus);
        const textOf = (money: { amountMinor: number; currency: string } | undefined) =>
          money && formatMinor(money.amountMinor, money.currency);
        expect(textOf(order.total)).toBe(raw.proceeds?.grandTotal?.amount);
        expect(order.lines).toHaveLength(raw.orderItems.length);
        for (const [n, line] of order.lines.entries()) {
          const from = raw.orderItems[n];
          expect(textOf(line.total)).toBe(from?.proceeds?.proceedsTotal?.amount);
          expect(textOf(line.unitPrice)).toBe(from?.product.price?.unitPrice.amount);
          expect(line.breakdown.map(({ amount }) => textOf(amount))).toEqual(
            (from?.proceeds?.breakdowns ?? []).map(({ subtotal }) => subtotal.amount),
          );
        }
      }),
    );
  });
});
