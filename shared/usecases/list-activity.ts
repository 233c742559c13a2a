import type { Activity, ActivityValue } from '../domain/activity.ts';
import type { ActivityLog } from '../ports/activity-log.ts';

export interface ListActivityDeps {
  readonly activities: ActivityLog;
}

export type ShownActivity = Omit<Activity, 'before' | 'after'> & {
  readonly before: Readonly<Record<string, ActivityValue>> | null;
  readonly after: Readonly<Record<string, ActivityValue>> | null;
};

/** Who did what, newest first; all of it, or what was done to one subject. */
export async function listActivity(
  { activities }: ListActivityDeps,
  query: Parameters<ActivityLog['list']>[0],
): Promise<{ readonly activities: readonly ShownActivity[]; readonly cursor: string | undefined }> {
  const page = await activities.list(query);
  return {
    activities: page.activities.map((activity) => ({
      ...activity,
      before: activity.before ?? null,
      after: activity.after ?? null,
    })),
    cursor: page.cursor,
  };
}
