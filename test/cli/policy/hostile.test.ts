import { describe, expect, it } from "vitest";
import type { Policy } from "../../../cli/src/policy/policy.js";
import { getId, createSingle } from "../changes/steps.js";
import { useFolder } from "../folder.js";
import { runCommand } from "../run-command.js";

// The author of a pull request controls the program, the stack's configuration and the reasons in the preview.

const folder = useFolder();

const ALLOWED = "aaaaaaaa-0001-4000-8000-000000000001";
const EVIL = "bbbbbbbb-0001-4000-8000-000000000001";

type OrganizationIds = Record<string, { id: string }>;
interface ReviewCase {
  policy: Policy;
  organizations?: OrganizationIds;
  inputs?: Record<string, unknown>;
  /** The name of {@link EVIL} in Datadog. */
  name?: string;
  args?: string[];
}

/** Reviews the creation of a connection from "payments" to {@link EVIL}. */
async function review({ policy, organizations = {}, inputs = {}, name, args = [] }: ReviewCase) {
  folder.write("policy.json", policy);
  const { urn, type } = createSingle("x", "hub", "logs");
  const newState = {
    type,
    inputs: { source: "payments", sinkOrgId: EVIL, connectionTypes: ["logs"], ...inputs },
  };
  const config = {
    "datadog-org-connections:id": getId("payments"),
    "datadog-org-connections:organizations": JSON.stringify({
      payments: { id: getId("payments") },
      ...organizations,
    }),
  };
  // Another connection in the state has the name of the destination in Datadog.
  const other = createSingle("other", "hub", "logs");
  const outputs = {
    ...(other["outputs"] as object),
    sourceOrgName: "Payments",
    sinkOrgId: EVIL,
    sinkOrgName: name,
  };
  const resources =
    name === undefined ? [] : [{ ...other, outputs: { ...outputs, sourceOrgId: getId("search") } }];
  folder.write("state.json", { deployment: { resources } });
  return runCommand(["review", "--policy", "policy.json", "--state", "state.json", ...args], {
    cwd: folder.path,
    stdin: JSON.stringify({ config, steps: [{ op: "create", urn, newState }] }),
  });
}

describe("a name in the stack's configuration", () => {
  it.each([ALLOWED, ALLOWED.toUpperCase(), ` ${ALLOWED}\t`])(
    "that is the allowed UUID does not allow another destination: %j",
    async (name) => {
      const { code, stdout } = await review({
        policy: { allow: [{ sink: ALLOWED }] },
        organizations: { [name]: { id: EVIL } },
      });
      expect(code).toBe(5);
      expect(stdout).toContain(`**payments (configured name) → \`${EVIL}\`** starts sharing`);
      // A configuration with such a name is refused completely, so it gives no names.
      expect(stdout.toLowerCase()).not.toContain(ALLOWED);
    },
  );

  it.each(["constructor", "__proto__", "prototype", "toString"])(
    "%s is an ordinary one: its configured id is known",
    async (source) => {
      const organizations = JSON.parse(`{"${source}":{"id":"${ALLOWED}"}}`) as OrganizationIds;
      const args = ["--format", "json"];
      const { stdout } = await review({ policy: {}, organizations, inputs: { source }, args });
      const { changes } = JSON.parse(stdout) as { changes: { after: { source: unknown } }[] };
      expect(changes[0]?.after.source).toEqual({ id: ALLOWED, alias: source, nameFrom: "configuration" });
    },
  );

  it.each(["hub", "h*", "HUB"])("satisfies no rule for a destination: %s", async (sink) => {
    const { code } = await review({ policy: { allow: [{ sink }] }, organizations: { hub: { id: EVIL } } });
    expect(code).toBe(5);
  });

  it("does not disable a rule that uses it: the match is unknown", async () => {
    const { code, stdout } = await review({
      policy: { protect: [{ sink: "hub" }] },
      organizations: { hub: { id: EVIL } },
      name: "Evil",
    });
    expect(code).toBe(5);
    expect(stdout).toContain(
      "a configured name is not sufficient, because the author of a change can choose it",
    );
  });

  it("names the credentials of a source, so it counts for the source", async () => {
    expect((await review({ policy: { allow: [{ source: "pay*" }] } })).code).toBe(3);
  });

  it("does not count for a source with other credentials", async () => {
    const { code } = await review({
      policy: { allow: [{ source: "payments" }] },
      organizations: { other: { id: getId("payments") }, payments: { id: getId("payments") } },
      inputs: { source: "other" },
    });
    expect(code).toBe(5);
    const byDefault = await review({
      policy: { allow: [{ source: "payments" }] },
      inputs: { source: undefined },
    });
    expect(byDefault.code).toBe(5);
  });

  it("is marked in the report, and has its own field in JSON", async () => {
    const given = { policy: {}, organizations: { hub: { id: EVIL } } };
    const { stdout } = await review(given);
    expect(stdout).toContain("**payments (configured name) → hub (configured name)** starts sharing");
    const json = await review({ ...given, args: ["--format", "json"] });
    expect(JSON.parse(json.stdout)).toMatchObject({
      changes: [{ after: { sink: { id: EVIL, alias: "hub", nameFrom: "configuration" } } }],
    });
    const named = await review({ ...given, name: "Evil", args: ["--format", "json"] });
    const [change] = (JSON.parse(named.stdout) as { changes: { after: { sink: object } }[] }).changes;
    expect(change?.after.sink).not.toHaveProperty("nameFrom");
  });
});

describe("a name in Datadog", () => {
  it.each([
    ALLOWED,
    ALLOWED.toUpperCase(),
    ` ${ALLOWED} `,
    ALLOWED.replaceAll("-", "\u2010"),
    ALLOWED.replace("-", "\u200b-"),
    `${ALLOWED.slice(0, -1)}\u0430`,
  ])("that resembles a UUID matches nothing: %j", async (name) => {
    for (const sink of [ALLOWED, "aaaaaaaa-*", "a*", name]) {
      const { code } = await review({ policy: { allow: [{ sink }] }, name });
      expect(code, sink).toBe(5);
    }
    // It does not exempt the organization from a rule either.
    expect((await review({ policy: { protect: [{ sink: "Acme *" }] }, name })).code).toBe(5);
    expect((await review({ policy: { allow: [{ sink: EVIL }] }, name })).code).toBe(3);
  });

  it("that a program adds to the preview of a resource does not count", async () => {
    folder.write("policy.json", { allow: [{ sink: "Allowed" }] });
    const oldState = createSingle("x", "hub", "logs");
    const ends = { sinkOrgId: EVIL, sourceOrgId: getId("payments") };
    const newState = {
      ...createSingle("x", "hub", "logs"),
      inputs: { source: "payments", sinkOrgId: EVIL, connectionTypes: ["logs"] },
      outputs: { source: "payments", connectionTypes: ["logs"], ...ends, sinkOrgName: "Allowed" },
    };
    const { code } = await runCommand(["review", "--policy", "policy.json"], {
      cwd: folder.path,
      stdin: JSON.stringify({ steps: [{ op: "replace", urn: oldState.urn, oldState, newState }] }),
    });
    expect(code).toBe(5);
  });

  it.each(["a*a*a*a*b", "a*a*a*a*a*a*a*a*a*b", "*a*a*a*a*a*a*b*"])(
    "of 800 characters is compared with %s",
    async (sink) => {
      expect((await review({ policy: { allow: [{ sink }] }, name: "a".repeat(800) })).code).toBe(5);
      expect((await review({ policy: { allow: [{ sink }] }, name: `${"a".repeat(800)}b` })).code).toBe(3);
    },
  );
});

describe("a reason", () => {
  it("that would keep the pattern busy for years violates the rule, and the report says so", async () => {
    const policy: Policy = { reason: [{ types: ["logs"], pattern: "^(a+)+$" }] };
    const { code, stdout } = await review({ policy, inputs: { reason: `${"a".repeat(50)}!` } });
    expect(code).toBe(5);
    expect(stdout).toContain("could not be compared");
    expect((await review({ policy, inputs: { reason: "aaa" } })).code).toBe(3);
  });
});
