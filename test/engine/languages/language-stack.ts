import path from "node:path";
import { expect, test } from "vitest";
import type { Sandbox } from "../../../sandbox/src/index.js";
import { projectName, type Language, createLanguages } from "../../../tools/languages/programs.mjs";
import { runScenario } from "../../../tools/languages/scenario.mjs";
import { ROOT } from "../../tree.js";
import { Stack, useEngine, type StackOptions } from "../stack.js";

/** The folder of the plugin's package, as a Pulumi.yaml names it. */
const PLUGIN = path.join(ROOT, "plugin");

/** All languages, with what `npm run test:slow` sets up for them. */
export const languages = createLanguages({
  sdks: process.env["PULUMI_TEST_SDKS"] ?? "",
  python: process.env["PULUMI_TEST_PYTHON"] ?? "",
});

/** A stack with a program in any language, which has no key in its environment: its providers have the keys. */
export class LanguageStack extends Stack {
  constructor(
    private readonly server: Sandbox,
    private readonly language: Language,
    options: Omit<StackOptions, "isYaml" | "project"> = {},
  ) {
    super(server, `name: ${projectName}\nruntime: yaml\n`, {
      ...options,
      project: projectName,
      isYaml: true,
    });
  }

  /** Runs the scenario with the plugin in a folder, or with the installed one. */
  async runScenario(plugin: string | undefined): Promise<void> {
    const { folder, language, server: sandbox } = this;
    this.env = await language.prepare(folder);
    await runScenario({ language, folder, plugin, sandbox, pulumi: this.expectPulumi });
  }

  /** Runs the CLI and returns its output. Rejects if it fails. */
  private readonly expectPulumi = async (...args: string[]): Promise<string> => {
    const { code, output } = await this.runPulumi([...args, "--non-interactive"]);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} exited with ${code}:\n${output}`);
    return output;
  };
}

/** Defines the test of one language. Each has a file of its own, so that the files can run at the same time. */
export function testScenario(name: keyof typeof languages): void {
  const engine = useEngine();
  const language = languages[name];
  test(`a ${language.title} program with the plugin passes the scenario`, async () => {
    const stack = new LanguageStack(engine.sandbox, language);
    try {
      await expect(stack.runScenario(PLUGIN)).resolves.toBeUndefined();
    } finally {
      stack.dispose();
    }
  });
}
