import { describe, expect, test } from 'vitest';
import { TrackingWorld } from '../../tests/support/tracking-world.ts';
import type { Courier, Shipment } from '../domain/shipment.ts';
import { withTracking } from '../domain/tracking.ts';
import { givenUp } from '../domain/tracking-check.ts';
import { deleteTracking } from './delete-tracking.ts';

const DAY_MS = 24 * 3_600_000;
const event = (state: 'in-transit' | 'delivered' | 'returned', at: string) => ({
  code: state,
  description: state,
  date: at.slice(0, 10),
  time: at.slice(11, 16),
  at,
  depot: 'MILANO',
  state,
});

async function ended(
  world: TrackingWorld,
  courier: Courier,
  end: 'delivered' | 'returned' = 'delivered',
): Promise<Shipment> {
  const shipment = await world.add({ courier, trackingNumber: '1234567890' });
  const events = [event('in-transit', '2026-11-19T08:00:00.000Z'), event(end, '2026-11-20T08:00:00.000Z')];
  const found = { courierShipmentId: undefined, events, returnInstructed: false };
  const { shipment: told } = withTracking(shipment, found, world.nowMs);
  await world.stores.shipments.change(told, shipment.version);
  return told;
}
const run = (world: TrackingWorld, remainingMs = () => 60_000) =>
  deleteTracking({ shipments: world.stores.shipments, clock: { now: () => world.nowMs } }, remainingMs);

describe('the events of a shipment of DHL’s', () => {
  test('are deleted thirty days after the delivery and not before; what they led to stays', async () => {
    const world = new TrackingWorld();
    const shipment = await ended(world, 'dhl');
    expect(shipment.eventsKeptUntil).toBe('2026-12-20T08:00:00.000Z');
    world.nowMs = Date.parse('2026-12-20T07:59:59.999Z');
    expect(await run(world)).toBe(0);
    expect((await world.stored(shipment)).events).toHaveLength(2);
    world.nowMs += 1;
    expect(await run(world)).toBe(1);
    const { events, eventsKeptUntil, ...rest } = await world.stored(shipment);
    expect([events, eventsKeptUntil]).toEqual([[], undefined]);
    expect(rest).toMatchObject({
      state: 'delivered',
      deliveredAt: '2026-11-20T08:00:00.000Z',
      trackingNumber: '1234567890',
      eventsDeletedAt: '2026-12-20T08:00:00.000Z',
    });
    expect(await run(world)).toBe(0);
  });

  test('that came back are deleted thirty days after we learnt of it', async () => {
    const world = new TrackingWorld();
    const { eventsKeptUntil } = await ended(world, 'dhl', 'returned');
    expect(eventsKeptUntil).toBe(new Date(world.nowMs + 30 * DAY_MS).toISOString());
  });

  test('that never came to an end are deleted too', async () => {
    const world = new TrackingWorld();
    const shipment = await world.add({
      courier: 'dhl',
      trackingNumber: '1234567890',
      nextCheckAt: undefined,
    });
    world.nowMs += 40 * DAY_MS;
    expect(givenUp(shipment, world.nowMs)?.eventsKeptUntil).toBe(
      new Date(world.nowMs + 30 * DAY_MS).toISOString(),
    );
  });

  test('are left to the next run when there is no time, or somebody changes the shipment', async () => {
    const world = new TrackingWorld();
    const shipment = await ended(world, 'dhl');
    world.nowMs += 60 * DAY_MS;
    expect(await run(world, () => 5_000)).toBe(0);
    const { listEventsToDelete } = world.stores.shipments;
    const busy = {
      listEventsToDelete: listEventsToDelete.bind(world.stores.shipments),
      change: async () => 'conflict' as const,
    };
    const clock = { now: () => world.nowMs };
    expect(await deleteTracking({ shipments: busy, clock }, () => 60_000)).toBe(0);
    expect(await run(world)).toBe(1);
    expect((await world.stored(shipment)).events).toEqual([]);
  });
});

test.each(['brt', 'gls', 'poste', 'ups'] as const)('the events of %s stay', async (courier) => {
  const world = new TrackingWorld();
  const shipment = await ended(world, courier);
  expect(shipment).toMatchObject({ state: 'delivered', eventsKeptUntil: undefined });
  world.nowMs += 400 * DAY_MS;
  expect(await run(world)).toBe(0);
  expect((await world.stored(shipment)).events).toHaveLength(2);
});
