import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, afterAll, describe, expect, it } from "vitest";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { startSandbox, type Sandbox } from "../../../sandbox/src/index.js";
import { runCommand } from "../run-command.js";
import { Stack } from "../../engine/stack.js";

/** Previews of the real engine: of a program that keeps the rules, of one that breaks each, and of one with too little told. */
const previews: Record<"kept" | "broken" | "set" | "untold", string> = {
  kept: "",
  broken: "",
  set: "",
  untold: "",
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
  const world = (sandbox = await startSandbox());
  const id = (key: string) => world.organization(key).id;
  const share = (sink: string, types: string, args = "", options = "") =>
    `new OrgConnection("${sink}", { source: "payments", sinkOrgId: "${id(sink)}", connectionTypes: [${types}], ${args} }, { ${options} });`;
  stack = new Stack(world, "", { config: CONFIG });
  const { apiKey, appKey } = world.organization("payments");
  Object.assign(stack.env, {
    DD_API_KEY__PAYMENTS: apiKey,
    DD_APP_KEY__PAYMENTS: appKey,
    DD_HOST__PAYMENTS: world.url,
  });
  const preview = async (program: string) => {
    stack?.program(program);
    return (await stack?.previewJson()) ?? "";
  };
  const KEPT = `${share("observability", '"logs"', "", "protect: true")}${share("security", '"audit"', 'reason: "SEC-1"', "protect: true")}`;
  previews.kept = await preview(KEPT);
  previews.broken = await preview(
    `${share("observability", '"logs", "metrics"')}${share("security", '"audit"', 'reason: "because"')}${share("search", '"logs"')}`,
  );
  previews.set = await preview(
    `new OrgConnectionSet("all", { source: "payments", reason: "SEC-2", connections: { "${id("observability")}": ["logs"], "${id("security")}": ["audit"] } }, { protect: true });`,
  );
  // Without their configured ids, the default keys' organization and the destination are UUIDs or nothing.
  previews.untold = await preview(
    `new OrgConnection("x", { sinkOrgId: "${id("checkout")}", connectionTypes: ["audit"] });`,
  );
});
afterAll(async () => {
  stack?.dispose();
  await sandbox?.close();
});

async function review(preview: keyof typeof previews, policy: Policy, ...args: string[]) {
  const folder = stack?.folder ?? "";
  writeFileSync(path.join(folder, "policy.json"), JSON.stringify(policy));
  // The names at Datadog are looked up, except where the test is about names that are not known.
  const lookUp = preview === "untold" ? [] : ["--lookup"];
  const ran = await runCommand(["review", "--policy", "policy.json", ...lookUp, ...args], {
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

describe("each rule, by previews of the real engine", () => {
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
      "sinks",
      { sinks: [{ source: "payments", most: 2 }] },
      ["⛔ `sinks`: **Acme Payments** would share with 3 destinations; 2 are allowed."],
    ],
    [
      "protect",
      { protect: [{ source: "payments", sink: "Acme Observability" }] },
      [
        "⛔ `protect`: **Acme Payments → Acme Observability**: the resource needs the option `protect: true`.",
      ],
    ],
  ])("%s: one keeps it, one violates it", async (rule, policy, sentences) => {
    const kept = await review("kept", policy);
    expect([kept.code, kept.stdout.includes("All rules hold.")]).toEqual([3, true]);
    const broken = await review("broken", policy);
    expect(broken.code).toBe(5);
    const told = broken.stdout.split("\n").filter((line) => line.startsWith(`- ⛔ \`${rule}\``));
    expect(told.map((line) => line.slice(2))).toEqual(sentences);
    const marked = broken.stdout.split("\n").filter((line) => line.endsWith(`**Violates \`${rule}\`.**`));
    expect(marked).toHaveLength(sentences.length);
    const json = JSON.parse((await review("broken", policy, "--json")).stdout) as {
      outcome: string;
      violations: { rule: string; level: string; change: number }[];
    };
    expect(json.outcome).toBe("violation");
    expect(json.violations.map((one) => [one.rule, one.level])).toEqual(sentences.map(() => [rule, "error"]));
  });

  it("an empty allow-list allows nothing, and a rule without names means all", async () => {
    expect((await review("kept", { allow: [] })).code).toBe(5);
    expect((await review("kept", { allow: [{}] })).code).toBe(3);
    expect((await review("broken", { protect: [{}] })).stdout.match(/⛔ `protect`/g)).toHaveLength(3);
  });

  it("a destination is meant by its UUID and its name at Datadog, and not by a name in the configuration", async () => {
    for (const sink of ["aaaaaaaa-0001-4000-8000-000000000001", "acme observability", "Acme Obs*"]) {
      const refused = await review("kept", { allow: [{ sink }] });
      expect(refused.code, sink).toBe(5);
      expect(refused.stdout.match(/^- ⛔ `allow`.*$/gm), sink).toEqual([
        "- ⛔ `allow`: **Acme Payments → Acme Security**: `audit` is outside the allow-list.",
      ]);
      const both = [{ sink }, { sink: "Acme Security" }];
      expect((await review("kept", { allow: both })).code, sink).toBe(3);
    }
    const refused = await review("kept", { allow: [{ sink: "hub" }, { sink: "Acme Security" }] });
    expect(refused.code).toBe(5);
    expect(refused.stdout).toContain("`logs` is outside the allow-list: too little is known");
  });

  it("a reason without a pattern is any reason, and other types than audit may need one", async () => {
    expect((await review("broken", { reason: [{}] })).code).toBe(3);
    const bare = await review("kept", { reason: [{ types: ["logs"] }] });
    expect(bare.code).toBe(5);
    expect(bare.stdout).toContain(
      "- ⛔ `reason`: **Acme Payments → Acme Observability**: sharing `logs` needs a `reason`.",
    );
  });

  it("a member of a set keeps and violates each rule as a resource of its own does", async () => {
    const all: Policy = {
      allow,
      reason: [{ pattern: "^SEC-" }],
      sinks: [{ most: 2 }],
      protect: [{ source: "payments" }],
    };
    expect((await review("set", all)).code).toBe(3);
    const told = async (policy: Policy) =>
      (await review("set", policy)).stdout.match(/^- ⛔ `(?:allow|reason|sinks|protect)`.*$/gm);
    expect(await told({ allow: [{ sink: "Acme Observability" }] })).toEqual([
      "- ⛔ `allow`: **Acme Payments → Acme Security**: `audit` is outside the allow-list.",
    ]);
    expect(await told({ reason: [{ pattern: "^OPS-" }] })).toHaveLength(1);
    expect(await told({ sinks: [{ most: 1 }] })).toHaveLength(1);
  });

  it("a rule of warnOnly is told, and does not set the exit code", async () => {
    const warned = await review("broken", { allow, warnOnly: ["allow"] });
    expect(warned.code).toBe(3);
    expect(warned.stdout).toContain(
      "- `allow`: **Acme Payments → Acme Observability**: `metrics` is outside the allow-list.",
    );
    expect(warned.stdout).not.toContain("Violates");
  });

  it("where too little is told of an organization, no rule lets it pass, and says why", async () => {
    for (const policy of [
      { allow: [{ source: "Acme Payments" }] },
      { reason: [{ sink: "Acme Checkout" }] },
      { sinks: [{ source: "Acme Payments", most: 0 }] },
      { protect: [{ source: "Acme Payments" }] },
    ]) {
      const untold = await review("untold", policy);
      expect(
        [untold.code, untold.stdout.includes("too little is known of the organizations to tell")],
        JSON.stringify(policy),
      ).toEqual([5, true]);
    }
    expect(
      (await review("untold", { protect: [{ sink: "aaaaaaaa-0001-4000-8000-000000000001" }] })).code,
    ).toBe(3);
  });
});
