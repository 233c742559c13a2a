import { MARKETPLACES, type Marketplace } from '../domain/order.ts';
import { isoInstant } from '../domain/pull-window.ts';
import { type RemoteActionJob, remoteActionJob } from '../domain/remote-action.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { RemoteActionStore } from '../ports/remote-action-store.ts';

/** Far more than people ask for in a minute; the rest is the first of the next run. */
const RESENT_MAX = 50;

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
  const asked = due.filter(({ dueAt }) => isAskedForNow(nowMs - Date.parse(dueAt ?? until)));
  for (const action of asked) {
    await queues[action.marketplace].send(remoteActionJob(action, `sweep/${until}/${action.actionId}`));
  }
  const ages = due.map(({ requestedAt }) => nowMs - Date.parse(requestedAt));
  return { asked: asked.length, oldestMs: ages.length === 0 ? undefined : Math.max(...ages) };
}

function isAskedForNow(overdueMs: number): boolean {
  const minutes = Math.floor(overdueMs / MINUTE_MS);
  return minutes < ASKED_IN_FIRST_MINUTES || minutes % ASKED_EVERY_MINUTES === 0;
}
