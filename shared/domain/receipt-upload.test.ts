import { describe, expect, test } from 'vitest';
import { anOrder } from '../../tests/support/orders.ts';
import { aReceipt } from '../../tests/support/receipts.ts';
import type { Marketplace, Order } from './order.ts';
import { orderId } from './order.ts';
import {
  invoiceDeadline,
  pdfProblem,
  predictedWaitMs,
  uploadDecision,
  wantedUpload,
} from './receipt-upload.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const ISSUED = aReceipt({ state: 'issued' });
const ROME = { timeZone: 'Europe/Rome' };

function orderOf(marketplace: Marketplace, overrides: Partial<Order> = {}): Order {
  return anOrder({ marketplace, orderId: orderId(marketplace, 'X'), status: 'shipped', ...overrides });
}

describe('what is done with an issued document', () => {
  test('of Amazon and ManoMano it is wanted at once; of eBay, which has no call for it, it is not available', () => {
    for (const marketplace of ['amazon', 'manomano'] as const) {
      expect(wantedUpload(ISSUED, orderOf(marketplace), ROME, NOW)).toMatchObject({
        state: 'wanted',
        dueAt: '2026-11-23T10:00:00.000Z',
      });
    }
    const never = wantedUpload(ISSUED, orderOf('ebay'), ROME, NOW);
    expect(never).toMatchObject({ state: 'not-available', reason: 'no-api' });
    expect(never.dueAt).toBeUndefined();
  });

  test('what takes a receipt back is taken by no marketplace', () => {
    const reversal = aReceipt({ state: 'issued', kind: 'courtesy-reversal' });
    expect(wantedUpload(reversal, orderOf('manomano'), ROME, NOW)).toMatchObject({
      state: 'not-available',
      reason: 'no-reversals',
    });
  });
});

describe('Amazon’s clock of an invoice', () => {
  const business = (updatedAt: string, overrides: Partial<Order> = {}) =>
    invoiceDeadline(orderOf('amazon', { business: true, updatedAt, ...overrides }), 'Europe/Rome');

  test.each([
    ['a Monday', '2026-11-23T09:00:00.000Z', '2026-11-24T23:00:00.000Z'],
    ['a Friday, over the weekend', '2026-11-20T09:00:00.000Z', '2026-11-23T23:00:00.000Z'],
    ['a Saturday', '2026-11-21T09:00:00.000Z', '2026-11-23T23:00:00.000Z'],
    ['a Friday in UTC that is a Saturday in Rome', '2026-11-20T23:30:00.000Z', '2026-11-23T23:00:00.000Z'],
    ['the day before summer time begins', '2026-03-27T09:00:00.000Z', '2026-03-30T22:00:00.000Z'],
  ])('ends with the next working day after %s', (_, shippedAt, deadline) => {
    expect(business(shippedAt)).toBe(deadline);
  });

  test('does not run for consumers, before the shipment, or elsewhere', () => {
    const at = '2026-11-23T09:00:00.000Z';
    expect(business(at, { business: false })).toBeUndefined();
    expect(business(at, { status: 'unshipped' })).toBeUndefined();
    expect(business(at, { marketplace: 'manomano' })).toBeUndefined();
  });
});

describe('whether it may be sent now', () => {
  const channel = { receiptsSync: true };
  const decide = (marketplace: Marketplace, status: Order['status']) =>
    uploadDecision({ receipt: ISSUED, order: orderOf(marketplace, { status }), channel });

  test('ManoMano takes it from the acceptance on, Amazon from the shipment on', () => {
    expect(decide('manomano', 'unshipped')).toEqual({ do: 'send' });
    expect(decide('manomano', 'shipped')).toEqual({ do: 'send' });
    expect(decide('manomano', 'to-accept')).toMatchObject({ do: 'wait', reason: 'order-not-ready' });
    expect(decide('amazon', 'partly-shipped')).toMatchObject({ do: 'wait', reason: 'order-not-shipped' });
    expect(decide('amazon', 'shipped')).toEqual({ do: 'send' });
    expect(decide('amazon', 'refunded')).toEqual({ do: 'send' });
  });

  test('a cancelled order and a receipt that was taken back whole get nothing', () => {
    expect(decide('manomano', 'cancelled')).toEqual({ do: 'reject', reason: 'order-cancelled' });
    const back = aReceipt({ state: 'issued', reversedByLine: { '1': 2490 } });
    const order = orderOf('manomano');
    expect(uploadDecision({ receipt: back, order, channel })).toEqual({
      do: 'reject',
      reason: 'receipt-reversed',
    });
  });

  test('nothing is sent while the switch is off, the channel closed or the order not here', () => {
    const order = orderOf('manomano');
    for (const off of [undefined, { receiptsSync: false }, { receiptsSync: true, archivedAt: 'x' }]) {
      expect(uploadDecision({ receipt: ISSUED, order, channel: off })).toMatchObject({
        reason: 'receipts-sync-off',
      });
    }
    expect(uploadDecision({ receipt: ISSUED, order: undefined, channel })).toMatchObject({
      reason: 'order-not-here',
    });
  });
});

describe('the bytes', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test('have to be there, not too many, and a whole PDF', () => {
    expect(pdfProblem(bytes('%PDF-1.7\n…\n%%EOF\n'))).toBeUndefined();
    expect(pdfProblem(undefined)).toBe('pdf-missing');
    expect(pdfProblem(bytes(''))).toBe('pdf-empty');
    expect(pdfProblem(bytes('<!doctype html>%%EOF'))).toBe('pdf-malformed');
    expect(pdfProblem(bytes('%PDF-1.7 broken off'))).toBe('pdf-malformed');
    expect(pdfProblem(bytes(`%PDF-1.7 %%EOF${' '.repeat(2_000)}`))).toBe('pdf-malformed');
    const large = new Uint8Array(5 * 1024 * 1024 + 1);
    expect(pdfProblem(large)).toBe('pdf-too-large');
  });
});

test('the time is predicted from what may be called now and in every hour after it', () => {
  const budget = { callsNow: 20, callsPerHour: 150 };
  expect(predictedWaitMs(0, budget)).toBe(60_000);
  expect(predictedWaitMs(19, budget)).toBe(60_000);
  expect(predictedWaitMs(20, budget)).toBe(84_000);
  expect(predictedWaitMs(9_999, budget) / 3_600_000).toBeCloseTo(66.55, 2);
});
