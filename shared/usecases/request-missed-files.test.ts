import { expect, test } from 'vitest';
import { MemoryDroppedFiles } from '../../tests/support/memory/dropped-files.ts';
import { MemoryJobQueue } from '../../tests/support/memory/job-queue.ts';
import { requestMissedFiles } from './request-missed-files.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

test('only files that nothing came of are asked for, once their event is late and before their message has died', async () => {
  const files = new MemoryDroppedFiles<string>();
  files.put('incoming/lost.csv', 'a', '2026-11-24T11:00:00.000Z');
  files.put('incoming/new.csv', 'b', '2026-11-24T11:50:00.000Z');
  files.put('incoming/old.csv', 'c', '2026-11-24T05:00:00.000Z');
  const { fileId } = files.put('incoming/read.csv', 'd', '2026-11-24T11:00:00.000Z');
  await files.keepResult(fileId, 'read');
  const queue = new MemoryJobQueue<{ readonly objectKey: string }>();
  expect(await requestMissedFiles({ files, queue, clock: { now: () => NOW } })).toEqual({ requested: 1 });
  expect(queue.sent.map(({ job }) => job)).toEqual([{ objectKey: 'incoming/lost.csv' }]);
});
