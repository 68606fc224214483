import * as v from "valibot";

/** The major version of the format of `terraform show -json` and `tofu show -json`. Minor versions are backward compatible. */
const FORMAT_MAJOR = "1";
const versionSchema = v.object({ format_version: v.string() });

/**
 * Requires that the output of `terraform show -json` or `tofu show -json` has a format version that this package can read.
 *
 * @param name - the name of the input in messages
 * @throws if the format version is missing, invalid or not supported
 */
export function requireFormatVersion(value: unknown, name: string): void {
  const parsed = v.safeParse(versionSchema, value);
  const version = parsed.success ? parsed.output.format_version : undefined;
  const major = version?.split(".")[0];
  if (major === FORMAT_MAJOR) return;
  const advice =
    Number(major) > Number(FORMAT_MAJOR)
      ? "Install a newer version of this package."
      : "Create the input again with Terraform 1.1 or newer, or with OpenTofu.";
  throw new Error(
    `${name} has ${version === undefined ? "no valid format_version" : `format_version ${JSON.stringify(version)}`}, but this package reads only ${FORMAT_MAJOR}.x. ${advice}`,
  );
}
