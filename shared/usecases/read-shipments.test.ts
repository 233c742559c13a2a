import { describe, expect, test } from 'vitest';
import { MemoryActivityLog } from '../../tests/support/memory/activity-log.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { MemoryShipmentStores } from '../../tests/support/memory/shipment-stores.ts';
import { aConfirmation, aShipment } from '../../tests/support/shipments.ts';
import type { Shipment } from '../domain/shipment.ts';
import type { TrackingCheckJob } from '../domain/tracking-job.ts';
import { checkShipmentNow, dismissProblems, listShipments, readShipment } from './read-shipments.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');

async function world(...shipments: readonly Shipment[]) {
  const stores = new MemoryShipmentStores();
  for (const shipment of shipments) await stores.shipments.create(shipment, [], []);
  const checks = new MemoryJobQueue<TrackingCheckJob>();
  const activities = new MemoryActivityLog();
  return {
    ...stores,
    shipments: stores.shipments,
    confirmations: stores.confirmations,
    checks,
    activities,
    actor: 'operator-1',
    clock: { now: () => NOW },
  };
}
const numbered = (count: number, of: (at: number) => Partial<Shipment> = () => ({})) =>
  Array.from({ length: count }, (_, at) => {
    const senderReference = `2026000000${String(at).padStart(5, '0')}`;
    return aShipment({
      senderReference,
      createdAt: `2026-11-23T08:${String(at % 60).padStart(2, '0')}:00.000Z`,
      ...of(at),
    });
  });

describe('the list of shipments', () => {
  test('page by page, every one that is wanted stands in it once, and no other', async () => {
    const deps = await world(...numbered(30, (at) => ({ state: at % 3 === 0 ? 'on-hold' : 'in-transit' })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listShipments(deps, { state: 'on-hold', withProblems: false }, { limit: 4, cursor });
      expect(page.shipments.length).toBeLessThanOrEqual(4);
      seen.push(...page.shipments.map(({ shipmentKey }) => shipmentKey));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
  });

  test('shows only those that a person has to look at, when that is asked for', async () => {
    const problems = [{ kind: 'never-moved' as const, at: '2026-11-24T08:00:00.000Z' }];
    const deps = await world(...numbered(3, (at) => (at === 1 ? { problems } : {})));
    const page = await listShipments(deps, { withProblems: true }, { limit: 50 });
    expect(page.shipments.map((shipment) => shipment.problems.map(({ kind }) => kind))).toEqual([
      ['never-moved'],
    ]);
  });
});

test('a shipment shows its events in the courier’s order, and what its marketplace has been told', async () => {
  const confirmation = aConfirmation();
  const event = {
    code: '701',
    date: '2026-11-23',
    time: undefined,
    at: undefined,
    depot: undefined,
  } as const;
  const shipment = aShipment({
    orders: [{ orderId: confirmation.orderId, lines: [] }],
    events: [
      { ...event, description: 'RITIRATA', state: 'picked-up' },
      { ...event, code: 'X99', description: 'MAI VISTO', state: undefined },
    ],
  });
  const deps = await world();
  await deps.shipments.create(shipment, [], [{ ...confirmation, shipmentKey: shipment.shipmentKey }]);
  const shown = await readShipment(deps, shipment.shipmentKey);
  expect(shown?.events.map(({ description, state }) => [description, state])).toEqual([
    ['RITIRATA', 'picked-up'],
    ['MAI VISTO', null],
  ]);
  expect(shown?.confirmations).toHaveLength(1);
  expect(await readShipment(deps, 'brt:nothing')).toBeUndefined();
});

describe('a check that a person asks for', () => {
  test('goes before the scheduled ones, and is written down', async () => {
    const [shipment] = numbered(1);
    if (shipment === undefined) throw new Error('no shipment');
    const deps = await world(shipment);
    expect(await checkShipmentNow(deps, shipment.shipmentKey, 'request-1')).toBe('asked');
    expect(deps.checks.sent.map(({ job }) => job)).toEqual([
      expect.objectContaining({ urgent: true, shipmentKeys: [shipment.shipmentKey], courier: 'brt' }),
    ]);
  });

  test('is not made of whom nobody can ask, nor when nothing more is to come', async () => {
    const manual = aShipment({ courier: 'manual', senderReference: 'M1' });
    const delivered = aShipment({ senderReference: '202600000099999', state: 'delivered' });
    const deps = await world(manual, delivered);
    for (const { shipmentKey } of [manual, delivered]) {
      expect(await checkShipmentNow(deps, shipmentKey, 'request-1')).toBe('nobody-to-ask');
    }
    expect(await checkShipmentNow(deps, 'brt:nothing', 'request-1')).toBe('not-found');
    expect(deps.checks.sent).toEqual([]);
  });
});

test('problems that a person has looked at are gone, and stay in the activity', async () => {
  const shipment = aShipment({ problems: [{ kind: 'never-moved', at: '2026-11-24T08:00:00.000Z' }] });
  const deps = await world(shipment);
  const dismissed = await dismissProblems(deps, shipment.shipmentKey);
  expect(dismissed).toMatchObject({ outcome: 'dismissed', shipment: { problems: [], version: 2 } });
  expect((await deps.shipments.get(shipment.shipmentKey))?.problems ?? []).toEqual([]);
  expect(await dismissProblems(deps, 'brt:nothing')).toEqual({ outcome: 'not-found' });
});
