interface Cause {
  why: string;
  remedy: string;
}

const noSpace: Cause = { why: "there is no space left for it", remedy: "Free some space" };
const noPermission: Cause = { why: "permission was denied", remedy: "Change the permissions of its folder" };

const CAUSES: Record<string, Cause> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  // A limit of the process or the file system on the size of a file.
  EFBIG: noSpace,
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { why: "the file system is read-only", remedy: "Make it writable" },
  ENOENT: { why: "its folder does not exist", remedy: "Create the folder" },
};

/**
 * Why a write failed and what to do next: `out.html was not written: there is no space left for it (ENOSPC). Free some
 * space, or name another file.`
 *
 * @param otherPlace - how to write to another place, as the second half of a sentence: `name another file`
 */
export function describeWriteFailure(
  name: string,
  { code, message }: Pick<NodeJS.ErrnoException, "code" | "message">,
  otherPlace: string,
): string {
  const cause = code === undefined ? undefined : CAUSES[code];
  if (!cause) return `${name} was not written: ${code ?? message}.`;
  return `${name} was not written: ${cause.why} (${code}). ${cause.remedy}, or ${otherPlace}.`;
}
