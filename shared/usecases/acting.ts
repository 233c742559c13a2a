import type { Activity } from '../domain/activity.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { ActivityLog } from '../ports/activity-log.ts';
import type { Clock } from '../ports/clock.ts';

/** Who does something, and where it is written down. */
export interface Acting {
  /** Subject of the person's sign-in, or `cli` for a command. */
  readonly actor: string;
  readonly activities: ActivityLog;
  readonly clock: Clock;
}

/** Writes down what was done. The change itself stands already: a crash between the two loses the line, not the change. */
export async function noteActivity(
  { actor, activities, clock }: Acting,
  done: Pick<Activity, 'action' | 'subject' | 'before' | 'after'>,
): Promise<void> {
  const at = isoInstant(clock.now());
  // Two people never do the same to one thing at once: its version lets one of them through.
  const activityId = `${done.action}-${done.subject}`.replaceAll(/[^\w-]/g, '_');
  await activities.append({ activityId, at, actor, ...done });
}
