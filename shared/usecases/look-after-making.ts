import type { ShipmentKey, ShipmentMaking } from '../domain/shipment.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import { type AttemptMakingDeps, attemptMaking } from './attempt-making.ts';
import type { ShipmentMakingJob } from './make-shipment.ts';

export interface LookAfterMakingDeps extends AttemptMakingDeps {
  readonly makings: JobQueue<ShipmentMakingJob>;
}

/** How a shipment stands afterwards. Codes and figures only. */
export type MakingLookedAfter =
  /** It was never stored: whoever asked for it was refused, or broke off before. */
  | { readonly outcome: 'not-here' }
  | {
      readonly outcome: ShipmentMaking['state'] | 'made-elsewhere';
      /** False when there was nothing to do any more. */
      readonly looked: boolean;
      readonly problem?: ShipmentMaking['problem'];
      readonly attempts?: number;
      /** When it is looked after again. */
      readonly laterMs?: number;
    };

/**
 * Goes on with a shipment that is being made, and asks for the next look while it is not at its end. The next look is
 * asked for after this one's steps are stored: a crash in between brings this job back, which finds them.
 */
export async function lookAfterMaking(
  deps: LookAfterMakingDeps,
  job: ShipmentMakingJob,
): Promise<MakingLookedAfter> {
  const key = job.shipmentKey as ShipmentKey;
  const before = await deps.shipments.get(key);
  const attempt = await attemptMaking(deps, key);
  if (attempt === undefined) return { outcome: 'not-here' };
  const { shipment, laterMs } = attempt;
  if (laterMs !== undefined) await deps.makings.send(job, { delayMs: laterMs });
  const looked = before?.making?.state === 'reserved';
  const { making } = shipment;
  if (making === undefined) return { outcome: 'made-elsewhere', looked };
  return {
    outcome: making.state,
    looked,
    attempts: making.attempts,
    ...(making.problem === undefined ? {} : { problem: making.problem }),
    ...(laterMs === undefined ? {} : { laterMs }),
  };
}
