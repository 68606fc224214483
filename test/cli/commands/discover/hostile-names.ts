import type { DraftInputs } from "../../../../cli/src/commands/discover/draft.js";
import { createConnection, createDraftInputs, createOrganization } from "./draft-inputs.js";

/** Names of organizations that are hostile in YAML, Python or Go. None of them is empty. */
export const HOSTILE_NAMES = [
  '"\nEVIL = 1\n"',
  "'); import os; os._exit(3) #",
  '", pulumi.String("x")); panic("EVIL"); //',
  "a\nEVIL: true",
  "a\rEVIL: true",
  "a\u2028EVIL",
  "a\u0085EVIL",
  "${EVIL}",
  "$${EVIL}",
  "$",
  "$$",
  "{EVIL}",
  "%s %d {0}",
  "\\",
  '\\"',
  "\\u0022",
  "\\x41\\101\\N{BULLET}",
  "- EVIL",
  "!!python/object EVIL",
  "&a *a",
  "<<",
  "null",
  "~",
  "yes",
  "1e3",
  "0x1F",
  "2026-01-01",
  "pulumi",
  "resources",
  "fn::invoke",
  "__proto__",
  "*/ EVIL /*",
  "//go:embed EVIL",
  '"""EVIL"""',
  "`EVIL`",
  "#EVIL",
  "key: value # EVIL",
  "trailing space ",
  "\ttab",
  "zero \u0000 null",
  "bom \ufeff",
  "direction \u202e def \u2066",
  "tag \u{e0041}",
  "private \ue000 \u{f0000}",
  "half \ud83d a pair",
  "🚀 Launch 👩‍👩‍👧",
  "日本の組織",
  "combining e\u0301",
  "long ".repeat(200),
];

/** Creates the inputs of a draft in which each source organization, and its destination, has a hostile name. */
export function createHostileInputs(): DraftInputs {
  const organizations = HOSTILE_NAMES.map((name, at) => ({
    ...createOrganization(at + 1, name),
    names: [name],
  }));
  const connections = HOSTILE_NAMES.map((name, at) => {
    const connection = createConnection(at + 1, 900, { listedBy: [name] });
    return { ...connection, sink: { id: connection.sink?.id ?? "", name } };
  });
  return createDraftInputs(organizations, connections);
}
