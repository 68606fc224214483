/** The outputs that a preview shows are true: those that it knows are the outputs of the change that follows. */
import { UNKNOWN } from "../../core/src/connection/types.js";
import type { OperationRun } from "./run.js";

/**
 * Compares what the preview has shown with the outputs of the create or update. Other users, and late writes, may have changed
 * something in between.
 */
export function checkPreviewedOutputs(run: OperationRun, name: string, outputs: object): void {
  const { scenario } = run;
  if (!run.previewed.has(name) || run.hasConcurrentDrift) return;
  if (run.mayHaveLateWrites() || scenario.hasLateWrites()) return;
  const wrong = findDifference(run.previewed.get(name), outputs);
  if (wrong === undefined) return;
  const [path, shown, actual] = wrong;
  scenario.fail(
    `the preview showed ${name}.${path} = ${JSON.stringify(shown)}, but it became ${JSON.stringify(actual)}`,
  );
}

type Difference = [path: string, shown: unknown, actual: unknown];

/** Finds a known value of the preview that differs. */
function findDifference(shown: unknown, actual: unknown, path = ""): Difference | undefined {
  if (shown === UNKNOWN || shown === actual) return undefined;
  if (!isObject(shown) || !isObject(actual) || Array.isArray(shown) !== Array.isArray(actual))
    return [path, shown, actual];
  if (Array.isArray(shown) && shown.length !== (actual as unknown as unknown[]).length)
    return [path, shown, actual];
  for (const [key, value] of Object.entries(shown)) {
    const difference = findDifference(value, actual[key], path === "" ? key : `${path}.${key}`);
    if (difference) return difference;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
