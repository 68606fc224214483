import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { declaredBy } from "./found.js";
import { useSandbox } from "../../../sandbox/harness.js";
import { envOf } from "../../live-env.js";
import { runCommand } from "../../run-command.js";

const sandbox = useSandbox();
const folder = mkdtempSync(path.join(tmpdir(), "discover-"));
const file = path.join(folder, "index.ts");
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
});

const idOf = (key: string) => sandbox().organization(key).id;
const env = (...keys: string[]) => envOf(sandbox(), keys);
/** The keys of an organization as the default ones. */
const byDefault = (key: string) => {
  const { apiKey, appKey } = sandbox().organization(key);
  return { DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
};
const discover = (variables: Record<string, string>, ...args: string[]) =>
  runCommand(["discover", ...args], { env: variables, cwd: folder });
const share = (source: string, sink: string, ...connectionTypes: string[]) =>
  sandbox().connect({ source, sink, connectionTypes });

/** `payments-to-observability: payments > Acme Observability: logs`. */
function lines(program: string): string[] {
  const nameOf = (id: unknown) => sandbox().organizations.find((one) => one.id === id)?.key ?? String(id);
  return declaredBy(program).map(({ name, args }) => {
    const { source = "(default)", sinkOrgId, connectionTypes } = args;
    return `${name}: ${String(source)} > ${nameOf(sinkOrgId)}: ${String(connectionTypes)}`;
  });
}

describe("the program", () => {
  test("declares what the configured organizations share, and goes to standard output; nothing is written", async () => {
    share("payments", "observability", "logs", "metrics");
    share("payments", "checkout", "audit");
    share("search", "observability", "logs");
    const { code, stdout, stderr } = await discover(env("payments", "search"));
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      "payments-to-acme-checkout: payments > checkout: audit",
      "payments-to-acme-observability: payments > observability: logs,metrics",
      "search-to-acme-observability: search > observability: logs",
    ]);
    expect(stderr).toMatch(
      /^The program declares 3 connections of 2 organizations\. Next, [^]*pulumi preview/,
    );
    expect(new Set(sandbox().requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(stdout + stderr).not.toContain("sandbox-");
  });

  test("--form set: one set for each organization", async () => {
    share("payments", "observability", "logs");
    share("payments", "security", "audit");
    const { stdout } = await discover(env("payments"), "--form", "set");
    expect(declaredBy(stdout)).toEqual([
      {
        kind: "set",
        name: "payments",
        args: {
          source: "payments",
          adopt: true,
          connections: { [idOf("observability")]: ["logs"], [idOf("security")]: ["audit"] },
        },
        options: { protect: true },
      },
    ]);
  });

  test("of the default keys has no source", async () => {
    share("payments", "observability", "logs");
    const { stdout } = await discover(byDefault("payments"));
    expect(lines(stdout)).toEqual(["acme-payments-to-acme-observability: (default) > observability: logs"]);
  });

  test("--source narrows it, and names the organization as the user does", async () => {
    share("globex-shop", "globex-observability", "logs");
    share("payments", "observability", "logs");
    const { stdout } = await discover(env("payments", "globex-shop"), "--source", "Globex_shop");
    expect(lines(stdout)).toEqual([
      "globex-shop-to-globex-observability: Globex_shop > globex-observability: logs",
    ]);
    expect((await discover(env("globex-shop"))).stdout).toContain('source: "globex-shop"');
    const both = { ...env("globex-shop"), ...byDefault("globex-shop") };
    expect((await discover(both, "--source", "globex-shop")).stdout).toContain('source: "globex-shop"');
  });

  test("what the destination sees is told, with what to do", async () => {
    share("payments", "observability", "logs");
    share("observability", "security", "audit");
    const { code, stdout, stderr } = await discover(env("observability"));
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual(["observability-to-acme-security: observability > security: audit"]);
    for (const text of [stderr, stdout.replaceAll("\n//", "")]) {
      expect(text).toMatch(
        /Not covered: 1 connection [^]*configure those keys[^]*"Acme Payments" \(aaaaaaaa-0003-/,
      );
    }
  });
});

describe("a hole", () => {
  test("an organization that cannot be read: the rest is written, the hole named in both, exit 7", async () => {
    share("payments", "observability", "logs");
    share("checkout", "observability", "logs");
    const keys = { ...env("payments", "checkout"), DD_APP_KEY__CHECKOUT: "sandbox-app-key-of-nobody" };
    const { code, stdout, stderr } = await discover(keys, "-o", "index.ts");
    expect([code, stdout]).toEqual([7, ""]);
    const program = readFileSync(file, "utf8");
    expect(lines(program)).toEqual(["payments-to-acme-observability: payments > observability: logs"]);
    for (const text of [stderr, program]) {
      expect(text).toMatch(/NOT READ: CHECKOUT: what it shares is not in here\. Datadog /);
      expect(text).not.toContain("sandbox-app-key");
    }
  });

  test("keys of which nobody can tell whose they are, exit 7", async () => {
    share("payments", "observability", "logs");
    sandbox().setPermissions("payments", ["org_connections_read"]);
    const { code, stdout, stderr } = await discover(env("payments"));
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toMatch(
      /^NOT READ: PAYMENTS: what it shares[^]*nothing proves which organization[^]*nothing was written\.\n$/,
    );
  });

  test("no organization could be read: failed", async () => {
    const { code, stdout, stderr } = await discover({ ...env("payments"), DD_API_KEY__PAYMENTS: "wrong" });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^NOT READ: PAYMENTS: /);
  });
});

test("nothing live: a message, no file, exit 0", async () => {
  const { code, stdout, stderr } = await discover(env("payments"), "-o", "index.ts");
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toBe("Nothing is live that a program could take over: nothing was written.\n");
  expect(existsSync(file)).toBe(false);
});

describe("the file", () => {
  const ours = "// my own\n";

  test("that exists is left as it is, before anything is asked", async () => {
    share("payments", "observability", "logs");
    writeFileSync(file, ours);
    const { code, stderr } = await discover(env("payments"), "-o", "index.ts");
    expect([code, stderr]).toEqual([
      1,
      "index.ts exists, and was left as it is. Name another file, or write over it with --force.\n",
    ]);
    expect(readFileSync(file, "utf8")).toBe(ours);
    expect(sandbox().requests).toEqual([]);
  });

  test("--force writes over it, through a link too, and leaves nothing beside it", async () => {
    share("payments", "observability", "logs");
    writeFileSync(file, ours);
    symlinkSync(file, path.join(folder, "link.ts"));
    expect((await discover(env("payments"), "-o", "link.ts", "--force")).code).toBe(0);
    expect(lines(readFileSync(file, "utf8"))).toHaveLength(1);
    expect(readdirSync(folder).toSorted()).toEqual(["index.ts", "link.ts"]);
    expect((await discover(env("payments"), "-o", "new.ts", "--force")).code).toBe(0);
    expect(lines(readFileSync(path.join(folder, "new.ts"), "utf8"))).toHaveLength(1);
  });

  test("is kept by --force when there is nothing to write", async () => {
    writeFileSync(file, ours);
    expect((await discover(env("payments"), "-o", "index.ts", "--force")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(ours);
  });

  test.each([[[]], [["--force"]]])("that cannot be written is a failure with its cause %j", async (more) => {
    share("payments", "observability", "logs");
    const { code, stderr } = await discover(env("payments"), "-o", "missing/index.ts", ...more);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^missing\/index\.ts was not written: its folder does not exist \(ENOENT\)\. /);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("called wrongly, or without keys", () => {
  test.each([
    [["--force"], 2, "--force goes with -o FILE."],
    [["--form", "list"], 2, "--form"],
    [
      ["--source", "nobody"],
      1,
      'No keys are configured for organization "nobody". There are keys for: PAYMENTS.',
    ],
  ])("%j", async (args, exit, message) => {
    const { code, stdout, stderr } = await discover(env("payments"), ...args);
    expect([code, stdout]).toEqual([exit, ""]);
    expect(stderr).toContain(message);
  });

  test("no organization at all", async () => {
    const { code, stderr } = await discover({});
    expect(code).toBe(1);
    expect(stderr).toContain("DD_API_KEY__NAME");
  });
});

test("--help has examples and exit codes", async () => {
  const { code, stdout } = await discover({}, "--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Examples:[^]*discover -o index\.ts[^]*Exit codes: 0 [^]*; 1 failed; 2 [^]*; 7 written/,
  );
});
