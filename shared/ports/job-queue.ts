/** A queue of one kind of job. Sending is at least once; a send that fails throws. */
export interface JobQueue<Job> {
  /** @param delayMs at most 900,000 (SQS's limit of 15 minutes). */
  send(job: Job, options?: { readonly delayMs?: number }): Promise<void>;
}
