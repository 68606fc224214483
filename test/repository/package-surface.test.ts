import { execFileSync } from "node:child_process";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ROOT } from "../tree.js";

const DIST = path.join(ROOT, "provider/dist");

describe("the package promises these names, and no others", () => {
  test("values and types, as index.ts exports them", () => {
    const index = path.join(ROOT, "provider/src/index.ts");
    const program = ts.createProgram([index], { module: ts.ModuleKind.Node16, skipLibCheck: true });
    const file = program.getSourceFile(index);
    const checker = program.getTypeChecker();
    const symbol = file && checker.getSymbolAtLocation(file);
    expect((symbol ? checker.getExportsOfModule(symbol) : []).map(({ name }) => name).sort()).toEqual([
      "Connection",
      "ErrorCode",
      "ErrorFacts",
      "GetOrgConnectionsArgs",
      "GetOrganizationArgs",
      "GetOrganizationsArgs",
      "OrgConnection",
      "OrgConnectionArgs",
      "OrgConnectionSet",
      "OrgConnectionSetArgs",
      "OrgConnectionsError",
      "Organization",
      "Party",
      "SetMember",
      "errorCodes",
      "getOrgConnections",
      "getOrgConnectionsOutput",
      "getOrganization",
      "getOrganizationOutput",
      "getOrganizations",
      "getOrganizationsOutput",
      "isOrgConnectionsError",
    ]);
  });

  test("values, as the built package has them", () => {
    expect(inNode("Object.keys(loaded).sort()")).toEqual([
      "OrgConnection",
      "OrgConnectionSet",
      "OrgConnectionsError",
      "errorCodes",
      "getOrgConnections",
      "getOrgConnectionsOutput",
      "getOrganization",
      "getOrganizationOutput",
      "getOrganizations",
      "getOrganizationsOutput",
      "isOrgConnectionsError",
    ]);
  });
});

describe.each(["index", "host"])("loading %s of the built package", (entry) => {
  const files = () => inNode("Object.keys(require.cache)", entry) as string[];

  test("loads no HTTP client", () => {
    expect(files().filter((file) => /node_modules\/axios\/|dist\/client\.js$/.test(file))).toEqual([]);
  });

  test("loads of the SDK no compiler, nothing that serializes functions, and no automation API", () => {
    const heavy =
      /node_modules\/(typescript|ts-node|@npmcli)\/|pulumi\/(index|automation|runtime\/(index|closure))\b/;
    expect(files().filter((file) => heavy.test(file))).toEqual([]);
  });
});

/** What an expression is in a fresh Node process that has `loaded` a module. */
function inNode(expression: string, entry = "index"): unknown {
  const code = `const loaded = require(${JSON.stringify(path.join(DIST, `${entry}.js`))}); console.log(JSON.stringify(${expression}))`;
  // From the provider's folder, where its peer is found as a user's program finds it.
  const out = execFileSync(process.execPath, ["-e", code], { cwd: DIST, encoding: "utf8" });
  return JSON.parse(out) as unknown;
}
