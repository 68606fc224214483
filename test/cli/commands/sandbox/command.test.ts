import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test, vi } from "vitest";
import { getOrganization } from "../../../../provider/src/index.js";
import { sentinels } from "../../../../sandbox/src/index.js";
import { runCommand } from "../../run-command.js";

/** Runs the sandbox until `meanwhile` is finished. */
async function runSandbox(args: string[], meanwhile: (stdout: string) => Promise<void>) {
  const stop = new AbortController();
  let failure: unknown;
  const result = await runCommand(args, {
    signal: stop.signal,
    onStdout: (stdout) => {
      meanwhile(stdout)
        .catch((error: unknown) => (failure = error))
        .finally(() => stop.abort());
    },
  });
  if (failure) throw failure as Error;
  return result;
}

async function readControl(url: string, name: string): Promise<Record<string, unknown>[]> {
  const body = (await (await fetch(`${url}/_sandbox/${name}`)).json()) as Record<
    string,
    Record<string, unknown>[]
  >;
  return body[name] ?? [];
}

test.each([
  [[], "Usage: datadog-org-connections"],
  [["nonsense"], "unknown command 'nonsense'"],
  [["toString"], "unknown command 'toString'"],
  [["sandbox", "--prot", "1"], "--prot"],
  [["sandbox", "--port", "x"], "It must be a port, from 0 to 65535."],
  [["sandbox", "--rate-limit", "10"], "N/SECONDS"],
  [["sandbox", "--token-lifetime", "15m"], "It must be a count of seconds"],
  [["sandbox", "extra"], "too many arguments"],
])("%j is invalid usage: exit code 2, and the reason on standard error", async (args, message) => {
  const { code, stdout, stderr } = await runCommand(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("sandbox prints the organizations and the variables to export, and stops on the signal", async () => {
  let url = "";
  const { code, stdout, stderr } = await runSandbox(["sandbox", "--port", "0"], async (text) => {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
    expect(await readControl(url, "organizations")).toHaveLength(10);
  });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`export DD_HOST=${url}\n  export DD_API_KEY=sandbox-api-key-payments\n`);
  expect(stdout).toContain("DD_BEARER_TOKEN=sandbox-bearer-token-payments\n");
  expect(stdout).toMatch(/^Acme Retired +retired +aaaaaaaa-0006-4000-8000-000000000006 +.* disabled$/m);
  expect(stdout).toMatch(/^Acme Read Only +readonly .* read only$/m);
  await expect(fetch(url)).rejects.toThrow();
});

test("the start message has the name for programs and the key for calls, and both work as printed", async () => {
  await runSandbox(["sandbox", "--port", "0"], async (text) => {
    const variables = Object.fromEntries(
      [...text.matchAll(/^ {2}export (\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    const [, name = ""] = /getOrganization\(\{ name: "(.*)" \}\)/.exec(text) ?? [];
    for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
    try {
      expect((await getOrganization({ name })).id).toBe("aaaaaaaa-0001-4000-8000-000000000001");
    } finally {
      vi.unstubAllEnvs();
    }
    const [curl = ""] = /^ {2}curl .* -d .*$/m.exec(text) ?? [];
    await promisify(execFile)("sh", ["-c", `${curl} --silent --fail --max-time 20`]);
    expect(await readControl(variables["DD_HOST"] ?? "", "connections")).toMatchObject([
      {
        sourceOrgId: "aaaaaaaa-0003-4000-8000-000000000003",
        sinkOrgId: "aaaaaaaa-0001-4000-8000-000000000001",
      },
    ]);
  });
});

describe("sandbox --seed", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "seed-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  function writeSeed(seed: unknown): string {
    const file = path.join(folder, "seed.json");
    writeFileSync(file, typeof seed === "string" ? seed : JSON.stringify(seed));
    return file;
  }
  const hub = { key: "hub", id: "cccccccc-0001-4000-8000-000000000001", name: "Initech Hub" };
  const shop = {
    key: "it's",
    id: "cccccccc-0002-4000-8000-000000000002",
    name: "Initech Shop",
    maxDestinations: 5,
  };
  const seed = {
    accounts: [{ name: "Initech", organizations: [hub, shop] }],
    connections: [{ source: "it's", sink: "hub", connectionTypes: ["audit"] }],
  };

  test("starts with the organizations and connections of the file, and with the sentinels", async () => {
    const args = ["sandbox", "--port", "0", "--seed", writeSeed(seed), "--sentinels"];
    const { code, stdout } = await runSandbox(args, async (text) => {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
      expect(await readControl(url, "organizations")).toHaveLength(2 + Object.keys(sentinels).length);
      expect(await readControl(url, "connections")).toMatchObject([
        { sourceOrgId: shop.id, sinkOrgId: hub.id, connectionTypes: ["audit"] },
      ]);
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Initech Hub +hub +cccccccc-0001/m);
    expect(stdout).toMatch(/^Initech Shop .* at most 5 destinations$/m);
    expect(stdout).toContain(`-d '{"source":"hub","sink":"it'\\''s"}'`);
  });

  test.each([
    [{ account: [] }, 'seed.json is not a seed: seed has an unknown field "account".'],
    [
      { accounts: [{ name: "Initech", organizations: [{ ...hub, naem: "x" }] }] },
      'seed.accounts.0.organizations.0 has an unknown field "naem"',
    ],
    ["{", "seed.json is not JSON"],
    [
      { ...seed, connections: [{ source: "it's", sink: "missing" }] },
      'The sandbox did not start: no organization "missing" in the sandbox; known organizations: hub, it\'s\n',
    ],
    [
      { accounts: [{ name: "Initech", organizations: [{ ...hub, id: "HUB" }] }] },
      "the id of hub is not a lower-case UUID",
    ],
  ])("an invalid file is an error that names the cause: %j", async (content, message) => {
    const { code, stdout, stderr } = await runCommand([
      "sandbox",
      "--port",
      "0",
      "--seed",
      writeSeed(content),
    ]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });
});

test("sandbox --format json prints one line and takes all options", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "sandbox-"));
  const args = ["sandbox", "--port", "0", "--format", "json", "--sentinels", "--rate-limit", "5/60"];
  args.push("--token-lifetime", "60");
  args.push("--state", path.join(folder, "state.json"));
  interface Line {
    url: string;
    organizations: { id: string; apiKey: string; appKey: string }[];
  }
  const first = await runSandbox(args, async (text) => {
    const { url, organizations } = JSON.parse(text) as Line;
    expect(organizations.map(({ id }) => id)).toContain(sentinels.conflict);
    const [org] = organizations;
    const headers = { "DD-API-KEY": org?.apiKey ?? "", "DD-APPLICATION-KEY": org?.appKey ?? "" };
    const response = await fetch(`${url}/api/v2/org`, { headers });
    expect(response.headers.get("X-RateLimit-Limit")).toBe("5");
    await fetch(`${url}/_sandbox/connect`, { method: "POST", body: '{"source":"payments","sink":"search"}' });
  });
  expect(first.stdout.trim().split("\n")).toHaveLength(1);
  await runSandbox(args, async (text) => {
    expect(await readControl((JSON.parse(text) as Line).url, "connections")).toHaveLength(1);
  });
  rmSync(folder, { recursive: true });
});

test("sandbox on a port in use: exit code 1, the port, and how to select a free one", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const { code, stderr } = await runCommand(["sandbox", "--port", String(port)]);
  other.close();
  expect(code).toBe(1);
  expect(stderr).toBe(
    `The sandbox did not start: port ${port} of 127.0.0.1 is in use, perhaps by another sandbox. ` +
      "Stop the program that uses the port, or pass another port: --port 0 selects a free one.\n",
  );
});
