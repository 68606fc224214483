import * as v from "valibot";
import type { ResourceRef } from "../../stack/resources.js";

/** The maximum length of a key of `for_each` in a resource name, in characters. */
const MAX_KEY_LENGTH = 60;

/**
 * Matches the parts of a Terraform address that identify an instance: the names of modules and of the resource, and the keys of `for_each`
 * or indices of `count`.
 */
const PART = /(?:^|\.)(?:module|datadog_org_connection)\.(?<name>[^.[]+)|\[(?<key>\d+|"(?:[^"\\]|\\.)*")\]/gu;

/**
 * Returns the name for a resource that moves to a new program: its former name in Pulumi, or a name derived from its address in Terraform.
 * `module.teams["a"].datadog_org_connection.each["hub"]` becomes `teams-a-each-hub`. The result is not always unique.
 */
export function getFormerName({ tool, name, address }: ResourceRef): string {
  if (tool !== "terraform") return name;
  const parts = [...address.matchAll(PART)].map(({ groups }) =>
    groups?.["name"] === undefined ? toNamePart(groups?.["key"] ?? "") : groups["name"],
  );
  return parts.filter((part) => part !== "").join("-") || "connection";
}

const keySchema = v.pipe(v.string(), v.parseJson(), v.union([v.string(), v.number()]));

/** Converts a key of an instance to a part of a name: shortened, and without characters with a special meaning in a URN or a shell. */
function toNamePart(key: string): string {
  const parsed = v.safeParse(keySchema, key);
  const plain = String(parsed.success ? parsed.output : key)
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replace(/^-+/, "");
  return Array.from(plain).slice(0, MAX_KEY_LENGTH).join("").replace(/-+$/, "");
}
