import { type ListActivityDeps, listActivity } from '../../../shared/usecases/list-activity.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Implementations } from '../implementation.ts';

export function activityRoutes(deps: ListActivityDeps): Pick<Implementations, 'listActivity'> {
  return {
    async listActivity({ query: { subject, limit, cursor } }) {
      const list = `activity ${subject ?? ''}`;
      const page = await listActivity(deps, { subject, limit, cursor: openCursor(cursor, list) });
      return { body: { activities: page.activities, cursor: sealCursor(page.cursor, list) } };
    },
  };
}
