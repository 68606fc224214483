import { INVISIBLE } from "../shared/text.js";

/** A place in the program. */
export interface SourcePosition {
  /** The path of the file relative to the folder of the project, with forward slashes. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/**
 * Matches the engine's format, with the line and the column: `project:///index.ts#12,3`. The path is percent-encoded. Real
 * positions do not reach the length limits of the expression.
 */
const POSITION = /^project:\/\/\/(?<path>[^#?]{1,1000})#(?<line>[1-9]\d{0,8}),(?<column>[1-9]\d{0,8})$/;

/**
 * Parses a position in the engine's format. The input is untrusted. Every part of the path must be a plain name ({@link isName}).
 * Otherwise, the path could be outside of the folder of the project.
 *
 * @returns `undefined` if the path is refused, or if the position has another format
 */
export function parseSourcePosition(text: string): SourcePosition | undefined {
  const { path = "", line, column } = POSITION.exec(text)?.groups ?? {};
  const file = decodePath(path);
  if (file === undefined || !file.split("/").every(isName)) return undefined;
  return { file, line: Number(line), column: Number(column) };
}

/**
 * Finds the first valid position outside of `node_modules`. The repository of a program does not contain `node_modules`, so a
 * reader cannot open a file there.
 *
 * @param positions - the position of the resource, then the positions in the program's call stack, innermost call first
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

/**
 * Whether a part of a path is a plain name. A plain name is not empty, `.` or `..`. It has no characters that Windows reserves, and
 * no invisible characters except the space (U+0020).
 */
const isName = (part: string): boolean => part !== "" && part !== "." && part !== ".." && !REFUSED.test(part);

const REFUSED = new RegExp(String.raw`[\\:*?"<>|]|(?! )[${INVISIBLE}]`, "u");
