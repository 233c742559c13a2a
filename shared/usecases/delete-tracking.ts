import { isoInstant } from '../domain/pull-window.ts';
import { withoutEvents } from '../domain/tracking-keeping.ts';
import type { Clock } from '../ports/clock.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';

const PAGE_SHIPMENTS = 100;
/** Less than this, and the rest is for the next run. */
const PAGE_TIME_MS = 10_000;

export interface DeleteTrackingDeps {
  readonly shipments: Pick<ShipmentStore, 'listEventsToDelete' | 'change'>;
  readonly clock: Clock;
}

/**
 * Deletes the events of shipments whose courier wants it by now. One that is being changed by somebody else is left to the
 * next run.
 * @returns how many shipments
 */
export async function deleteTracking(
  { shipments, clock }: DeleteTrackingDeps,
  remainingMs: () => number,
): Promise<number> {
  const nowMs = clock.now();
  const until = isoInstant(nowMs);
  let deleted = 0;
  for (let inPage = 1; inPage > 0 && remainingMs() > PAGE_TIME_MS; deleted += inPage) {
    inPage = 0;
    for (const shipment of await shipments.listEventsToDelete({ until, limit: PAGE_SHIPMENTS })) {
      const changed = await shipments.change(withoutEvents(shipment, nowMs), shipment.version);
      if (changed === 'changed') inPage += 1;
    }
  }
  return deleted;
}
