/**
 * Calls `work` for each item, at most `maxConcurrent` at a time, and returns the results in the order of the items. Rejects with the
 * first failure, and then starts no further item.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  maxConcurrent: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const runWorker = async () => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, runWorker));
  return results;
}
