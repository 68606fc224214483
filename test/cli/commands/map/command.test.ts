import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../../../sandbox/src/index.js";
import type { Topology } from "../../../../cli/src/topology/topology.js";
import { acme, acmeState, startAcme } from "./acme.js";
import { keysOf } from "./drawn.js";
import { isHttp, loadedBy } from "../../loaded-files.js";
import { runCommand } from "../../run-command.js";

const company = acme();
const folder = mkdtempSync(path.join(tmpdir(), "map-"));
const file = path.join(folder, "state.json");
let sandbox: Sandbox;
let state = "";

beforeAll(async () => {
  sandbox = await startAcme(company);
  state = JSON.stringify(acmeState(company, sandbox));
  writeFileSync(file, state);
});
afterEach(() => sandbox.clearFaults());
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const map = (args: string[], options: Parameters<typeof runCommand>[1] = {}) =>
  runCommand(["map", ...args], { env: keysOf(sandbox), ...options });
const jsonOf = (text: string) => JSON.parse(text) as Topology;

/** `Acme Search → Acme Data Science: logs`. */
function lines({ organizations, connections }: Topology): string[] {
  const name = (id: string) => organizations.find((one) => one.id === id)?.name ?? id;
  return connections.map(
    ({ sourceOrgId, sinkOrgId, connectionTypes }) =>
      `${name(sourceOrgId)} → ${name(sinkOrgId)}: ${connectionTypes.join(", ")}`,
  );
}

describe("of a state", () => {
  test("json: every connection, by name, with creator, age and stack", async () => {
    const { code, stdout, stderr } = await map(["--state", file, "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const topology = jsonOf(stdout);
    expect(topology.connections).toHaveLength(company.connections.filter(({ managed }) => managed).length);
    expect(lines(topology)).toContain("Acme Payments → Acme Security: audit");
    expect(topology.stacks).toEqual(["acme/prod"]);
    expect(topology.connections[0]).toMatchObject({
      managedBy: ["acme/prod"],
      createdAt: expect.stringMatching(/^20/) as string,
      createdBy: expect.stringMatching(/^aaaaaaaa-/) as string,
    });
    expect(sandbox.requests).toHaveLength(0);
  });

  test("- is standard input, and several states are one picture", async () => {
    const other = state.replaceAll("urn:pulumi:prod::acme::", "urn:pulumi:dev::shop::");
    const { stdout } = await map(["--state", "-", "--state", file, "--format", "json"], { stdin: other });
    const topology = jsonOf(stdout);
    expect(topology.stacks).toEqual(["shop/dev", "acme/prod"]);
    expect(topology.connections[0]?.managedBy).toEqual(["acme/prod", "shop/dev"]);
  });

  test.each([
    ["svg", /^<svg xmlns[^]*<title id="map-title">Connections of acme\/prod<\/title>[^]*<\/svg>\n$/],
    ["html", /^<!doctype html>[^]*<title>Connections of acme\/prod<\/title>[^]*<\/html>\n$/],
    ["mermaid", /^flowchart LR\n[^]* {2}o\d+ -->\|"audit"\| o\d+\n/],
  ])("%s goes to standard output", async (format, expected) => {
    const { code, stdout } = await map(["--state", file, "--format", format]);
    expect(code).toBe(0);
    expect(stdout).toMatch(expected);
  });

  test("-o writes a file, and says what is in it", async () => {
    const { code, stdout } = await map(["--state", file, "-o", "map.html", "--title", "Ours"], {
      cwd: folder,
    });
    expect([code, stdout]).toEqual([
      0,
      "map.html: 29 organizations, 35 connections; each managed by a stack\n",
    ]);
    expect(readFileSync(path.join(folder, "map.html"), "utf8")).toContain("<title>Ours</title>");
  });
});

describe("of what is live", () => {
  test("all configured organizations; whether it is managed is not known without a stack", async () => {
    const { code, stdout, stderr } = await map(["--live", "--format", "json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const topology = jsonOf(stdout);
    expect(topology.connections).toHaveLength(company.connections.length);
    expect(topology.stacks).toBeUndefined();
    expect(topology.connections.find(({ createdBy }) => createdBy === "Kim Berg")).toBeDefined();
  });

  test("with a state, what no stack manages shows", async () => {
    const { stdout } = await map(["--live", "--state", file, "--format", "json"]);
    const topology = jsonOf(stdout);
    const unmanaged = topology.connections.filter(({ managedBy = [] }) => managedBy.length === 0);
    expect(lines({ ...topology, connections: unmanaged })).toEqual([
      "Acme Search → Acme Data Science: logs",
      "Acme Vendor Trial → Acme Data Science: audit, logs, metrics",
    ]);
  });

  test("--source narrows it to what these organizations take part in", async () => {
    const { stdout } = await map(["--live", "--source", "data-science", "--format", "json"]);
    expect(lines(jsonOf(stdout))).toEqual([
      "Acme Data Science → Acme Observability: metrics",
      "Acme Search → Acme Data Science: logs",
      "Acme Vendor Trial → Acme Data Science: audit, logs, metrics",
    ]);
  });

  test("an organization that could not be looked at is told, the others are drawn: exit 7", async () => {
    const env = { ...keysOf(sandbox), DD_API_KEY__SECURITY: "wrong" };
    const { code, stdout, stderr } = await map(["--live", "--format", "json"], { env });
    expect(code).toBe(7);
    expect(stderr).toMatch(/^NOT looked at: SECURITY\. /);
    // Each connection to it has another end that was looked at, but those of the six that only it shows.
    expect(jsonOf(stdout).connections).toHaveLength(company.connections.length - 6);
  });

  test("a connection of the state that is not live is not drawn, but told", async () => {
    const gone = state.replace(sandbox.connections()[0]?.id ?? "", "00000000-0000-4000-8000-000000000000");
    const { code, stderr } = await map(["--live", "--state", "-", "--format", "json"], { stdin: gone });
    expect([code, stderr]).toEqual([
      0,
      "1 connection of the stacks, not live, not drawn: see `inventory`.\n",
    ]);
  });
});

describe("fails with one message", () => {
  test.each([
    [[], 2, "Say what to draw"],
    [["--source", "x", "--state", "s"], 2, "--source goes with --live"],
    [["--state", "s", "--format", "pdf"], 2, "pdf"],
    [["--state", "missing.json"], 1, "missing.json could not be read: there is no such file."],
    [["--state", "-"], 1, "Standard input is empty. Pass the complete output of `pulumi stack export`."],
    [
      ["--live", "--source", "nobody"],
      1,
      'No keys are configured for organization "nobody". There are keys for: ',
    ],
  ])("%j", async (args, exit, message) => {
    const { code, stdout, stderr } = await map(args, { cwd: folder });
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at |sandbox-ap/);
  });

  test("when no organization could be looked at", async () => {
    const env = { DD_HOST: sandbox.url, DD_API_KEY: "wrong", DD_APP_KEY: "wrong" };
    const { code, stdout, stderr } = await map(["--live"], { env });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^NOT looked at: \(default\)\. /);
  });
});

const isGraphics = (file: string) => /cli\/dist\/(svg|flow)\.js$/.test(file);

test("of a state it loads no HTTP client, and the help loads no graph library either", () => {
  const drawn = loadedBy(["map", "--state", file, "--format", "svg"]);
  expect(drawn.code).toBe(0);
  expect(drawn.files.filter(isGraphics)).not.toEqual([]);
  expect(drawn.files.filter(isHttp)).toEqual([]);
  const help = loadedBy(["map", "--help"]);
  expect(help.code).toBe(0);
  expect(help.files.filter((one) => isGraphics(one) || isHttp(one))).toEqual([]);
});

test("--help has examples and exit codes", async () => {
  const { code, stdout } = await map(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Examples:[^]*map --stack prod -o map\.html[^]*Exit codes: 0 drawn; 1 failed; 2 called wrongly; 7/,
  );
});
