import { expect, test } from 'vitest';
import { orderId } from './order.ts';
import { type FiledShipmentRow, type ReadShipmentRow, shipmentsOfRows } from './shipment-file.ts';

const ORDER = orderId('amazon', '404-0000001-0000001');
const OTHER = orderId('ebay', '01-00001-00001');
const filed = (line: number, row: Partial<FiledShipmentRow> = {}, name = 'brt 1001'): ReadShipmentRow => ({
  line,
  name,
  row: { courier: 'brt', reference: '1001', parcelNumbers: [], orderId: ORDER, ...row },
});

test('rows of one name are one shipment: orders, lines and parcels together, the rest said once', () => {
  const { shipments, rejected } = shipmentsOfRows([
    filed(2, { parcelNumbers: ['P1'], orderLineId: 'a', quantity: 1 }),
    filed(3, { parcelNumbers: ['P2', 'P1'], orderLineId: 'b', quantity: 2, trackingNumber: '067' }),
    filed(4, { orderId: OTHER, shippedAt: '2026-11-23T16:30:00.000Z' }),
    filed(5, { reference: '1002' }, 'brt 1002'),
  ]);
  expect(rejected).toEqual([]);
  expect(shipments).toMatchObject([
    {
      lines: [2, 3, 4],
      registration: {
        courier: 'brt',
        reference: '1001',
        parcelNumbers: ['P1', 'P2'],
        trackingNumber: '067',
        shippedAt: '2026-11-23T16:30:00.000Z',
        orders: [
          {
            orderId: ORDER,
            lines: [
              { orderLineId: 'a', quantity: 1 },
              { orderLineId: 'b', quantity: 2 },
            ],
          },
          { orderId: OTHER, lines: [] },
        ],
      },
    },
    { lines: [5], registration: { reference: '1002' } },
  ]);
});

test('one wrong row takes the others of its shipment with it, and no other shipment', () => {
  const { shipments, rejected } = shipmentsOfRows([
    filed(2),
    { line: 3, name: 'brt 1001', problem: { code: 'quantity-malformed', detail: '' } },
    filed(4, { reference: '1002' }, 'brt 1002'),
  ]);
  expect(shipments.map(({ lines }) => lines)).toEqual([[4]]);
  expect(rejected).toEqual([
    { line: 2, code: 'other-row-wrong', detail: '3' },
    { line: 3, code: 'quantity-malformed', detail: '' },
  ]);
});

test('rows that contradict each other register nothing', () => {
  expect(shipmentsOfRows([filed(2, { trackingNumber: '1' }), filed(3, { trackingNumber: '2' })])).toEqual({
    shipments: [],
    rejected: [
      { line: 2, code: 'rows-disagree', detail: 'trackingNumber' },
      { line: 3, code: 'rows-disagree', detail: 'trackingNumber' },
    ],
  });
  const partly = shipmentsOfRows([filed(2, { orderLineId: 'a', quantity: 1 }), filed(3)]);
  expect(partly.rejected.map(({ detail }) => detail)).toEqual(['orderLineId', 'orderLineId']);
});

test('rows without a name are a shipment each', () => {
  const nameless = (line: number): ReadShipmentRow => ({ ...filed(line), name: undefined });
  expect(shipmentsOfRows([nameless(2), nameless(3)]).shipments.map(({ lines }) => lines)).toEqual([[2], [3]]);
});

test('a shipment has as many orders as one registered by hand', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      filed(index + 2, { orderId: orderId('ebay', `01-${index}`) }),
    );
  expect(shipmentsOfRows(rows(20)).shipments).toHaveLength(1);
  expect(shipmentsOfRows(rows(21)).rejected[0]?.code).toBe('too-much-in-one');
});
