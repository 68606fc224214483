import * as v from "valibot";
import type { ResourceRef } from "../../stack/resources.js";

/** The maximum length of a key of `for_each` in a resource name, in characters. */
const MAX_KEY_LENGTH = 60;

/**
 * The parts of a Terraform address that a person has chosen: the names of modules and of the resource, and the keys of
 * `for_each` or indices of `count`.
 */
const PART = /(?:^|\.)(?:module|datadog_org_connection)\.(?<name>[^.[]+)|\[(?<key>\d+|"(?:[^"\\]|\\.)*")\]/gu;

/**
 * Returns the name of a moved resource: its name in Pulumi, or one from its address in Terraform.
 * `module.teams["a"].datadog_org_connection.each["hub"]` becomes `teams-a-each-hub`. The result may not be unique.
 */
export function getFormerName({ tool, name, address }: ResourceRef): string {
  if (tool !== "terraform") return name;
  const parts = [...address.matchAll(PART)].map(({ groups }) =>
    groups?.["name"] === undefined ? toNamePart(groups?.["key"] ?? "") : groups["name"],
  );
  return parts.filter((part) => part !== "").join("-") || "connection";
}

const keySchema = v.pipe(v.string(), v.parseJson(), v.union([v.string(), v.number()]));

/** Formats a key without characters that have a meaning in a URN or a shell. */
function toNamePart(key: string): string {
  const parsed = v.safeParse(keySchema, key);
  const plain = String(parsed.success ? parsed.output : key)
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replace(/^-+/, "");
  return Array.from(plain).slice(0, MAX_KEY_LENGTH).join("").replace(/-+$/, "");
}
