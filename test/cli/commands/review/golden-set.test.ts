import { describe, expect, it } from "vitest";
import { seedWith } from "../../../../sandbox/src/index.js";
import { runCommand } from "../../run-command.js";
import { useEngine } from "../../../engine/stack.js";
import { set as setBy } from "./programs.js";
import { expectGolden, review, saveState } from "./report.js";

const engine = useEngine({ seed: seedWith({ sources: 500 }) });
const STATE = ["--state", "state.json"];

const set = (connections: Record<string, string>, args = "") =>
  setBy(
    Object.fromEntries(Object.entries(connections).map(([sink, types]) => [engine.id(sink), types])),
    args,
  );

describe("reports of real previews: sets", () => {
  it("made, ended, more and less, a stranger of an exclusive set, and drift", async () => {
    const stack = engine.stack(
      set({ observability: "logs, metrics", security: "audit", search: "logs" }, "exclusive: true"),
    );
    await stack.mustUp();
    engine.sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["metrics"] });
    await stack.refresh();
    await saveState(stack);
    stack.program(
      set(
        { observability: "audit, logs", "source-1": "logs", search: "logs" },
        `exclusive: true, reason: "SEC-7"`,
      ),
    );
    const changed = await review(stack, { args: [...STATE, "--lookup"] });
    expect(changed.code).toBe(4);
    await expectGolden(changed, "set");

    const [hub, security] = engine.sandbox.connections();
    engine.sandbox.changeTypes(hub?.id ?? "", ["logs"]);
    engine.sandbox.disconnect(security?.id ?? "");
    stack.program(set({ observability: "logs, metrics", security: "audit", search: "logs" }));
    const drifted = await review(stack, { flags: ["--refresh"], args: STATE });
    expect(drifted.code).toBe(3);
    await expectGolden(drifted, "set-drift");
  });

  it("destinations that are not known before the up are said to be so, and not to end", async () => {
    const stack = engine.stack(set({ observability: "logs" }));
    await stack.mustUp();
    stack.program(`const first = new OrgConnection("first", { sinkOrgId: "${engine.id("search")}", connectionTypes: ["logs"] });
      new OrgConnectionSet("all", { connections: first.createdAt.apply(() => ({ "${engine.id("observability")}": ["logs"] })) });`);
    const open = await review(stack);
    expect(open.code).toBe(4);
    await expectGolden(open, "set-not-told");
    await stack.mustUp();
    expect(engine.live()).toEqual(["payments → observability: logs", "payments → search: logs"]);
  });

  it("500 changes fit in a comment, and every organization is named", async () => {
    const range = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => `source-${from + at}`);
    const many = (sinks: string[], types: string) => Object.fromEntries(sinks.map((sink) => [sink, types]));
    const stack = engine.stack(set(many(range(1, 250), "logs, metrics")));
    await stack.mustUp();
    await saveState(stack);
    const singles = range(301, 500).map((sink) => `["${sink}", "${engine.id(sink)}"]`);
    stack.program(
      `${set({ ...many(range(101, 250), "audit, logs"), ...many(range(251, 300), "logs") })}
      for (const [name, sinkOrgId] of [${singles.join(", ")}]) new OrgConnection(name, { sinkOrgId, connectionTypes: ["metrics"] });`,
    );
    const preview = await stack.previewJson();
    const run = (...args: string[]) =>
      runCommand(["review", ...STATE, "--lookup", ...args], {
        stdin: preview,
        cwd: stack.folder,
        env: stack.env,
      });
    const report = await run();
    expect(report.code).toBe(4);
    expect(report.stdout.length).toBeLessThan(65_536);
    expect(report.stdout).toContain(
      "500 changes; ⛔ 250 stop sharing something; 400 show an organization something new",
    );
    for (const sink of range(1, 500)) {
      expect(report.stdout).toMatch(new RegExp(`\\*\\*Acme Source ${sink.slice(7)}\\*\\*`));
    }
    await expectGolden(report, "500-changes");
    const json = JSON.parse((await run("--json")).stdout) as { changes: unknown[] };
    expect(json.changes).toHaveLength(500);
  });
});
