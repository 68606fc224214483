import { describe, expect, it } from "vitest";
import { createSeed } from "../../../../sandbox/src/index.js";
import { runCommand } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { expectRecorded, RECORDED } from "./golden-recording.js";
import { declareSet } from "./programs.js";
import { saveState } from "./report.js";

const engine = useEngine({ ...RECORDED, seed: createSeed({ sources: 500 }) });
const STATE = ["--state", "state.json"];

const declareSetByKey = (connections: Record<string, string>, args = "") =>
  declareSet(
    Object.fromEntries(Object.entries(connections).map(([sink, types]) => [engine.getOrgId(sink), types])),
    args,
  );

describe("previews of the real engine: sets", () => {
  it("create, delete, update, an undeclared connection of an exclusive set, and drift", async () => {
    const stack = engine.createStack(
      declareSetByKey(
        { observability: "logs, metrics", security: "audit", search: "logs" },
        "exclusive: true",
      ),
    );
    await stack.expectUp();
    engine.sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["metrics"] });
    await stack.refresh();
    await saveState(stack);
    stack.writeProgram(
      declareSetByKey(
        { observability: "audit, logs", "source-1": "logs", search: "logs" },
        `exclusive: true, reason: "SEC-7"`,
      ),
    );
    await expectRecorded(stack, engine.sandbox, "set");

    const [hub, security] = engine.sandbox.listConnections();
    engine.sandbox.changeTypes(hub?.id ?? "", ["logs"]);
    engine.sandbox.disconnect(security?.id ?? "");
    stack.writeProgram(
      declareSetByKey({ observability: "logs, metrics", security: "audit", search: "logs" }),
    );
    await expectRecorded(stack, engine.sandbox, "set-drift", "--refresh");
  });

  it("destinations that are unknown until the update are unknown", async () => {
    const stack = engine.createStack(declareSetByKey({ observability: "logs" }));
    await stack.expectUp();
    stack.writeProgram(`const first = new OrgConnection("first", { sinkOrgId: "${engine.getOrgId("search")}", connectionTypes: ["logs"] });
      new OrgConnectionSet("all", { connections: first.createdAt.apply(() => ({ "${engine.getOrgId("observability")}": ["logs"] })) });`);
    await expectRecorded(stack, engine.sandbox, "set-unknown");
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });

  it("500 changes fit in a comment, and every organization is named", async () => {
    const listSinks = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => `source-${from + at}`);
    const createConnections = (sinks: string[], types: string) =>
      Object.fromEntries(sinks.map((sink) => [sink, types]));
    const stack = engine.createStack(declareSetByKey(createConnections(listSinks(1, 250), "logs, metrics")));
    await stack.expectUp();
    await saveState(stack);
    const singles = listSinks(301, 500).map((sink) => `["${sink}", "${engine.getOrgId(sink)}"]`);
    stack.writeProgram(
      `${declareSetByKey({ ...createConnections(listSinks(101, 250), "audit, logs"), ...createConnections(listSinks(251, 300), "logs") })}
      for (const [name, sinkOrgId] of [${singles.join(", ")}]) new OrgConnection(name, { sinkOrgId, connectionTypes: ["metrics"] });`,
    );
    const preview = await stack.previewAsJson();
    const runReview = (...args: string[]) =>
      runCommand(["review", ...STATE, "--lookup", ...args], {
        stdin: preview,
        cwd: stack.folder,
        env: stack.env,
      });
    const report = await runReview();
    expect(report.code).toBe(4);
    expect(report.stdout.length).toBeLessThan(65_536);
    expect(report.stdout).toContain("500 changes; ⛔ 250 stop sharing data; 400 share new data");
    for (const sink of listSinks(1, 500)) {
      expect(report.stdout).toMatch(new RegExp(`\\*\\*Acme Source ${sink.slice(7)}\\*\\*`));
    }
    const json = JSON.parse((await runReview("--format", "json")).stdout) as { changes: unknown[] };
    expect(json.changes).toHaveLength(500);
  });
});
