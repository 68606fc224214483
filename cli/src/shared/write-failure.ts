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
  // A limit of the process or the file system on the size of a file.
  EFBIG: noSpace,
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { why: "the file system is read-only", action: "Make it writable" },
  ENOENT: { why: "its folder does not exist", action: "Create the folder" },
  ENOTDIR: { why: "its path goes through a file, which is not a folder", action: "Correct the path" },
  ENAMETOOLONG: { why: "its name or path is too long", action: "Shorten it" },
};

/**
 * Describes why a write failed and what to do next: `out.html was not written: there is not enough space (ENOSPC). Free some
 * space, or pass another file.` For an unusual cause, the description is only its code or message.
 *
 * @param otherPlace - how to write to another place, as the second half of a sentence: `pass another file`
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
