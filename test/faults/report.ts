/** The report of played cells: one line of JSON each, in the file FAULTS_REPORT. */
import { appendFileSync, writeFileSync } from "node:fs";

const file = process.env["FAULTS_REPORT"];

/** The result of one cell. */
export interface Cell {
  operation: string;
  /** From 1. */
  request: number;
  /** The count of requests of the operation. */
  requests: number;
  method: string;
  kind: string;
  result: "passed" | "diverged" | "skipped" | "not met";
  /** Why it was skipped, or what diverged. */
  why?: string;
}

/** Starts a new report. */
export function startReport(): void {
  if (file !== undefined) writeFileSync(file, "");
}

/** Adds a cell to the report. */
export function reportCell(cell: Cell): void {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(cell)}\n`);
}

/**
 * Returns the result of a played cell.
 *
 * @param faults the minimum count of faults that must affect a request
 */
export async function getResult(
  played: Promise<number>,
  faults: number,
): Promise<Pick<Cell, "result" | "why">> {
  try {
    return { result: (await played) >= faults ? "passed" : "not met" };
  } catch (error) {
    return { result: "diverged", why: error instanceof Error ? error.message : String(error) };
  }
}
