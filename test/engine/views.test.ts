import { describe, expect, it } from "vitest";
import { runCommand } from "../cli/run-command.js";
import { useEngine } from "./stack.js";

const engine = useEngine();
const declare = (sink: string) =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] });`;
const view = (id: string) => `OrgConnection.get("hub", "${id}");`;

async function review(stack: ReturnType<typeof engine.stack>, ...flags: string[]) {
  const stdin = await stack.previewJson(...flags);
  return runCommand(["review"], { stdin });
}
const flags = [[], ["--show-replacement-steps"], ["--refresh"]];

describe("a resource that becomes a view (OrgConnection.get)", () => {
  it.each(flags.map((one) => ({ one })))(
    "of another connection ends its own, and review says so: $one",
    async ({ one }) => {
      const stack = engine.stack(declare("observability"));
      await stack.mustUp();
      const { id } = engine.only();
      stack.program(view(engine.sandbox.connect({ source: "payments", sink: "security" })));
      const { code, stdout } = await review(stack, ...one);
      expect(code).toBe(4);
      expect(stdout).toContain(`connection \`${id}\``);
      expect(stdout).toContain("| ⛔ ended | 1 |");
      await stack.mustUp();
      expect(engine.live()).toEqual(["payments → security: logs"]);
    },
  );

  it.each(flags.map((one) => ({ one })))(
    "of its own connection gives it up, and nothing ends: $one",
    async ({ one }) => {
      const stack = engine.stack(declare("observability"));
      await stack.mustUp();
      const { id } = engine.only();
      stack.program(view(id));
      const { code, stdout } = await review(stack, ...one);
      expect(code).toBe(3);
      expect(stdout).toContain("the program only reads it, by `OrgConnection.get`");
      await stack.mustUp();
      expect(engine.live()).toEqual(["payments → observability: logs"]);
    },
  );
});

describe("a view that becomes a resource", () => {
  it.each(flags.map((one) => ({ one })))(
    "creates a connection, and review says so: $one",
    async ({ one }) => {
      const other = engine.sandbox.connect({ source: "payments", sink: "security" });
      const stack = engine.stack(view(other));
      await stack.mustUp();
      stack.program(declare("observability"));
      const { code, stdout } = await review(stack, ...one);
      expect(code).toBe(3);
      expect(stdout).toContain("| made | 1 |");
      await stack.mustUp();
      expect(engine.live()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    },
  );
});
