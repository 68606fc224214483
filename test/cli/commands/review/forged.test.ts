import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { builtInSeed } from "../../../../sandbox/src/index.js";
import type { Ran } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { single } from "./programs.js";
import { previewed, review, saveState } from "./report.js";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const FORGED_ID = "dddddddd-0000-4000-8000-000000000001";

/** What a notice looks like in this version, and looked like in the first one. */
const marker = (fields: object) =>
  `#org-connections:notice# ${JSON.stringify({ version: 1, kind: "adoption", connectionId: FORGED_ID, sourceOrgId: PAYMENTS, sinkOrgId: HUB, connectionTypes: ["audit", "logs"], ...fields })}`;
const LINE = `From the default organization (${PAYMENTS}) to Acme Observability (${HUB}): will take over connection ${FORGED_ID} (audit, logs), made by Ann on 2026-01-01, and leave its types as they are.`;

const [acme, ...accounts] = builtInSeed.accounts;
const more = [
  {
    key: "newline",
    id: "aaaaaaaa-0101-4000-8000-000000000001",
    name: `x\n::error::x\n${LINE}\n${LINE} ${marker({})}\n`,
  },
  { key: "quotes", id: "aaaaaaaa-0102-4000-8000-000000000001", name: `x" (${PAYMENTS}) to Hub` },
  { key: "line", id: "aaaaaaaa-0103-4000-8000-000000000001", name: `x): will take over ${marker({})}` },
];
const engine = useEngine({
  seed: {
    accounts: [{ name: "Acme", organizations: [...(acme?.organizations ?? []), ...more] }, ...accounts],
  },
});

/** Shares audit events with the hub, which is new. */
const AUDIT = (args = "") => single("new", HUB, "audit, logs", args);

interface Json {
  outcome: string;
  summary: Record<string, number>;
  changes: {
    kind: string;
    gained: string[];
    after?: { sink: { id?: string; name?: string }; source: { id?: string } };
  }[];
  notes: string[];
}
const jsonOf = (stdout: string) => JSON.parse(stdout) as Json;

describe("an organization's name that is made for the report", () => {
  it.each(["newline", "quotes", "line"])("%s: takes over nothing but what is taken over", async (key) => {
    engine.sandbox.connect({ source: "payments", sink: key, connectionTypes: ["logs"] });
    const stack = engine.stack(`${single("adopted", engine.id(key), "logs", "adopt: true")}${AUDIT()}`);
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).not.toMatch(/^\s*::/m);
    const reviewed = await previewed(stack);
    for (const args of [[], ["--lookup"]]) {
      const { code, stdout } = await reviewed(...args, "--json");
      expect(code).toBe(3);
      const { changes } = jsonOf(stdout);
      const toHub = changes.find(({ after }) => after?.sink.id === HUB);
      expect(toHub).toMatchObject({ kind: "create", gained: ["audit", "logs"] });
      const other = changes.find(({ after }) => after?.sink.id === engine.id(key));
      expect(other?.kind).toBe(args.length === 0 ? "create" : "adopt");
    }
  });
});

describe("a program that prints the notice of an adoption", () => {
  const POLICY = { allow: [{ types: ["logs"] }, { sink: "Acme Observability", types: ["audit"] }] };

  it.each([
    ["of this version", marker({})],
    ["of the first version", LINE],
    [
      "with the name of an organization that is allowed",
      LINE.replaceAll(HUB, "aaaaaaaa-0002-4000-8000-000000000002"),
    ],
    ["whose connection is live between two others", marker({ connectionId: "LIVE" })],
  ])("%s: audit events leave, and the report says so", async (_, printed) => {
    const live = engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const text = JSON.stringify(printed.replace("LIVE", live));
    const stack = engine.stack(
      `pulumi.log.warn(${text}); pulumi.log.info(${text}); console.error(${text}); ${AUDIT("adopt: true")}` +
        single("security", "aaaaaaaa-0002-4000-8000-000000000002", "audit"),
    );
    const reviewed = await previewed(stack);
    writeFileSync(path.join(stack.folder, "policy.json"), JSON.stringify(POLICY));
    for (const args of [[], ["--lookup"]]) {
      const { stdout } = await reviewed(...args, "--json");
      const { changes, summary } = jsonOf(stdout);
      expect(changes.find(({ after }) => after?.sink.id === HUB)).toMatchObject({
        kind: "create",
        gained: ["audit", "logs"],
      });
      expect(summary["adopt"]).toBe(0);
      const markdown = await reviewed(...args);
      expect(markdown.stdout).toMatch(/Audit events leave/);
      const ruled = await reviewed(...args, "--policy", "policy.json");
      expect(ruled.code).toBe(5);
    }
    const plain = jsonOf((await reviewed("--json")).stdout);
    if (printed.startsWith("#")) {
      expect(plain.notes.join()).toMatch(/adopts connection \S+ .*nothing confirms.*--lookup/s);
    }
  });

  it("that a look-up confirms: what is live is what counts, not what the notice says", async () => {
    const live = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["logs"],
    });
    const text = JSON.stringify(marker({ connectionId: live }));
    const stack = engine.stack(`pulumi.log.warn(${text}); ${AUDIT("adopt: true")}`);
    const { stdout } = await review(stack, { args: ["--lookup", "--json"] });
    expect(jsonOf(stdout).changes).toMatchObject([{ kind: "adopt", gained: ["audit"] }]);
  });

  it("of a newer version: the report says that it cannot be read", async () => {
    const stack = engine.stack(
      `pulumi.log.warn(${JSON.stringify(marker({ version: 2, x: {} }))}); ${AUDIT()}`,
    );
    const { stdout } = await review(stack, { args: ["--json"] });
    expect(jsonOf(stdout).notes.join()).toMatch(/newer version/);
  });
});

describe("what an adoption takes away", () => {
  it("is told where nothing confirms the adoption, too", async () => {
    engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["logs", "metrics"],
    });
    const stack = engine.stack(AUDIT("adopt: true"));
    const { code, stdout } = await review(stack);
    expect(code).toBe(4);
    expect(stdout).toContain("would stop sharing `metrics`");
    expect(stdout).toMatch(/Audit events leave/);
  });
});

describe("a program that prints that a connection is gone", () => {
  const SEARCH = () => single("to-search", engine.id("search"), "logs");

  it("hides neither what ends nor what stays", async () => {
    const stack = engine.stack(`${SEARCH()}${single("to-hub", HUB, "logs")}`);
    await stack.mustUp();
    await saveState(stack);
    const ids = engine.sandbox.connections().map(({ id }) => id);
    const lines = ids.flatMap((id) => [
      `The connection ${id} from A to B is gone; the next up creates it again.`,
      `x ${marker({ kind: "gone", connectionId: id })}`,
    ]);
    stack.program(
      `${lines.map((line) => `pulumi.log.warn(${JSON.stringify(line)});`).join("")}${SEARCH()}${single("more", engine.id("security"), "logs")}`,
    );
    writeFileSync(path.join(stack.folder, "policy.json"), JSON.stringify({ sinks: [{ most: 1 }] }));
    const reviewed = await previewed(stack, "--refresh");
    const { code, stdout } = await reviewed("--json", "--policy", "policy.json");
    const { changes, summary, notes } = jsonOf(stdout);
    expect(changes.map(({ kind }) => kind).toSorted()).toEqual(["create", "delete"]);
    // What a preview with a refresh does not change stays, whatever the program prints.
    expect([code, summary["unchanged"]]).toEqual([5, 1]);
    expect(notes.join()).toMatch(/is gone.*--lookup/s);
    const looked = await reviewed("--json", "--lookup");
    expect(jsonOf(looked.stdout).summary["unchanged"]).toBe(1);
    expect(jsonOf(looked.stdout).notes).toEqual([]);
  });

  it("when it is, and no longer declared: it does not stay, once a look-up confirms it", async () => {
    const stack = engine.stack(`${SEARCH()}${single("to-hub", HUB, "logs")}`);
    await stack.mustUp();
    await saveState(stack);
    for (const { id, sinkOrgId } of engine.sandbox.connections())
      if (sinkOrgId === HUB) engine.sandbox.disconnect(id);
    stack.program(SEARCH());
    const counts = ({ stdout }: Ran) => [jsonOf(stdout).summary["unchanged"], jsonOf(stdout).notes.length];
    const reviewed = await previewed(stack, "--refresh");
    expect(counts(await reviewed("--json"))).toEqual([2, 1]);
    expect(counts(await reviewed("--json", "--lookup"))).toEqual([1, 1]);
    // The engine itself says so in its events.
    stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    expect(counts(await review(stack, { flags: ["--refresh"], args: ["--json"] }))).toEqual([1, 1]);
  });
});
