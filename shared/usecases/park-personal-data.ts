import type { FollowUp } from '../domain/follow-up.ts';
import { isParked, PARKED_MS } from '../domain/personal-data.ts';
import { isoInstant } from '../domain/pull-window.ts';
import type { Clock } from '../ports/clock.ts';
import type { FollowUpStore } from '../ports/follow-up-store.ts';

const PAGE_SIZE = 100;
/** More than a small shop sells in a day; the rest comes up by itself within the hour. */
const PAGES_MAX = 20;

/** A channel's orders that waited for its module are asked for at once. */
export async function releaseParked(
  { followUps, clock }: { readonly followUps: FollowUpStore; readonly clock: Clock },
  channelId: string,
): Promise<void> {
  const nowMs = clock.now();
  const parked: FollowUp[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const due = await followUps.listDue({
      kind: 'personal-data',
      until: isoInstant(nowMs + PARKED_MS),
      limit: PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    parked.push(
      ...due.followUps.filter((followUp) => followUp.channelId === channelId && isParked(followUp)),
    );
    cursor = due.cursor;
    if (cursor === undefined) break;
  }
  // All were read before the first is changed: a changed one moves within the list.
  for (const followUp of parked) {
    await followUps.change({ ...followUp, dueAt: isoInstant(nowMs) }, followUp.version);
  }
}
