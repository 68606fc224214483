/** The report of the cells that were played: one line of JSON each, in the file that FAULTS_REPORT names. */
import { appendFileSync, writeFileSync } from "node:fs";

const file = process.env["FAULTS_REPORT"];

/** What came of one cell. */
export interface Cell {
  operation: string;
  /** From 1. */
  request: number;
  /** How many requests the operation has. */
  requests: number;
  method: string;
  kind: string;
  result: "held" | "diverged" | "skipped" | "not met";
  /** Why it was skipped, or what diverged. */
  why?: string;
}

/** Begins a new report. */
export function startReport(): void {
  if (file !== undefined) writeFileSync(file, "");
}

/** Adds a cell to the report. */
export function reportCell(cell: Cell): void {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(cell)}\n`);
}

/** The result of a cell that was played, from the number of faults that met a request. */
export async function resultOf(
  played: Promise<number>,
  faults: number,
): Promise<Pick<Cell, "result" | "why">> {
  try {
    return { result: (await played) >= faults ? "held" : "not met" };
  } catch (error) {
    return { result: "diverged", why: error instanceof Error ? error.message : String(error) };
  }
}
