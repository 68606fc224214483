interface WriteFailureCause {
  why: string;
  action: string;
}

const noSpace: WriteFailureCause = { why: "there is not enough space", action: "Free some space" };
const noPermission: WriteFailureCause = {
  why: "permission was denied",
  action: "Change the permissions of its folder",
};

const CAUSES: Record<string, WriteFailureCause> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  // The process (`ulimit -f`) and the file system each limit the size of a file.
  EFBIG: { why: "the file would exceed the maximum file size", action: "Raise the limit" },
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { why: "the file system is read-only", action: "Make it writable" },
  ENOENT: { why: "its folder does not exist", action: "Create the folder" },
  ENOTDIR: { why: "a folder in its path is actually a file", action: "Correct the path" },
  ENAMETOOLONG: { why: "its name or path is too long", action: "Shorten it" },
};

/**
 * Describes why a write failed and what to do next. If the code of the error is not in {@link CAUSES}, the description has
 * no advice.
 *
 * @param otherPlace - how to write to another place, as the end of a sentence: `pass another file`
 * @example `out.html was not written: there is not enough space (ENOSPC). Free some space, or pass another file.`
 */
export function describeWriteFailure(
  name: string,
  { code, message }: Pick<NodeJS.ErrnoException, "code" | "message">,
  otherPlace: string,
): string {
  const cause = code === undefined ? undefined : CAUSES[code];
  if (!cause) return `${name} was not written: ${code ?? message}.`;
  return `${name} was not written: ${cause.why} (${code}). ${cause.action}, or ${otherPlace}.`;
}
