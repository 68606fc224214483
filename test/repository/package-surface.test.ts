import { execFileSync } from "node:child_process";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ROOT } from "../tree.js";

const DIST = path.join(ROOT, "provider/dist");
const CLOUD_LIBRARY = /node_modules\/(@aws-crypto|@aws-sdk|@azure|@smithy|google-auth-library)\//;

describe("the package exports exactly these names", () => {
  test("values and types, as index.ts exports them", () => {
    const index = path.join(ROOT, "provider/src/index.ts");
    const program = ts.createProgram([index], { module: ts.ModuleKind.Node16, skipLibCheck: true });
    const file = program.getSourceFile(index);
    const checker = program.getTypeChecker();
    const symbol = file && checker.getSymbolAtLocation(file);
    expect((symbol ? checker.getExportsOfModule(symbol) : []).map(({ name }) => name).sort()).toEqual([
      "Connection",
      "ConnectionType",
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
    expect(evaluateInNode("Object.keys(loaded).sort()")).toEqual([
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
  const files = evaluateInNode("Object.keys(require.cache)", entry) as string[];

  test.each([
    ["no HTTP client", /node_modules\/axios\/|dist\/client\.js$/],
    ["no library of a cloud, which only some workload identities need", CLOUD_LIBRARY],
    [
      "no compiler, function serialization or automation API of the SDK",
      /node_modules\/(typescript|ts-node|@npmcli)\/|pulumi\/(index|automation|runtime\/(index|closure))\b/,
    ],
  ])("loads %s", (_, heavy) => {
    expect(files.filter((file) => heavy.test(file))).toEqual([]);
  });
});

/** Evaluates an expression in a new Node process, where `loaded` is the module. */
function evaluateInNode(expression: string, entry = "index"): unknown {
  const code = `const loaded = require(${JSON.stringify(path.join(DIST, `${entry}.js`))}); console.log(JSON.stringify(${expression}))`;
  // In the folder of the provider, where Node finds the peer dependency as for a program.
  const out = execFileSync(process.execPath, ["-e", code], { cwd: DIST, encoding: "utf8" });
  return JSON.parse(out) as unknown;
}
