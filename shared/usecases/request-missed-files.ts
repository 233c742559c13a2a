import type { Clock } from '../ports/clock.ts';
import type { DroppedFiles } from '../ports/dropped-files.ts';
import type { JobQueue } from '../ports/job-queue.ts';

/** As long as all attempts of a message take together: by then it is done, or in the dead-letter queue. */
const GIVEN_UP_AFTER_MS = 6 * 3_600_000;
const EVENT_DELAY_MS = 15 * 60_000;

/**
 * Finds dropped files that nothing came of: their event was lost. Once they are older than all attempts of a message, a person is told of
 * them by the dead letters. Asking twice is harmless.
 */
export async function requestMissedFiles({
  files,
  queue,
  clock,
}: {
  readonly files: Pick<DroppedFiles<unknown>, 'list' | 'resultOf'>;
  readonly queue: JobQueue<{ readonly objectKey: string }>;
  readonly clock: Clock;
}): Promise<{ readonly requested: number }> {
  let requested = 0;
  for await (const { fileId, objectKey, uploadedAt } of files.list()) {
    const ageMs = clock.now() - Date.parse(uploadedAt);
    if (ageMs < EVENT_DELAY_MS || ageMs > GIVEN_UP_AFTER_MS) continue;
    if ((await files.resultOf(fileId)) !== undefined) continue;
    await queue.send({ objectKey });
    requested += 1;
  }
  return { requested };
}
