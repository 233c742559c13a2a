import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { type RemoteActionJob, remoteActionJob } from '../domain/remote-action.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';

/** Far more than is open at a time; those that are due the longest come first. */
const LOOKED_AT_MAX = 100;
/** After every instant. */
const LATEST = ':';

const MINUTE_MS = 60_000;
/** What stays due is asked for in its first minutes, and then as often: a job that always fails must not fill the dead letters. */
const ASKED_IN_FIRST_MINUTES = 3;
const ASKED_EVERY_MINUTES = 15;

export interface PlanRemoteActionsDeps {
  readonly actions: Pick<RemoteActionStore, 'listDue'>;
  readonly queues: Readonly<Record<Marketplace, JobQueue<RemoteActionJob>>>;
  readonly clock: Clock;
}

export interface PlannedRemoteActions {
  readonly asked: number;
  /** How long the oldest that has not come to its end, due or not, has been open; undefined when there is none. */
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
  const now = isoInstant(nowMs);
  const lists = await Promise.all(
    MARKETPLACES.map((marketplace) => actions.listDue({ marketplace, until: LATEST, limit: LOOKED_AT_MAX })),
  );
  const open = lists.flat();
  const asked = open.filter(({ dueAt = LATEST }) => dueAt <= now && isAskedForNow(nowMs - Date.parse(dueAt)));
  for (const action of asked) {
    await queues[action.marketplace].send(remoteActionJob(action, `sweep/${now}/${action.actionId}`));
  }
  const ages = open.map(({ requestedAt }) => nowMs - Date.parse(requestedAt));
  return { asked: asked.length, oldestMs: ages.length === 0 ? undefined : Math.max(...ages) };
}

function isAskedForNow(overdueMs: number): boolean {
  const minutes = Math.floor(overdueMs / MINUTE_MS);
  return minutes < ASKED_IN_FIRST_MINUTES || minutes % ASKED_EVERY_MINUTES === 0;
}
