import { describe, expect, test } from 'vitest';
import type { Activity } from '../../shared/domain/activity.ts';
import type { ActivityLog } from '../../shared/ports/activity-log.ts';
import {
  ANSWER_KEPT_MS,
  CLAIM_HELD_MS,
  type IdempotencyStore,
} from '../../shared/ports/idempotency-store.ts';

const opened: Activity = {
  activityId: 'a1',
  at: '2026-11-23T09:00:00.000Z',
  actor: 'subject-1',
  action: 'channel-opened',
  subject: 'channel/amazon-it',
  after: {
    name: 'Amazon Italia',
    ordersSync: false,
    siteIds: ['APJ6JRA9NG5V4'],
    archivedAt: null,
    version: 1,
  },
};
const entry = (activityId: string, at: string, subject = opened.subject): Activity => ({
  activityId,
  at,
  actor: 'system',
  action: 'order-sync-switched-on',
  subject,
});

/** What every activity log promises. */
export function activityLogContract(name: string, create: () => Promise<ActivityLog>): void {
  describe(`${name}: activity`, () => {
    test('an entry comes back as it was written', async () => {
      const log = await create();
      await log.append(opened);
      expect(await log.list({ limit: 10 })).toEqual({ activities: [opened], cursor: undefined });
    });

    test('the same entry again changes nothing, whatever it says', async () => {
      const log = await create();
      await log.append(opened);
      await log.append({ ...opened, actor: 'somebody-else' });
      expect((await log.list({ limit: 10 })).activities).toEqual([opened]);
    });

    test('two entries written at once are both kept', async () => {
      const log = await create();
      await Promise.all([log.append(opened), log.append({ ...opened, activityId: 'a2' })]);
      expect((await log.list({ limit: 10 })).activities.map(({ activityId }) => activityId)).toEqual([
        'a2',
        'a1',
      ]);
    });

    test('entries are listed newest first, page by page, across months', async () => {
      const log = await create();
      await log.append(entry('b', '2026-10-31T23:59:59.999Z'));
      await log.append(entry('d', '2026-12-01T00:00:00.000Z'));
      await log.append(entry('c', '2026-11-01T00:00:00.000Z'));
      await log.append(entry('a', '2025-01-05T08:00:00.000Z'));
      const first = await log.list({ limit: 2 });
      expect(first.activities.map(({ activityId }) => activityId)).toEqual(['d', 'c']);
      const second = await log.list({ limit: 2, cursor: first.cursor });
      expect(second.activities.map(({ activityId }) => activityId)).toEqual(['b', 'a']);
      expect(second.cursor).toBeUndefined();
    });

    test('what was done to one subject is listed without the rest', async () => {
      const log = await create();
      await log.append(entry('a', '2026-11-01T00:00:00.000Z', 'channel/ebay-it'));
      await log.append(entry('b', '2026-11-02T00:00:00.000Z'));
      await log.append(entry('c', '2026-12-03T00:00:00.000Z', 'channel/ebay-it'));
      const first = await log.list({ subject: 'channel/ebay-it', limit: 1 });
      expect(first.activities.map(({ activityId }) => activityId)).toEqual(['c']);
      const second = await log.list({ subject: 'channel/ebay-it', limit: 1, cursor: first.cursor });
      expect(second.activities.map(({ activityId }) => activityId)).toEqual(['a']);
      expect(second.cursor).toBeUndefined();
      expect((await log.list({ subject: 'channel/none', limit: 1 })).activities).toEqual([]);
    });
  });
}

/** What every idempotency store promises. */
export function idempotencyStoreContract(name: string, create: () => Promise<IdempotencyStore>): void {
  const nowMs = Date.parse('2026-11-23T09:00:00Z');
  const answer = { status: 201, body: '{"channelId":"amazon-it"}', etag: '"1"' };

  describe(`${name}: idempotency keys`, () => {
    test('a request that was answered is answered the same again, for a day', async () => {
      const store = await create();
      expect(await store.begin('k', 'f', nowMs)).toEqual({ state: 'begun' });
      await store.finish('k', 'f', answer, nowMs);
      expect(await store.begin('k', 'f', nowMs + 1)).toEqual({ state: 'done', answer });
      expect(await store.begin('k', 'f', nowMs + ANSWER_KEPT_MS - 1)).toEqual({ state: 'done', answer });
      expect(await store.begin('k', 'f', nowMs + ANSWER_KEPT_MS)).toEqual({ state: 'begun' });
    });

    test('an answer without a body is kept too', async () => {
      const store = await create();
      await store.begin('k', 'f', nowMs);
      await store.finish('k', 'f', { status: 204 }, nowMs);
      expect(await store.begin('k', 'f', nowMs)).toEqual({ state: 'done', answer: { status: 204 } });
    });

    test('of two at once one may go on', async () => {
      const store = await create();
      const claims = await Promise.all([store.begin('k', 'f', nowMs), store.begin('k', 'f', nowMs)]);
      expect(claims.map(({ state }) => state).sort()).toEqual(['begun', 'in-progress']);
    });

    test('the key of another request is refused, answered or not', async () => {
      const store = await create();
      await store.begin('k', 'f', nowMs);
      expect(await store.begin('k', 'g', nowMs)).toEqual({ state: 'other-request' });
      await store.finish('k', 'f', answer, nowMs);
      expect(await store.begin('k', 'g', nowMs)).toEqual({ state: 'other-request' });
    });

    test('what was given up may be tried again at once', async () => {
      const store = await create();
      await store.begin('k', 'f', nowMs);
      await store.abandon('k', 'f');
      expect(await store.begin('k', 'f', nowMs)).toEqual({ state: 'begun' });
    });

    test('what was answered cannot be given up', async () => {
      const store = await create();
      await store.begin('k', 'f', nowMs);
      await store.finish('k', 'f', answer, nowMs);
      await store.abandon('k', 'f');
      expect(await store.begin('k', 'f', nowMs)).toEqual({ state: 'done', answer });
    });

    test('a worker that vanished holds its key for a minute and no longer', async () => {
      const store = await create();
      await store.begin('k', 'f', nowMs);
      expect(await store.begin('k', 'f', nowMs + CLAIM_HELD_MS - 1)).toEqual({ state: 'in-progress' });
      expect(await store.begin('k', 'f', nowMs + CLAIM_HELD_MS)).toEqual({ state: 'begun' });
    });
  });
}
