import { expect, it } from "vitest";
import { createEnv } from "../cli/live-env.js";
import { runCommand } from "../cli/run-command.js";
import { runDiscover } from "./discovered-stack.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

it.each([
  ["one object", {}],
  ["events", { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }],
])(
  "review of an import, previewed as %s: the connection is adopted, and no sharing starts",
  async (_, env) => {
    const id = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["logs"],
    });
    const stack = engine.createStack("");
    stack.env = { ...createEnv(engine.sandbox, ["payments"]), ...env };
    await runDiscover(stack, "--format", "import", "-o", "import.json");
    engine.sandbox.clearRequests();
    const flags = ["--generate-code=false", "--preview-only", "--json", "--stack=dev", "--non-interactive"];
    const preview = await stack.runPulumi(["import", "--file", "import.json", ...flags]);
    expect([preview.code, engine.sandbox.requests], preview.output).toEqual([0, []]);
    stack.writeFile("preview.json", preview.stdout);

    const review = (...args: string[]) =>
      runCommand(["review", "preview.json", ...args], { env: stack.getEnvironment(), cwd: stack.folder });
    expect((await review("--summary-line")).stdout.trim()).toBe("1 adopted");
    const { code, stdout } = await review();
    expect(code).toBe(3);
    expect(stdout).toContain(
      `**Acme Payments → Acme Observability** continues to share \`logs\`: connection \`${id}\` (created on `,
    );
    expect(stdout).toContain("no new data is shared");
    expect(stdout).toContain(
      "An import of a dynamic resource copies the values of the import file into the state and sends no request",
    );
  },
);
