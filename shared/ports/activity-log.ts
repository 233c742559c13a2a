import type { Activity } from '../domain/activity.ts';

/** Append-only. */
export interface ActivityLog {
  /** Adds the entry; the same `activityId` and instant again changes nothing. */
  append(activity: Activity): Promise<void>;
  /** Newest first. */
  list(query: {
    /** Only what was done to this subject. */
    readonly subject?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ readonly activities: readonly Activity[]; readonly cursor: string | undefined }>;
}
