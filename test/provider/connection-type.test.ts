/** Asks TypeScript's language service what an editor offers where a program names connection types. */
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../tree.js";

const PLACES = {
  single: `new OrgConnection("hub", { sinkOrgId: id, connectionTypes: ["HERE"] });`,
  set: `new OrgConnectionSet("all", { connections: { [id]: ["HERE"] } });`,
  get: `OrgConnection.get("hub", id).connectionTypes.apply((types) => types.includes("HERE"));`,
  "a set's output": `new OrgConnectionSet("all", { connections: {} }).connections.apply((all) => all[id]?.includes("HERE"));`,
  function: `void getOrgConnections().then((all) => all.filter(({ connectionTypes }) => connectionTypes.includes("HERE")));`,
};
/** A type that this version does not know, and a type in a string variable: both compile everywhere. */
const OTHERS = `
const later: string = "profiles";
new OrgConnection("later", { sinkOrgId: id, connectionTypes: ["profiles", later] });
new OrgConnectionSet("later", { connections: { [id]: ["profiles", later] } });
const ours: ConnectionType = later;
const theirs: string = ours;
void theirs;`;

/** The program. It exists only in memory. */
const FILE = path.join(ROOT, "test/provider/connection-type-program.ts");
const PROGRAM = `import { OrgConnection, OrgConnectionSet, getOrgConnections, type ConnectionType } from "../../provider/src/index.js";
const id = "aaaaaaaa-0001-4000-8000-000000000001";
${Object.values(PLACES).join("\n").replaceAll("HERE", "")}${OTHERS}`;
const readFile = (name: string) => (name === FILE ? PROGRAM : ts.sys.readFile(name));
const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), readFile) as { config: object };
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
const service = ts.createLanguageService({
  readFile,
  directoryExists: (name) => ts.sys.directoryExists(name),
  getDirectories: (name) => ts.sys.getDirectories(name),
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  getCompilationSettings: () => options,
  getScriptFileNames: () => [FILE],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => {
    const text = readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
});

test.each(Object.entries(PLACES))("an editor completes the known types: %s", (_, statement) => {
  const at = PROGRAM.indexOf(statement.replace("HERE", "")) + statement.indexOf("HERE");
  const names = service.getCompletionsAtPosition(FILE, at, undefined)?.entries.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["audit", "logs", "metrics"]));
});

test("any other string is a type too", () => {
  const messages = service
    .getSemanticDiagnostics(FILE)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  expect(messages).toEqual([]);
});
