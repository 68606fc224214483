import { getMonitor } from "./sdk.js";

/**
 * Returns a function that creates a value at its first call in a run of a program, and returns this value for the rest of the run. One
 * process can run several programs (Automation API), days apart and with other settings and permissions.
 */
export function createPerRun<T>(create: () => T): () => T {
  const values = new WeakMap<object, { value: T }>();
  return () => {
    const run: object = getMonitor() ?? values;
    const known = values.get(run) ?? { value: create() };
    values.set(run, known);
    return known.value;
  };
}
