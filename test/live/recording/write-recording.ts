import path from "node:path";
import { mkdirSync } from "node:fs";
import { writeAtomic } from "../../../cli/src/shared/write-atomic.js";
import { formatRecording, type Recording } from "./recording.js";

/** Writes a recording. Replaces an earlier one. @throws if it cannot be written */
export function writeRecording(file: string, recording: Recording): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeAtomic(file, formatRecording(recording), { name: file, overwrite: true });
}
