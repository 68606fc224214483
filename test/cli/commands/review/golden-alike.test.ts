import { describe, it } from "vitest";
import { useEngine } from "../../../engine/stack.js";
import { createEnv } from "../../live-env.js";
import { expectRecorded, RECORDED } from "./golden-recording.js";
import { saveState } from "./report.js";

const engine = useEngine(RECORDED);

const SOURCES = Array.from({ length: 12 }, (_, at) => `source-${at + 1}`);
/** A program in which each source shares with the hub. */
const declareAll = (types: string, args = "") =>
  `for (const source of ${JSON.stringify(SOURCES)}) {
    new OrgConnection(source + "-to-hub", { source, sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ${types}, ${args} });
  }`;

function createStack(program: string) {
  const stack = engine.createStack(program);
  Object.assign(stack.env, createEnv(engine.sandbox, SOURCES));
  return stack;
}

describe("previews of the real engine: alike changes", () => {
  it("12 connections that were created by hand are adopted", async () => {
    for (const source of SOURCES) {
      engine.sandbox.connect({ source, sink: "observability", connectionTypes: ["audit", "logs"] });
    }
    await expectRecorded(
      createStack(declareAll(`["audit", "logs"]`, "adopt: true")),
      engine.sandbox,
      "12-adopted",
    );
  });

  it("12 organizations stop sharing metrics with the hub", async () => {
    const stack = createStack(declareAll(`["logs", "metrics"]`));
    await stack.expectUp();
    await saveState(stack);
    stack.writeProgram(declareAll(`["logs"]`));
    await expectRecorded(stack, engine.sandbox, "12-updated");
  });
});
