import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { type RemoteActionJob, remoteActionJob } from '../domain/remote-action.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';

/** Far more than people ask for in a minute; the rest is the first of the next run. */
const RESENT_MAX = 50;

export interface PlanRemoteActionsDeps {
  readonly actions: Pick<RemoteActionStore, 'listDue'>;
  readonly queues: Readonly<Record<Marketplace, JobQueue<RemoteActionJob>>>;
  readonly clock: Clock;
}

export interface PlannedRemoteActions {
  readonly asked: number;
  /** How long the oldest of them has been waiting for its end since it was asked for; undefined when there is none. */
  readonly oldestMs: number | undefined;
}

/**
 * Asks for the actions that are due: those whose message was lost, those that wait for a marketplace, and those that it
 * works on. They stay due until a worker takes them up: asked for twice, an action is done once, and whoever moved it here
 * would get in that worker's way.
 */
export async function planRemoteActions({
  actions,
  queues,
  clock,
}: PlanRemoteActionsDeps): Promise<PlannedRemoteActions> {
  const nowMs = clock.now();
  const until = isoInstant(nowMs);
  const lists = await Promise.all(
    MARKETPLACES.map((marketplace) => actions.listDue({ marketplace, until, limit: RESENT_MAX })),
  );
  const due = lists.flat();
  for (const action of due) {
    await queues[action.marketplace].send(remoteActionJob(action, `sweep/${until}/${action.actionId}`));
  }
  const ages = due.map(({ requestedAt }) => nowMs - Date.parse(requestedAt));
  return { asked: due.length, oldestMs: ages.length === 0 ? undefined : Math.max(...ages) };
}
