import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, afterAll, describe, expect, it } from "vitest";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { startSandbox, type Sandbox } from "../../../sandbox/src/index.js";
import { runCommand } from "../run-command.js";
import { Stack } from "../../engine/stack.js";

/** Previews of the real engine: of a program that satisfies the rules, one that violates each, and one with unknown names. */
const previews: Record<"valid" | "violating" | "set" | "unknown", string> = {
  valid: "",
  violating: "",
  set: "",
  unknown: "",
};
let stack: Stack | undefined;
let sandbox: Sandbox | undefined;

const CONFIG = `config:
  datadog-org-connections:organizations:
    payments: { id: aaaaaaaa-0003-4000-8000-000000000003 }
    hub: { id: aaaaaaaa-0001-4000-8000-000000000001 }
    security: { id: aaaaaaaa-0002-4000-8000-000000000002 }
    search: { id: aaaaaaaa-0005-4000-8000-000000000005 }
`;

beforeAll(async () => {
  const running = (sandbox = await startSandbox());
  const getId = (key: string) => running.getOrganization(key).id;
  const declareConnection = (sink: string, types: string, args = "", options = "") =>
    `new OrgConnection("${sink}", { source: "payments", sinkOrgId: "${getId(sink)}", connectionTypes: [${types}], ${args} }, { ${options} });`;
  stack = new Stack(running, "", { config: CONFIG });
  const { apiKey, appKey } = running.getOrganization("payments");
  Object.assign(stack.env, {
    DD_API_KEY__PAYMENTS: apiKey,
    DD_APP_KEY__PAYMENTS: appKey,
    DD_HOST__PAYMENTS: running.url,
  });
  const preview = async (program: string) => {
    stack?.writeProgram(program);
    return (await stack?.previewAsJson()) ?? "";
  };
  const VALID = `${declareConnection("observability", '"logs"', "", "protect: true")}${declareConnection("security", '"audit"', 'reason: "SEC-1"', "protect: true")}`;
  previews.valid = await preview(VALID);
  previews.violating = await preview(
    `${declareConnection("observability", '"logs", "metrics"')}${declareConnection("security", '"audit"', 'reason: "because"')}${declareConnection("search", '"logs"')}`,
  );
  previews.set = await preview(
    `new OrgConnectionSet("all", { source: "payments", reason: "SEC-2", connections: { "${getId("observability")}": ["logs"], "${getId("security")}": ["audit"] } }, { protect: true });`,
  );
  // Without configured ids, only the UUID of the destination is known.
  previews.unknown = await preview(
    `new OrgConnection("x", { sinkOrgId: "${getId("checkout")}", connectionTypes: ["audit"] });`,
  );
});
afterAll(async () => {
  stack?.dispose();
  await sandbox?.close();
});

async function review(preview: keyof typeof previews, policy: Policy, ...args: string[]) {
  const folder = stack?.folder ?? "";
  writeFileSync(path.join(folder, "policy.json"), JSON.stringify(policy));
  // Reads the names in Datadog, except in the test about unknown names.
  const lookup = preview === "unknown" ? [] : ["--lookup"];
  const ran = await runCommand(["review", "--policy", "policy.json", ...lookup, ...args], {
    stdin: previews[preview],
    cwd: folder,
    env: stack?.env ?? {},
  });
  expect(ran.stderr).toBe("");
  return ran;
}

const allow: Policy["allow"] = [
  { source: "payments", sink: "Acme Observability", types: ["logs"] },
  { source: "pay*", sink: ["AAAAAAAA-0002-4000-8000-000000000002"] },
];

describe("each rule, with previews of the real engine", () => {
  it.each<[string, Policy, string[]]>([
    [
      "allow",
      { allow },
      [
        "⛔ `allow`: **Acme Payments → Acme Observability**: `metrics` is outside the allow-list.",
        "⛔ `allow`: **Acme Payments → Acme Search**: `logs` is outside the allow-list.",
      ],
    ],
    [
      "reason",
      { reason: [{ pattern: "^SEC-[0-9]+$" }] },
      [
        "⛔ `reason`: **Acme Payments → Acme Security**: sharing `audit` needs a `reason` that matches `^SEC-[0-9]+$`, not “because”.",
      ],
    ],
    [
      "maxDestinations",
      { maxDestinations: [{ source: "payments", max: 2 }] },
      ["⛔ `maxDestinations`: **Acme Payments** would share with 3 destinations; 2 are allowed."],
    ],
    [
      "protect",
      { protect: [{ source: "payments", sink: "Acme Observability" }] },
      [
        "⛔ `protect`: **Acme Payments → Acme Observability**: the resource needs the option `protect: true`.",
      ],
    ],
  ])("%s: one program satisfies it, one violates it", async (rule, policy, sentences) => {
    const valid = await review("valid", policy);
    expect([valid.code, valid.stdout.includes("No violations.")]).toEqual([3, true]);
    const violating = await review("violating", policy);
    expect(violating.code).toBe(5);
    const lines = violating.stdout.split("\n").filter((line) => line.startsWith(`- ⛔ \`${rule}\``));
    expect(lines.map((line) => line.slice(2))).toEqual(sentences);
    const marked = violating.stdout.split("\n").filter((line) => line.endsWith(`**Violates \`${rule}\`.**`));
    expect(marked).toHaveLength(sentences.length);
    const json = JSON.parse((await review("violating", policy, "--format", "json")).stdout) as {
      outcome: string;
      violations: { rule: string; level: string; change: number }[];
    };
    expect(json.outcome).toBe("violation");
    expect(json.violations.map((one) => [one.rule, one.level])).toEqual(sentences.map(() => [rule, "error"]));
  });

  it("an empty allow-list allows nothing, and a rule without names applies to all", async () => {
    expect((await review("valid", { allow: [] })).code).toBe(5);
    expect((await review("valid", { allow: [{}] })).code).toBe(3);
    expect((await review("violating", { protect: [{}] })).stdout.match(/⛔ `protect`/g)).toHaveLength(3);
  });

  it("a destination matches its UUID and its name in Datadog, and not a name in the configuration", async () => {
    for (const sink of ["aaaaaaaa-0001-4000-8000-000000000001", "acme observability", "Acme Obs*"]) {
      const refused = await review("valid", { allow: [{ sink }] });
      expect(refused.code, sink).toBe(5);
      expect(refused.stdout.match(/^- ⛔ `allow`.*$/gm), sink).toEqual([
        "- ⛔ `allow`: **Acme Payments → Acme Security**: `audit` is outside the allow-list.",
      ]);
      const both = [{ sink }, { sink: "Acme Security" }];
      expect((await review("valid", { allow: both })).code, sink).toBe(3);
    }
    const refused = await review("valid", { allow: [{ sink: "hub" }, { sink: "Acme Security" }] });
    expect(refused.code).toBe(5);
    expect(refused.stdout).toContain("`logs` may be outside the allow-list: too little is known");
  });

  it("a rule without a pattern accepts any reason, and other types than audit may need one", async () => {
    expect((await review("violating", { reason: [{}] })).code).toBe(3);
    const bare = await review("valid", { reason: [{ types: ["logs"] }] });
    expect(bare.code).toBe(5);
    expect(bare.stdout).toContain(
      "- ⛔ `reason`: **Acme Payments → Acme Observability**: sharing `logs` needs a `reason`.",
    );
  });

  it("a member of a set satisfies and violates each rule like a single connection", async () => {
    const all: Policy = {
      allow,
      reason: [{ pattern: "^SEC-" }],
      maxDestinations: [{ max: 2 }],
      protect: [{ source: "payments" }],
    };
    expect((await review("set", all)).code).toBe(3);
    const listLines = async (policy: Policy) =>
      (await review("set", policy)).stdout.match(/^- ⛔ `(?:allow|reason|maxDestinations|protect)`.*$/gm);
    expect(await listLines({ allow: [{ sink: "Acme Observability" }] })).toEqual([
      "- ⛔ `allow`: **Acme Payments → Acme Security**: `audit` is outside the allow-list.",
    ]);
    expect(await listLines({ reason: [{ pattern: "^OPS-" }] })).toHaveLength(1);
    expect(await listLines({ maxDestinations: [{ max: 1 }] })).toHaveLength(1);
  });

  it("a rule of warnOnly is reported, and does not set the exit code", async () => {
    const warned = await review("violating", { allow, warnOnly: ["allow"] });
    expect(warned.code).toBe(3);
    expect(warned.stdout).toContain(
      "- `allow`: **Acme Payments → Acme Observability**: `metrics` is outside the allow-list.",
    );
    expect(warned.stdout).not.toContain("Violates");
  });

  it("if too little is known about an organization, each rule is violated, with the reason", async () => {
    for (const policy of [
      { allow: [{ source: "Acme Payments" }] },
      { reason: [{ sink: "Acme Checkout" }] },
      { maxDestinations: [{ source: "Acme Payments", max: 0 }] },
      { protect: [{ source: "Acme Payments" }] },
    ]) {
      const unknown = await review("unknown", policy);
      expect(
        [unknown.code, unknown.stdout.includes("too little is known about the organizations")],
        JSON.stringify(policy),
      ).toEqual([5, true]);
    }
    expect(
      (await review("unknown", { protect: [{ sink: "aaaaaaaa-0001-4000-8000-000000000001" }] })).code,
    ).toBe(3);
  });
});
