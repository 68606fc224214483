import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureCommand } from "../measure-command.mjs";
import { runCommand } from "../run-command.mjs";
import { createTofuProgram } from "./tofu-program.mjs";

/**
 * As with `pulumi up`, only a refresh reads what exists. Without `-refresh=false`, OpenTofu also reads it in
 * the other operations.
 * @type {Record<import("./system.mjs").Operation, string[]>}
 */
const commands = {
  preview: ["plan", "-refresh=false"],
  create: ["apply", "-auto-approve", "-refresh=false"],
  "no-op": ["apply", "-auto-approve", "-refresh=false"],
  refresh: ["apply", "-auto-approve", "-refresh-only"],
  change: ["apply", "-auto-approve", "-refresh=false"],
  destroy: ["destroy", "-auto-approve", "-refresh=false"],
};

/** OpenTofu with the official provider. @type {import("./system.mjs").SystemOpener} */
export const openTofu = async ({ folder, workload, env, timeoutMs }) => {
  writeFileSync(join(folder, "main.tf"), createTofuProgram(workload, env));
  /** @param {string} types */
  const createOptions = (types) => ({
    cwd: folder,
    env: { ...process.env, TF_IN_AUTOMATION: "1", TF_VAR_types: JSON.stringify(types.split(",")) },
  });
  // The CLI configuration of the user sets the source of the provider, by default the registry.
  runCommand("tofu", ["init", "-input=false", "-no-color"], createOptions(""));
  return {
    run: (operation, types) =>
      measureCommand("tofu", [...commands[operation], "-input=false", "-no-color"], {
        ...createOptions(types),
        timeoutMs,
      }),
    // A preview before the first apply leaves no state.
    stateBytes: () => statSync(join(folder, "terraform.tfstate"), { throwIfNoEntry: false })?.size,
  };
};
