import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { runCommand } from "../../cli/run-command.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
const declare = (sink: string) => () => {
  new OrgConnection("hub", { sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] });
};
const declareView = (id: string) => () => void OrgConnection.get("hub", id);

async function runReview(stack: ReturnType<typeof engine.createStack>, ...flags: string[]) {
  const stdin = await stack.previewAsJson(...flags);
  const { stdout: state } = await stack.runPulumi(["stack", "export"]);
  stack.writeFile("state.json", state);
  return runCommand(["review", "--state", "state.json"], { stdin, cwd: stack.folder });
}
const flags = [[], ["--show-replacement-steps"], ["--refresh"]];

describe("a resource that becomes a view (OrgConnection.get)", () => {
  it.each(flags.map((one) => ({ one })))(
    "of another connection deletes its own, and review reports it: $one",
    async ({ one }) => {
      const stack = engine.createStack(declare("observability"));
      await stack.expectUp();
      const { id } = engine.getOnlyConnection();
      stack.writeProgram(declareView(engine.sandbox.connect({ source: "payments", sink: "security" })));
      const { code, stdout } = await runReview(stack, ...one);
      expect(code).toBe(4);
      expect(stdout).toContain(`connection \`${id}\``);
      expect(stdout).toContain("| ⛔ to delete | 1 |");
      expect(stdout).toContain("because the resource becomes a reference to another connection");
      expect(stdout).not.toContain("keeps it");
      await stack.expectUp();
      expect(engine.listLive()).toEqual(["payments → security: logs"]);
    },
  );

  it.each(flags.map((one) => ({ one })))(
    "of its own connection stops managing it, and nothing is deleted: $one",
    async ({ one }) => {
      const stack = engine.createStack(declare("observability"));
      await stack.expectUp();
      const { id } = engine.getOnlyConnection();
      stack.writeProgram(declareView(id));
      const { code, stdout } = await runReview(stack, ...one);
      expect(code).toBe(3);
      expect(stdout).toContain("the program only reads it, with `OrgConnection.get`");
      await stack.expectUp();
      expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    },
  );
});

describe("a view that becomes a resource", () => {
  it.each(flags.map((one) => ({ one })))(
    "creates a connection, and review reports it: $one",
    async ({ one }) => {
      const other = engine.sandbox.connect({ source: "payments", sink: "security" });
      const stack = engine.createStack(declareView(other));
      await stack.expectUp();
      stack.writeProgram(declare("observability"));
      const { code, stdout } = await runReview(stack, ...one);
      expect(code).toBe(3);
      expect(stdout).toContain("| to create | 1 |");
      await stack.expectUp();
      expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    },
  );
});
