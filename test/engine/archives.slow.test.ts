/** The archives of `npm run archives`, installed from a server on loopback, as users do. Those of other platforms are only read. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:http";
import { isBuiltin } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { usePage } from "../pages/page.js";
import { ROOT } from "../tree.js";
import { LanguageStack, languages } from "./languages/language-stack.js";
import { useEngine, type Stack } from "./stack.js";

const run = promisify(execFile);
const place = mkdtempSync(path.join(tmpdir(), "archives-"));
const archives = path.join(place, "archives");
const PLUGIN = "pulumi-resource-datadog-org-connections";
const CLI = "datadog-org-connections";
const engine = useEngine();

const server = createServer((request, response) => {
  const file = path.join(archives, path.basename(request.url ?? ""));
  // Pulumi needs the length of a download.
  const content = readdirSync(archives).includes(path.basename(file)) ? readFileSync(file) : undefined;
  response.writeHead(content ? 200 : 404, { "content-length": content?.length ?? 0 }).end(content);
});
const getUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  await run(process.execPath, [path.join(ROOT, "tools/archives.mjs"), "--out", archives]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 600_000);
afterAll(() => {
  server.close();
  rmSync(place, { recursive: true, force: true });
});

/** Unpacks an archive into a new folder. */
async function unpack(name: string): Promise<string> {
  const folder = mkdtempSync(path.join(place, "content-"));
  await extract({ file: path.join(archives, name), cwd: folder });
  return folder;
}

/** Reads the format and the architecture of an executable from its header. */
function readFormat(file: string): string {
  const header = Buffer.alloc(4096);
  const descriptor = openSync(file, "r");
  readSync(descriptor, header);
  closeSync(descriptor);
  if (header.toString("latin1", 0, 4) === "\x7fELF") return `ELF ${header.readUInt16LE(18).toString(16)}`;
  if (header.toString("latin1", 0, 2) === "MZ")
    return `PE ${header.readUInt16LE(header.readUInt32LE(0x3c) + 4).toString(16)}`;
  if (header.readUInt32LE() === 0xfeedfacf) return `Mach-O ${header.readUInt32LE(4).toString(16)}`;
  return header.toString("latin1", 0, 9);
}

const FORMATS = {
  "linux-amd64": "ELF 3e",
  "linux-arm64": "ELF b7",
  "darwin-amd64": "Mach-O 1000007",
  "darwin-arm64": "#!/bin/sh",
  "windows-amd64": "PE 8664",
  "windows-arm64": "PE aa64",
};

describe.each([PLUGIN, CLI])("the archives of %s", (program) => {
  it.each(Object.entries(FORMATS))(
    "have the executable for %s at the root, with the licenses and the right checksum",
    async (platform, format) => {
      const name = `${program}-v0.1.0-${platform}.tar.gz`;
      const folder = await unpack(name);
      const files = readdirSync(folder);
      const executable = platform.startsWith("windows") ? `${program}.exe` : program;
      const licenses = ["LICENSE", "THIRD_PARTY_LICENSES.txt"];
      if (platform === "darwin-arm64") {
        expect(files).toEqual(expect.arrayContaining([...licenses, executable, "dist", "package.json"]));
      } else {
        expect(files.toSorted()).toEqual([...licenses, "NODE_LICENSE", executable].toSorted());
      }
      expect(readFormat(path.join(folder, executable))).toBe(format);
      const sum = createHash("sha256")
        .update(readFileSync(path.join(archives, name)))
        .digest("hex");
      expect(readFileSync(path.join(archives, "SHA256SUMS"), "utf8")).toContain(`${sum}  ${name}\n`);
      rmSync(folder, { recursive: true });
    },
  );
});

it("another build has the same bytes", async () => {
  const second = path.join(place, "second");
  await run(process.execPath, [
    path.join(ROOT, "tools/archives.mjs"),
    "--out",
    second,
    "--only",
    "windows-arm64",
  ]);
  const sums = readFileSync(path.join(archives, "SHA256SUMS"), "utf8");
  const again = readFileSync(path.join(second, "SHA256SUMS"), "utf8").trim().split("\n");
  expect(again).toHaveLength(2);
  for (const line of again) expect(sums).toContain(line);
});

it.each([PLUGIN, CLI])(
  "%s contains all its dependencies, also the libraries of all clouds",
  async (program) => {
    const script = readFileSync(
      path.join(await unpack(`${program}-v0.1.0-darwin-arm64.tar.gz`), "dist/main.js"),
      "utf8",
    );
    const names = [...script.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    expect(names).toContain("node:fs");
    expect(names.filter((name) => !isBuiltin(name) && !name.startsWith("."))).toEqual([]);
    for (const cloud of ["@aws-sdk/credential-provider-node", "@azure/identity", "google-auth-library"])
      expect(script).toContain(`node_modules/${cloud}/`);
  },
);

/** A folder for PATH with the Pulumi CLI, the host of YAML programs and no Node. */
function createPathWithoutNode(): string {
  const folder = mkdtempSync(path.join(place, "path-"));
  const { PULUMI_TEST_BIN = "", PULUMI_TEST_HOSTS = "" } = process.env;
  symlinkSync(path.join(PULUMI_TEST_BIN, "pulumi"), path.join(folder, "pulumi"));
  symlinkSync(
    path.join(PULUMI_TEST_HOSTS, "pulumi-language-yaml"),
    path.join(folder, "pulumi-language-yaml"),
  );
  return folder;
}

const page = usePage("docs/guides/plugin.md", "Install the plugin");
const PROJECT = page.takeBlock("Install the plugin", "yaml");
const [ADD = "", INSTALL = ""] = page.takeBlocks("Install the plugin", "sh");

/** Runs a command of the page. Its server, and as a mirror all others of this name, is the one of this file. */
function runOnPage(stack: Stack, command: string, ...flags: string[]) {
  stack.env["PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES"] = `^https://plugins\\.example\\.com=${getUrl()}`;
  const [, ...args] = command.trim().split(" ");
  return stack.runPulumi([...args, ...flags]);
}

it("without Node on PATH, one command adds the plugin to a YAML program, which previews, ups, refreshes and destroys", async () => {
  const stack = engine.createStack(PROJECT, { isYaml: true, project: "connections" });
  stack.env = { ...stack.env, PATH: createPathWithoutNode() };
  const added = await runOnPage(stack, ADD);
  expect(added.code, added.output).toBe(0);
  expect(stack.readFile("Pulumi.yaml")).toContain("pluginDownloadURL: https://plugins.example.com\n");
  expect(stack.readFile("Pulumi.yaml")).not.toContain("path:");
  const properties = `{ sinkOrgId: ${engine.getOrgId("observability")}, connectionTypes: [logs] }`;
  stack.writeFile(
    "Main.yaml",
    `resources: { hub: { type: "${CLI}:OrgConnection", properties: ${properties} } }\n`,
  );

  expect((await stack.preview()).steps).toContain("create hub");
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  expect((await stack.refresh("--expect-no-changes")).code).toBe(0);
  expect((await stack.destroy()).code).toBe(0);
  expect(engine.listLive()).toEqual([]);
});

it("a wrong checksum installs nothing", async () => {
  const stack = engine.createStack(PROJECT, { isYaml: true, project: "connections" });
  const list = async () => (await stack.runPulumi(["plugin", "ls", "--json"])).stdout;

  const refused = await runOnPage(stack, INSTALL, "--checksum", "0".repeat(64));
  expect(refused.output).toContain("invalid checksum");
  expect(JSON.parse(await list())).toEqual([]);
  const sums = readFileSync(path.join(archives, "SHA256SUMS"), "utf8").split("\n");
  const [sum = ""] =
    sums.find((line) => line.endsWith(`${PLUGIN}-v0.1.0-linux-amd64.tar.gz`))?.split(" ") ?? [];
  expect((await runOnPage(stack, INSTALL, "--checksum", sum)).code).toBe(0);
  expect(await list()).toContain(CLI);
});

it.each(["python", "go"] as const)(
  "a program in %s with the installed plugin passes the scenario",
  async (name) => {
    const stack = new LanguageStack(engine.sandbox, languages[name]);
    onTestFinished(() => {
      stack.dispose();
    });
    const { code, output } = await runOnPage(stack, INSTALL);
    expect(code, output).toBe(0);
    await expect(stack.runScenario(undefined)).resolves.toBeUndefined();
  },
);

describe("the executable of the command line, without Node on PATH", () => {
  /** Runs it in an empty folder. */
  const runExecutable = async (args: string[], env: Record<string, string> = {}) => {
    const folder = await unpack(`${CLI}-v0.1.0-linux-amd64.tar.gz`);
    return (await run(path.join(folder, CLI), args, { cwd: folder, env: { PATH: folder, ...env } })).stdout;
  };

  it("writes the page of the map, which contains Panzoom, whose license is in the archive", async () => {
    const { apiKey, appKey } = engine.sandbox.getOrganization("payments");
    const env = { DD_HOST: engine.sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
    expect(await runExecutable(["map", "--live"], env)).toMatch(/^<!doctype html>[^]*Panzoom/);
    const folder = await unpack(`${CLI}-v0.1.0-linux-amd64.tar.gz`);
    const licenses = readFileSync(path.join(folder, "THIRD_PARTY_LICENSES.txt"), "utf8");
    expect(licenses).toMatch(/^@panzoom\/panzoom [\d.]+ \(MIT\)$/m);
  });

  it("proves a workload identity with the library of AWS, which is compiled in", async () => {
    const role = { accessKeyId: "ASIAEXAMPLEEXAMPLE12", secretAccessKey: "secret", sessionToken: "token" };
    const arn = "arn:aws:sts::123456789012:assumed-role/connections/run-1";
    engine.sandbox.mapIdentity({ organization: "payments", identity: { type: "aws", ...role, arn } });
    const env = {
      DD_HOST: engine.sandbox.url,
      DD_CLOUD_PROVIDER_TYPE: "aws",
      DD_ORG_UUID: engine.getOrgId("payments"),
      AWS_ACCESS_KEY_ID: role.accessKeyId,
      AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
      AWS_SESSION_TOKEN: role.sessionToken,
    };
    expect(await runExecutable(["inventory", "--format", "json"], env)).toContain('"complete": true');
  });
});
