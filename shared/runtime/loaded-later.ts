/**
 * What few calls need, loaded by the first of them: a client of AWS takes as long to load as half of our own code, and
 * somebody waits for a function that starts.
 */
export function loadedLater<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
