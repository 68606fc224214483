/**
 * Does the work on every item, so many at once, in their order; what fails stops nothing else. More at once than requests
 * may be in flight would only wait in line, and take memory.
 * @returns what was thrown, in the order of the items
 */
export async function each<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<Error[]> {
  const failures = new Map<number, Error>();
  const rest = items.entries();
  const worker = async () => {
    // All workers take from the one iterator.
    for (const [at, item] of rest) {
      try {
        await work(item);
      } catch (error) {
        failures.set(at, error as Error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return [...failures].toSorted(([a], [b]) => a - b).map(([, failure]) => failure);
}
