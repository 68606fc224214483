import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { policySchema, ruleNames } from "../../cli/src/policy/policy.js";
import { VARIABLE_NAMES } from "../../core/src/credentials/levels.js";
import { organizationSchema, settingsSchema } from "../../core/src/credentials/settings-schema.js";
import { runCommand } from "../cli/run-command.js";
import { ROOT } from "../tree.js";
import { readPage, readSection } from "./pages.js";
import { listFiles } from "./source-files.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const getPath = (page: string) => `docs/reference/${page}.md`;

/** The words in the code spans of pages, such as `sinkOrgId` in `getOrgConnections({ sinkOrgId? })`. */
function listNames(...pages: string[]): Set<string> {
  const spans = pages.flatMap((page) => readPage(getPath(page)).codeSpans);
  return new Set(spans.flatMap(({ source }) => source.match(/\w+/g) ?? []));
}

function parseSource(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
}

/** The names that a file exports in `export { … }` and `export type { … }`. */
const listExports = (file: string): string[] =>
  parseSource(file)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [],
    );

/** The members of the exported interfaces and classes in a file, such as `SetMember.id`. */
const listMembers = (file: string): string[] =>
  parseSource(file).statements.flatMap((node) =>
    ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)
      ? node.members
          .filter((member) => member.name !== undefined)
          .map((member) => `${node.name?.text ?? ""}.${member.name?.getText() ?? ""}`)
      : [],
  );

const publicNames = listExports("provider/src/index.ts");

test("public names and members are found", () => {
  expect(publicNames).toEqual(
    expect.arrayContaining(["OrgConnection", "SetMember", "isOrgConnectionsError"]),
  );
  expect(listMembers("provider/src/resources/org-connection.ts")).toEqual(
    expect.arrayContaining(["OrgConnectionArgs.sinkOrgId", "OrgConnection.createdBy", "OrgConnection.get"]),
  );
});

test("each public name is on a page of resources, functions or errors", () => {
  const names = listNames("resources", "functions", "errors");
  expect(publicNames.filter((name) => !names.has(name))).toEqual([]);
});

test.each([
  ["resources", "provider/src/resources/org-connection.ts"],
  ["resources", "provider/src/resources/org-connection-set.ts"],
  ["functions", "provider/src/functions/organizations.ts"],
  ["functions", "provider/src/functions/connections.ts"],
  ["functions", "core/src/api/parse.ts"],
  ["errors", "core/src/api/org-connections-error.ts"],
])("docs/reference/%s.md names the arguments, outputs and fields of %s", (page, file) => {
  const names = listNames(page);
  const members = listMembers(file).filter((member) => publicNames.includes(member.split(".")[0] ?? ""));
  expect(members).not.toEqual([]);
  const missing = members.filter((member) => !names.has(member.split(".")[1] ?? ""));
  // Pulumi marks an error with it; it is of no use to programs.
  expect(missing.filter((member) => member !== "OrgConnectionsError.__pulumiRunError")).toEqual([]);
});

describe("docs/reference/settings.md", () => {
  const names = listNames("settings");

  test("names each setting of an organization and of a stack", () => {
    const settings = [...Object.keys(organizationSchema.entries), ...Object.keys(settingsSchema.entries)];
    expect(settings).toContain("maxConcurrent");
    expect(settings.filter((name) => !names.has(name))).toEqual([]);
  });

  test("has the default and the maximum of each limit", () => {
    const section = readSection(getPath("settings"), "Settings of a stack");
    const limits = [
      ...readText("core/src/credentials/settings-schema.ts").matchAll(
        /(\w+): createLimitSchema\((\d+), (\d+)\)/g,
      ),
    ];
    expect(limits).toHaveLength(4);
    for (const [, name = "", value = "", maximum = ""] of limits) {
      expect(section).toContain(
        `**\`${name}\`** (default ${value}, at most ${Number(maximum).toLocaleString("en-US")})`,
      );
    }
  });

  test("names each variable that the code reads", () => {
    const code = ["core/src", "provider/src", "cli/src"]
      .flatMap((folder) => listFiles(folder).map((file) => readText(path.join(folder, file))))
      .join("\n");
    const literal = [...code.matchAll(/"((?:DD|DATADOG)_[A-Z_]*[A-Z])"/g)].map(([, name = ""]) => name);
    // The code builds the names of the variables that it also reads with a suffix. There is no DATADOG_SITE.
    const built = Object.values(VARIABLE_NAMES).flatMap((name) => [`DD_${name}`, `DATADOG_${name}`]);
    const variables = [...literal, ...built].filter((name) => name !== "DATADOG_SITE");
    expect(variables).toEqual(expect.arrayContaining(["DD_API_KEY", "DATADOG_ORG_CONNECTIONS_ADOPT"]));
    expect(variables.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe("docs/reference/policy.md", () => {
  const rules = Object.keys(policySchema.entries).filter((name) => name !== "$schema");

  test("has a section for each rule and for `warnOnly`, and for no others", () => {
    expect(rules).toEqual(expect.arrayContaining([...ruleNames]));
    const sections = readPage(getPath("policy")).headings.filter(({ level }) => level === 3);
    expect(sections.map(({ text }) => text).sort()).toEqual([...rules].sort());
  });

  test("names each field of a rule", () => {
    const schema = JSON.parse(readText("cli/policy.schema.json")) as {
      properties: Record<string, { items?: { properties?: object } }>;
    };
    const fields = Object.values(schema.properties).flatMap(({ items }) =>
      Object.keys(items?.properties ?? {}),
    );
    expect(fields).toContain("pattern");
    const names = listNames("policy");
    expect(fields.filter((field) => !names.has(field))).toEqual([]);
  });
});

describe("docs/reference/command-line.md", async () => {
  const page = getPath("command-line");
  const { stdout } = await runCommand(["--help"], { columns: 200 });
  const commands = [...stdout.matchAll(/^ {2}(\w+) (?:\[options\]).* {2,}/gm)].map(([, name = ""]) => name);

  test("the commands are found", () => {
    expect(commands).toEqual(["review", "map", "inventory", "discover", "doctor", "sandbox"]);
  });

  /** `DOCS=1 npm test -- reference-pages` writes these parts of the page. */
  test.each(commands)("has the options and exit codes of %s from its help", async (command) => {
    const { stdout: help } = await runCommand([command, "--help"], { columns: 100 });
    const heading = `### Options of \`${command}\``;
    const block = `${heading}\n\n\`\`\`text\n${selectOptions(help)}\n\`\`\`\n`;
    if (process.env["DOCS"] === "1") {
      const written = readText(page).replace(
        new RegExp(`^${heading}\n+\`\`\`text\n[^]*?\`\`\`\n`, "m"),
        () => block,
      );
      writeFileSync(path.join(ROOT, page), written);
    }
    expect(readText(page)).toContain(block);
  });

  test("the common options and exit codes are not repeated", () => {
    const help =
      "Usage\n\nOptions:\n  --live      all\n  --force     replace\n  -h, --help  help\n\nText\n\nExit codes:\n  0  ok\n  1  failed";
    expect(selectOptions(help)).toBe("Options:\n  --live      all\n\nExit codes:\n  0  ok");
  });
});

/** The options and exit codes in the help of a command, without those of every command (section "All commands"). */
const selectOptions = (help: string): string =>
  ["Options:", "Exit codes:"]
    .flatMap((title) => help.split("\n\n").filter((section) => section.startsWith(title)))
    .map((section) =>
      section
        .trimEnd()
        .replace(/\n {2}(?:-o, --output|--force|-h, --help|1 {2}failed|2 {2}invalid usage).*/g, ""),
    )
    .join("\n\n");
