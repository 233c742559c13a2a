import type { JobQueue } from '../../../shared/ports/job-queue.ts';

/** SQS's limit for the delay of one message. */
const DELAY_MAX_MS = 900_000;

/** A queue that keeps what was sent, in order, with the delay asked for. Refuses what SQS would refuse. */
export class MemoryJobQueue<Job> implements JobQueue<Job> {
  readonly sent: { readonly job: Job; readonly delayMs: number }[] = [];

  async send(job: Job, { delayMs = 0 }: { readonly delayMs?: number } = {}): Promise<void> {
    if (delayMs < 0 || delayMs > DELAY_MAX_MS) throw new RangeError(`SQS takes no delay of ${delayMs} ms`);
    // A queue carries JSON: what does not survive it must not be relied on.
    this.sent.push({ job: JSON.parse(JSON.stringify(job)), delayMs });
  }
}
