/** Notices that a real program prints, and names that the provider prints. test/cli/changes/adoption-notices owns what they prove. */
import { expect, it } from "vitest";
import { builtInSeed } from "../../../../sandbox/src/index.js";
import type { CommandResult } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { declareConnection } from "./programs.js";
import { previewStack, reviewStack, saveState } from "./report.js";

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
const FORGED_ID = "dddddddd-0000-4000-8000-000000000001";

/** A notice, and the sentence of one. */
const createNotice = (connectionId = FORGED_ID) =>
  `[org-connections kind=adoption id=${connectionId} from=${PAYMENTS} to=${HUB} type=audit type=logs]`;
const SENTENCE = `From the default organization (${PAYMENTS}) to Acme Observability (${HUB}): will adopt connection ${FORGED_ID} (audit, logs), created by Ann on 2026-01-01, and leave its types as they are.`;

const [acme, ...accounts] = builtInSeed.accounts;
const CRAFTED = {
  newline: `x\n::error::x\n${SENTENCE}\n${SENTENCE} ${createNotice()}\n`,
  quotes: `x" (${PAYMENTS}) to Hub`,
  line: `x): will adopt ${createNotice()}`,
};
const crafted = Object.entries(CRAFTED).map(([key, name], at) => ({
  key,
  id: `aaaaaaaa-010${at + 1}-4000-8000-000000000001`,
  name,
}));
const engine = useEngine({
  seed: {
    accounts: [{ name: "Acme", organizations: [...(acme?.organizations ?? []), ...crafted] }, ...accounts],
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
const parseReport = ({ stdout }: CommandResult) => JSON.parse(stdout) as Json;

it("names of organizations that are crafted for the report: only the actual adoptions are reported as such", async () => {
  const adopted = crafted.map(({ key, id }) => {
    engine.sandbox.connect({ source: "payments", sink: key, connectionTypes: ["logs"] });
    return declareConnection(key, id, "logs", "adopt: true");
  });
  const stack = engine.createStack(adopted.join("") + declareAudit());
  const preview = await stack.preview();
  expect(preview.code, preview.output).toBe(0);
  expect(preview.output).not.toMatch(/^\s*::/m);
  const reviewed = await previewStack(stack);
  for (const args of [[], ["--lookup"]]) {
    const result = await reviewed(...args, "--format", "json");
    expect(result.code).toBe(3);
    const { changes } = parseReport(result);
    const find = (sink: string) => changes.find(({ after }) => after?.sink.id === sink);
    expect(find(HUB)).toMatchObject({ kind: "create", addedTypes: ["audit", "logs"] });
    const expected = args.length === 0 ? "create" : "adopt";
    expect(crafted.map(({ id }) => find(id)?.kind)).toEqual(crafted.map(() => expected));
  }
});

it("a program that prints adoption notices: audit events leave the organization, and the report says so", async () => {
  const live = engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
  const printed = [
    createNotice(),
    SENTENCE,
    SENTENCE.replaceAll(HUB, "aaaaaaaa-0002-4000-8000-000000000002"),
    createNotice(live),
  ].map((text) => JSON.stringify(text));
  const print = printed.map(
    (text) => `pulumi.log.warn(${text}); pulumi.log.info(${text}); console.error(${text});`,
  );
  const security = declareConnection("security", "aaaaaaaa-0002-4000-8000-000000000002", "audit");
  const stack = engine.createStack(print.join("") + declareAudit("adopt: true") + security);
  const reviewed = await previewStack(stack);
  const allow = [{ types: ["logs"] }, { sink: "Acme Observability", types: ["audit"] }];
  stack.writeFile("policy.json", JSON.stringify({ allow }));
  for (const args of [[], ["--lookup"]]) {
    const { changes, summary } = parseReport(await reviewed(...args, "--format", "json"));
    const toHub = changes.find(({ after }) => after?.sink.id === HUB);
    expect(toHub).toMatchObject({ kind: "create", addedTypes: ["audit", "logs"] });
    expect(summary["adopt"]).toBe(0);
    expect((await reviewed(...args, "--policy", "policy.json")).code).toBe(5);
  }
  const { notes } = parseReport(await reviewed("--format", "json"));
  expect(notes.join()).toMatch(/connection \S+ .* is adopted\. This is unconfirmed: .*--lookup/s);
});

it("a connection that is gone and no longer declared is not unchanged once a lookup confirms it", async () => {
  const declareSearch = () => declareConnection("to-search", engine.getOrgId("search"), "logs");
  const stack = engine.createStack(`${declareSearch()}${declareConnection("to-hub", HUB, "logs")}`);
  await stack.expectUp();
  await saveState(stack);
  for (const { id, sinkOrgId } of engine.sandbox.listConnections())
    if (sinkOrgId === HUB) engine.sandbox.disconnect(id);
  stack.writeProgram(declareSearch());
  const getCounts = (result: CommandResult) => {
    const { summary, notes } = parseReport(result);
    return [summary["unchanged"], notes.length];
  };
  const reviewed = await previewStack(stack, "--refresh");
  expect(getCounts(await reviewed("--format", "json"))).toEqual([2, 1]);
  expect(getCounts(await reviewed("--format", "json", "--lookup"))).toEqual([1, 1]);
  // The events of the engine report it too.
  stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
  expect(getCounts(await reviewStack(stack, { flags: ["--refresh"], args: ["--format", "json"] }))).toEqual([
    1, 1,
  ]);
});
