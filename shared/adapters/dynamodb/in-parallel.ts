/** Requests under way at once: more gained nothing in measurements, and a Lambda has few cores. */
const AT_ONCE = 16;

/** Does the work on every item, several at a time; fails with the first failure, when those under way have ended. */
export async function inParallel<Each>(
  items: readonly Each[],
  work: (each: Each) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isFailed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !isFailed) {
      const item = items[next] as Each;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
