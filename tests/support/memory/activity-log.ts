import type { Activity } from '../../../shared/domain/activity.ts';
import type { ActivityLog } from '../../../shared/ports/activity-log.ts';

/** The activity log's semantics without a database. */
export class MemoryActivityLog implements ActivityLog {
  readonly #activities = new Map<string, Activity>();

  async append(activity: Activity): Promise<void> {
    const key = keyOf(activity);
    if (!this.#activities.has(key)) this.#activities.set(key, structuredClone(activity));
  }

  async list({ subject, limit, cursor }: Parameters<ActivityLog['list']>[0]) {
    const wanted = [...this.#activities]
      .filter(([, activity]) => subject === undefined || activity.subject === subject)
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .filter(([key]) => cursor === undefined || key < cursor);
    const shown = wanted.slice(0, limit);
    return {
      activities: shown.map(([, activity]) => structuredClone(activity)),
      cursor: wanted.length > limit ? shown.at(-1)?.[0] : undefined,
    };
  }
}

function keyOf({ at, activityId }: Activity): string {
  return `${at}#${activityId}`;
}
