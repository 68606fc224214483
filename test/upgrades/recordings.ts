/** The recordings of all versions: what each wrote for the same kinds of resources. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../tree.js";
import { parsePreview, parseStackState, type StackPreview, type StackResource } from "./stack-state.js";
import { readFolder, type ProgramFiles } from "./upgrade-stack.js";

const RECORDINGS = path.join(ROOT, "test/upgrades/recordings");

/** What one version wrote for one program. */
export interface Recording {
  version: string;
  stack: string;
  program: ProgramFiles;
  /** The state, with placeholders for the address and the keys. */
  state: string;
  resources: readonly StackResource[];
  preview: StackPreview;
}

/** The versions that have a recording. */
export const VERSIONS = readdirSync(RECORDINGS).sort();

/** Reads all recordings. */
export const readRecordings = (): Recording[] =>
  VERSIONS.flatMap((version) =>
    readdirSync(path.join(RECORDINGS, version))
      .sort()
      .map((stack) => readRecording(version, stack)),
  );

function readRecording(version: string, stack: string): Recording {
  const {
    "state.json": state,
    "preview.json": preview,
    ...program
  } = readFolder(path.join(RECORDINGS, version, stack));
  if (state === undefined || preview === undefined) throw new Error(`${version}/${stack} is not complete`);
  return {
    version,
    stack,
    program,
    state,
    resources: parseStackState(state),
    preview: parsePreview(preview),
  };
}
