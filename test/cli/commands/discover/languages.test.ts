/** Programs for the plugin. test/engine/discover-languages.slow.test.ts runs or compiles them. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createDraft, type Form } from "../../../../cli/src/commands/discover/draft.js";
import { formatPluginImportFile } from "../../../../cli/src/commands/discover/import-file.js";
import { formatPluginProgram } from "../../../../cli/src/commands/discover/plugin-program.js";
import { createConnection, createDraftInputs, createOrganization, createUuid } from "./draft-inputs.js";
import { createHostileInputs, HOSTILE_NAMES } from "./hostile-names.js";

const DAY = "2026-11-25";
const createHostileDraft = (form: Form) => createDraft(createHostileInputs(), form);

interface YamlResource {
  name?: string;
  type: string;
  properties: Record<string, unknown>;
  options: object;
}

/** Parses a program in YAML, and resolves `$$` as Pulumi does. */
function parseYamlProgram(text: string): YamlResource[] {
  const resolve = (_: unknown, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    expect(value.replaceAll("$$", "")).not.toContain("$");
    return value.replaceAll("$$", "$");
  };
  const { resources } = parse(text, resolve) as { resources: Record<string, YamlResource> };
  return Object.entries(resources).map(([key, resource]) => ({ name: key, ...resource }));
}

test.each(["single", "set"] as const)(
  "with hostile names, the program in YAML (%s) has exactly these values",
  (form) => {
    const resources = parseYamlProgram(formatPluginProgram(createHostileDraft(form), "yaml", DAY));
    expect(resources.map(({ properties }) => properties["source"])).toEqual(
      expect.arrayContaining(HOSTILE_NAMES.map((name) => name.replace(/\p{Cs}/gu, "\ufffd"))),
    );
    for (const { type, properties, options } of resources) {
      expect(type).toBe(`datadog-org-connections:index:OrgConnection${form === "set" ? "Set" : ""}`);
      expect([properties["adopt"], options]).toEqual([true, { protect: true }]);
      expect(form === "single" ? properties["connectionTypes"] : properties["connections"]).toEqual(
        form === "single" ? ["logs"] : { [createUuid(900)]: ["logs"] },
      );
    }
  },
);

test.each(["yaml", "python", "go"] as const)(
  "with hostile names, the program in %s has no invisible character",
  (language) => {
    const text = formatPluginProgram(createHostileDraft("single"), language, DAY);
    expect(text.replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
    // No name starts a line.
    expect(text.split("\n").filter((line) => /^\s*(?:EVIL|import os|os\.)/.test(line))).toEqual([]);
  },
);

test("an import file of the plugin has the UUIDs of the connections, or of the organizations of the sets", () => {
  const inputs = createDraftInputs([createOrganization(1)], [createConnection(1, 2)]);
  const read = (form: Form) => JSON.parse(formatPluginImportFile(createDraft(inputs, form))) as object;
  const [connection] = inputs.live.connections;
  const type = "datadog-org-connections:index:OrgConnection";
  expect(read("single")).toEqual({ resources: [{ type, name: "org-1-to-acme-2", id: connection?.id }] });
  expect(read("set")).toEqual({ resources: [{ type: `${type}Set`, name: "org-1", id: createUuid(1) }] });
});

test("there is no import file of a set whose organization has a connection that the draft omits", () => {
  // A set cannot declare a connection without types, but its import would include it.
  const connections = [createConnection(1, 2), createConnection(1, 3, { connectionTypes: [] })];
  const draft = createDraft(createDraftInputs([createOrganization(1)], connections), "set");
  expect(draft.count).toBe(1);
  expect(() => formatPluginImportFile(draft)).toThrow('omits some connections from "Acme 1".');
});
