import type { Buyer } from '../../shared/domain/buyer.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import { type Order, orderId } from '../../shared/domain/order.ts';

/** A shipped-from-Italy order of one line; override what the test is about. */
export function anOrder(overrides: Partial<Order> = {}): Order {
  const marketplaceOrderId = overrides.marketplaceOrderId ?? '404-0000001-0000001';
  return {
    orderId: orderId('amazon', marketplaceOrderId),
    marketplace: 'amazon',
    marketplaceOrderId,
    accountId: 'A1EXAMPLE',
    channelId: 'amazon-it',
    siteId: 'APJ6JRA9NG5V4',
    siteName: 'Amazon.it',
    purchasedAt: '2026-11-20T08:00:00.000Z',
    updatedAt: '2026-11-20T09:00:00.000Z',
    status: 'unshipped',
    partnerStatus: 'UNSHIPPED',
    fulfilledBy: 'merchant',
    serviceLevel: 'STANDARD',
    shipBy: { earliest: '2026-11-20T23:00:00.000Z', latest: '2026-11-23T22:59:59.000Z' },
    deliverBy: { latest: '2026-11-27T22:59:59.000Z' },
    programs: ['PRIME'],
    relatedOrders: [],
    total: { amountMinor: 2490, currency: 'EUR' },
    lines: [
      {
        orderLineId: '10000000000001',
        sku: 'MUG-BLUE',
        productId: 'B000000001',
        title: 'Blue mug',
        quantityOrdered: 1,
        quantityFulfilled: 0,
        total: { amountMinor: 2490, currency: 'EUR' },
        unitPrice: { amountMinor: 1990, currency: 'EUR' },
        breakdown: [
          { kind: 'item', amount: { amountMinor: 1990, currency: 'EUR' } },
          { kind: 'shipping', amount: { amountMinor: 500, currency: 'EUR' } },
        ],
        cancellationRequested: false,
        customised: false,
      },
    ],
    ...overrides,
  };
}

/** What one settlement says of one order: a sale of 24.90 and a commission of 3.74. */
export function aLedgerEntry(overrides: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    source: 'settlement-v2',
    settlementId: '11000000001',
    marketplace: '',
    day: '',
    released: true,
    currency: 'EUR',
    fees: { sale: { commission: -374 }, reversal: {} },
    sale: { price: 2490, tax: 0, discount: 0, taxWithheld: 0 },
    reversal: { price: 0, tax: 0, discount: 0, taxWithheld: 0 },
    orderCost: 0,
    reimbursement: 0,
    reportId: 'report-1',
    rows: 2,
    lines: [[3, 4]],
    rank: '1',
    ...overrides,
  };
}

/** A buyer as far as a fixture may have one: made-up words, no person. */
export function aBuyer(overrides: Partial<Buyer> = {}): Buyer {
  return {
    orderId: orderId('amazon', '404-0000001-0000001'),
    state: 'present',
    name: 'Buyer One',
    deliveryAddress: { name: 'Buyer One', lines: ['Street 1'], city: 'Town', countryCode: 'IT' },
    taxRegistrations: [],
    lines: [{ orderLineId: '10000000000001' }],
    updatedAt: '2026-11-20T09:00:00.000Z',
    expiresAt: '2026-12-24T22:59:59.000Z',
    ...overrides,
  };
}
