import { INVISIBLE } from "../shared/text.js";

/** A place in the program. */
export interface SourcePosition {
  /** The path of the file in the folder of the project, with slashes. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** The engine's format: `project:///index.ts#12,3`, with the line and the column. The path is percent-encoded. */
const POSITION = /^project:\/\/\/(?<path>[^#?]{1,1000})#(?<line>[1-9]\d{0,8}),(?<column>[1-9]\d{0,8})$/;

/**
 * Parses the position at which a program creates a resource. A preview is untrusted, so the file must be in the folder of
 * the project: a path with `..`, a backslash, a drive or an invisible character is refused.
 */
export function parseSourcePosition(text: string): SourcePosition | undefined {
  const { path = "", line, column } = POSITION.exec(text)?.groups ?? {};
  const file = decodePath(path);
  if (file === undefined || !file.split("/").every(isName)) return undefined;
  return { file, line: Number(line), column: Number(column) };
}

/**
 * Finds the position that a reader of the program's repository can open: the first one that is not in an installed package.
 *
 * @param positions - the position of the resource, and those of the calls that led there, the innermost first
 */
export function findSourcePosition(positions: readonly (string | undefined)[]): SourcePosition | undefined {
  return positions
    .map((position) => (position === undefined ? undefined : parseSourcePosition(position)))
    .find((position) => position !== undefined && !position.file.split("/").includes("node_modules"));
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Whether a part of a path is a plain name: not `.` or `..`, without characters that Windows reserves, and without invisible ones. */
const isName = (part: string): boolean => part !== "" && part !== "." && part !== ".." && !REFUSED.test(part);

const REFUSED = new RegExp(String.raw`[\\:*?"<>|]|(?! )[${INVISIBLE}]`, "u");
