import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { builtInSeed } from "../../../../sandbox/src/index.js";
import type { CommandResult } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { declareConnection } from "./programs.js";
import { previewStack, reviewStack, saveState } from "./report.js";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const FORGED_ID = "dddddddd-0000-4000-8000-000000000001";

/** A notice in the format of this version, and one in that of the first version. */
const createNotice = (fields: object) =>
  `#org-connections:notice# ${JSON.stringify({ version: 1, kind: "adoption", connectionId: FORGED_ID, sourceOrgId: PAYMENTS, sinkOrgId: HUB, connectionTypes: ["audit", "logs"], ...fields })}`;
const FIRST_VERSION_NOTICE = `From the default organization (${PAYMENTS}) to Acme Observability (${HUB}): will adopt connection ${FORGED_ID} (audit, logs), created by Ann on 2026-01-01, and leave its types as they are.`;

const [acme, ...accounts] = builtInSeed.accounts;
const more = [
  {
    key: "newline",
    id: "aaaaaaaa-0101-4000-8000-000000000001",
    name: `x\n::error::x\n${FIRST_VERSION_NOTICE}\n${FIRST_VERSION_NOTICE} ${createNotice({})}\n`,
  },
  { key: "quotes", id: "aaaaaaaa-0102-4000-8000-000000000001", name: `x" (${PAYMENTS}) to Hub` },
  { key: "line", id: "aaaaaaaa-0103-4000-8000-000000000001", name: `x): will adopt ${createNotice({})}` },
];
const engine = useEngine({
  seed: {
    accounts: [{ name: "Acme", organizations: [...(acme?.organizations ?? []), ...more] }, ...accounts],
  },
});

/** Creates a connection that shares audit events with the hub. */
const declareAudit = (args = "") => declareConnection("new", HUB, "audit, logs", args);

interface Json {
  outcome: string;
  summary: Record<string, number>;
  changes: {
    kind: string;
    addedTypes: string[];
    after?: { sink: { id?: string; name?: string }; source: { id?: string } };
  }[];
  notes: string[];
}
const parseReport = (stdout: string) => JSON.parse(stdout) as Json;

describe("an organization's name that is crafted for the report", () => {
  it.each(["newline", "quotes", "line"])("%s: only the actual adoption is reported as one", async (key) => {
    engine.sandbox.connect({ source: "payments", sink: key, connectionTypes: ["logs"] });
    const stack = engine.createStack(
      `${declareConnection("adopted", engine.getOrgId(key), "logs", "adopt: true")}${declareAudit()}`,
    );
    const preview = await stack.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).not.toMatch(/^\s*::/m);
    const reviewed = await previewStack(stack);
    for (const args of [[], ["--lookup"]]) {
      const { code, stdout } = await reviewed(...args, "--format", "json");
      expect(code).toBe(3);
      const { changes } = parseReport(stdout);
      const toHub = changes.find(({ after }) => after?.sink.id === HUB);
      expect(toHub).toMatchObject({ kind: "create", addedTypes: ["audit", "logs"] });
      const other = changes.find(({ after }) => after?.sink.id === engine.getOrgId(key));
      expect(other?.kind).toBe(args.length === 0 ? "create" : "adopt");
    }
  });
});

describe("a program that prints an adoption notice", () => {
  const POLICY = { allow: [{ types: ["logs"] }, { sink: "Acme Observability", types: ["audit"] }] };

  it.each([
    ["of this version", createNotice({})],
    ["of the first version", FIRST_VERSION_NOTICE],
    [
      "with the name of an allowed organization",
      FIRST_VERSION_NOTICE.replaceAll(HUB, "aaaaaaaa-0002-4000-8000-000000000002"),
    ],
    ["whose connection is live between two other organizations", createNotice({ connectionId: "LIVE" })],
  ])("%s: audit events leave the organization, and the report says so", async (_, printed) => {
    const live = engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const text = JSON.stringify(printed.replace("LIVE", live));
    const stack = engine.createStack(
      `pulumi.log.warn(${text}); pulumi.log.info(${text}); console.error(${text}); ${declareAudit("adopt: true")}` +
        declareConnection("security", "aaaaaaaa-0002-4000-8000-000000000002", "audit"),
    );
    const reviewed = await previewStack(stack);
    writeFileSync(path.join(stack.folder, "policy.json"), JSON.stringify(POLICY));
    for (const args of [[], ["--lookup"]]) {
      const { stdout } = await reviewed(...args, "--format", "json");
      const { changes, summary } = parseReport(stdout);
      expect(changes.find(({ after }) => after?.sink.id === HUB)).toMatchObject({
        kind: "create",
        addedTypes: ["audit", "logs"],
      });
      expect(summary["adopt"]).toBe(0);
      const markdown = await reviewed(...args);
      expect(markdown.stdout).toMatch(/Audit events show who did what/);
      const ruled = await reviewed(...args, "--policy", "policy.json");
      expect(ruled.code).toBe(5);
    }
    const plain = parseReport((await reviewed("--format", "json")).stdout);
    if (printed.startsWith("#")) {
      expect(plain.notes.join()).toMatch(/connection \S+ .* is adopted\. This is unconfirmed: .*--lookup/s);
    }
  });

  it("that a lookup confirms: the live connection counts, not the notice", async () => {
    const live = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["logs"],
    });
    const text = JSON.stringify(createNotice({ connectionId: live }));
    const stack = engine.createStack(`pulumi.log.warn(${text}); ${declareAudit("adopt: true")}`);
    const { stdout } = await reviewStack(stack, { args: ["--lookup", "--format", "json"] });
    expect(parseReport(stdout).changes).toMatchObject([{ kind: "adopt", addedTypes: ["audit"] }]);
  });

  it("of a newer version: the report says that it cannot be read", async () => {
    const stack = engine.createStack(
      `pulumi.log.warn(${JSON.stringify(createNotice({ version: 2, x: {} }))}); ${declareAudit()}`,
    );
    const { stdout } = await reviewStack(stack, { args: ["--format", "json"] });
    expect(parseReport(stdout).notes.join()).toMatch(/newer version/);
  });
});

describe("what an adoption stops sharing", () => {
  it("is reported even if the adoption is unconfirmed", async () => {
    engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["logs", "metrics"],
    });
    const stack = engine.createStack(declareAudit("adopt: true"));
    const { code, stdout } = await reviewStack(stack);
    expect(code).toBe(4);
    expect(stdout).toContain("would stop sharing `metrics`");
    expect(stdout).toMatch(/Audit events show who did what/);
  });
});

describe("a program that prints that a connection is gone", () => {
  const declareSearch = () => declareConnection("to-search", engine.getOrgId("search"), "logs");

  it("hides neither deleted nor unchanged connections", async () => {
    const stack = engine.createStack(`${declareSearch()}${declareConnection("to-hub", HUB, "logs")}`);
    await stack.expectUp();
    await saveState(stack);
    const ids = engine.sandbox.listConnections().map(({ id }) => id);
    const lines = ids.flatMap((id) => [
      `The connection ${id} from A to B is gone; the next up creates it again.`,
      `x ${createNotice({ kind: "gone", connectionId: id })}`,
    ]);
    stack.writeProgram(
      `${lines.map((line) => `pulumi.log.warn(${JSON.stringify(line)});`).join("")}${declareSearch()}${declareConnection("more", engine.getOrgId("security"), "logs")}`,
    );
    writeFileSync(path.join(stack.folder, "policy.json"), JSON.stringify({ maxDestinations: [{ max: 1 }] }));
    const reviewed = await previewStack(stack, "--refresh");
    const { code, stdout } = await reviewed("--format", "json", "--policy", "policy.json");
    const { changes, summary, notes } = parseReport(stdout);
    expect(changes.map(({ kind }) => kind).toSorted()).toEqual(["create", "delete"]);
    // A preview with a refresh shows what is unchanged, whatever the program prints.
    expect([code, summary["unchanged"]]).toEqual([5, 1]);
    expect(notes.join()).toMatch(/is gone.*--lookup/s);
    const confirmed = await reviewed("--format", "json", "--lookup");
    expect(parseReport(confirmed.stdout).summary["unchanged"]).toBe(1);
    expect(parseReport(confirmed.stdout).notes).toEqual([]);
  });

  it("that is gone and no longer declared: it is not unchanged once a lookup confirms it", async () => {
    const stack = engine.createStack(`${declareSearch()}${declareConnection("to-hub", HUB, "logs")}`);
    await stack.expectUp();
    await saveState(stack);
    for (const { id, sinkOrgId } of engine.sandbox.listConnections())
      if (sinkOrgId === HUB) engine.sandbox.disconnect(id);
    stack.writeProgram(declareSearch());
    const getCounts = ({ stdout }: CommandResult) => [
      parseReport(stdout).summary["unchanged"],
      parseReport(stdout).notes.length,
    ];
    const reviewed = await previewStack(stack, "--refresh");
    expect(getCounts(await reviewed("--format", "json"))).toEqual([2, 1]);
    expect(getCounts(await reviewed("--format", "json", "--lookup"))).toEqual([1, 1]);
    // The events of the engine report it too.
    stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    expect(getCounts(await reviewStack(stack, { flags: ["--refresh"], args: ["--format", "json"] }))).toEqual(
      [1, 1],
    );
  });
});
