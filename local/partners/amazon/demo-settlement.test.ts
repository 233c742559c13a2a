import { expect, it } from 'vitest';
import { demoSettlement } from './demo-settlement.ts';
import { DEMO_SALE_NOT_PULLED, demoOrders } from './demo-shop.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const lines = demoSettlement(NOW)
  .split('\r\n')
  .filter((line) => line !== '')
  .map((line) => line.split('\t'));
const [header = [], summary = [], ...rows] = lines;
const column = (name: string): number => header.indexOf(name);
const cents = (text = ''): number => Math.round(Number(text.replace(',', '.')) * 100);

it('is a settlement flat file V2: 24 columns, decimal comma, dates by day', () => {
  expect(header).toHaveLength(24);
  for (const line of lines) expect(line).toHaveLength(24);
  expect(summary[column('deposit-date')]).toBe('23.11.2026 10:00:00 UTC');
  for (const row of rows) expect(row[column('amount')]).toMatch(/^-?\d+,\d{2}$/);
});

it('states the sum of its rows', () => {
  const sum = rows.reduce((total, row) => total + cents(row[column('amount')]), 0);
  expect(cents(summary[column('total-amount')])).toBe(sum);
});

it('tells a refund, an order that is never pulled, costs of the account and reserves', () => {
  expect(rows.some((row) => row[column('transaction-type')] === 'Refund')).toBe(true);
  const ids = new Set(rows.map((row) => row[column('order-id')]));
  expect(ids).toContain(DEMO_SALE_NOT_PULLED.orderId);
  expect(demoOrders(NOW).map(({ orderId }) => orderId)).not.toContain(DEMO_SALE_NOT_PULLED.orderId);
  const descriptions = rows.map((row) => row[column('amount-description')]);
  expect(descriptions).toContain('Subscription Fee');
  expect(descriptions).toContain('Current Reserve Amount');
});

it('posts nothing before the order was placed', () => {
  const placed = new Map(demoOrders(NOW).map(({ orderId, createdTime }) => [orderId, createdTime]));
  for (const row of rows) {
    const at = placed.get(row[column('order-id')] ?? '');
    if (at === undefined) continue;
    const [day = '', time = ''] = (row[column('posted-date-time')] ?? '').split(' ');
    expect(`${day.split('.').reverse().join('-')}T${time}` > at.slice(0, 19)).toBe(true);
  }
});
