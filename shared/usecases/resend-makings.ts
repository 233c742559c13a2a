import { isoInstant } from '../domain/pull-window.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ShipmentStore } from '../ports/shipment-store.ts';
import { attended } from './attempt-making.ts';
import { makingJob, type ShipmentMakingJob } from './make-shipment.ts';

/** Far more than are lost in a minute; the rest is the first of the next run. */
const RESENT_MAX = 50;

export interface ResendMakingsDeps {
  readonly shipments: Pick<ShipmentStore, 'listUnattended' | 'change'>;
  readonly makings: JobQueue<ShipmentMakingJob>;
  readonly clock: Clock;
}

/**
 * Has somebody look after shipments that are being made and whose message is lost: its queue gave it up, or it came before
 * they were stored. Each is sent first and moved on after it: a crash in between asks twice, which is harmless.
 * @returns how many
 */
export async function resendMakings({ shipments, makings, clock }: ResendMakingsDeps): Promise<number> {
  const nowMs = clock.now();
  const lost = await shipments.listUnattended({ until: isoInstant(nowMs), limit: RESENT_MAX });
  for (const shipment of lost) {
    const { shipmentKey, making, version } = shipment;
    if (making === undefined) continue;
    await makings.send(makingJob(shipmentKey));
    // A conflict: somebody works on it after all.
    await shipments.change({ ...shipment, making: attended(making, nowMs) }, version);
  }
  return lost.length;
}
