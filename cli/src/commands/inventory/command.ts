import { InvalidArgumentError, Option } from "commander";
import type { Format } from "./formats.js";
import type { Finding, InventoryOptions } from "./run-inventory.js";
import { defineRepeatable, type DefineCommand } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { addHelpDetails, type HelpDetails } from "../../shared/help.js";
import { addOutputOptions } from "../../shared/output-options.js";

const FORMATS = ["table", "csv", "json", "markdown"] as const satisfies Format[];

const FINDINGS = ["unmanaged", "missing"] as const satisfies Finding[];

const help: HelpDetails = {
  paragraphs: [
    "The command only reads. Credentials come from the environment and, with --stack, from the stack's configuration. In the " +
      "environment, set DD_API_KEY__SHOP and DD_APP_KEY__SHOP for an organization called shop, and DD_API_KEY and DD_APP_KEY for the " +
      "default organization. Instead of both keys, you can set DD_BEARER_TOKEN or, for a workload identity, DD_CLOUD_PROVIDER_TYPE and " +
      "DD_ORG_UUID, each with the same suffix (__SHOP, or none).",
    "A connection is unmanaged if no resource of the given states manages it. A connection is missing if a resource of the given states " +
      "manages it, no organization's list contains it, and its source or destination was checked.",
    'An organization is reported as "not checked", with the reason, if its list of connections could not be read completely, or if the ' +
      "credentials are not proven to belong to it. There may be no proof, for example, if the list has fewer than two connections and " +
      "the credentials are not allowed to call GET /api/v2/org. The connections of an unproven list are included, but the list does " +
      "not prove that a connection is missing.",
    'A resource is "not read" if the state does not show all connections that the resource manages, for example because of a secret. ' +
      "The connections that the state does not show may be listed as unmanaged.",
    'A connection in a state is "not verified" if no list contains it, and either its organizations were not checked or the state does ' +
      "not show them. The connection may be missing.",
  ],
  examples: [
    "datadog-org-connections inventory --stack dev",
    "datadog-org-connections inventory --stack hub --stack payments --cwd infra --format csv -o connections.csv",
    "datadog-org-connections inventory --state state.json --fail-on unmanaged",
  ],
  exitCodes: [
    [EXIT.ok, "everything was checked, read and verified, and --fail-on found nothing"],
    [EXIT.findings, "--fail-on found something"],
    [
      EXIT.incomplete,
      "something was not checked, not read or not verified, and --fail-on found nothing in the rest",
    ],
  ],
};

/** Defines the command `datadog-org-connections inventory`. */
export const defineInventory: DefineCommand = (program, context, wrapAction) => {
  const command = program
    .command("inventory")
    .summary("list every connection of all configured organizations and what manages it")
    .description(
      "Lists every connection of all configured organizations: source, destination, types, age, creator, and what " +
        "manages it.",
    )
    .addOption(
      defineRepeatable("--stack <name>", "use the credentials and the state of this stack; repeatable"),
    )
    .option("--cwd <folder>", "folder of the stack's project (default: the current folder)")
    .addOption(
      defineRepeatable(
        "--state <file>",
        "state: output of `pulumi stack export`, or of `tofu show -json` or `terraform show -json`, or a Terraform state " +
          "file; - is standard input; repeatable",
      ),
    )
    .addOption(
      new Option(
        "--fail-on <what>",
        `exit with ${EXIT.findings} if there is a connection of this kind: ${FINDINGS.join(" or ")} (for both: ${FINDINGS.join(",")}); repeatable`,
      )
        .argParser((value: string, before: Finding[]) => [...before, ...parseFindings(value)])
        .default([], "nothing"),
    );
  addOutputOptions(command, FORMATS);
  addHelpDetails(command, help).action(
    wrapAction(async (options: InventoryOptions) =>
      (await import("./run-inventory.js")).runInventory(options, context),
    ),
  );
};

function parseFindings(value: string): Finding[] {
  return value.split(",").map((name) => {
    const finding = FINDINGS.find((known) => known === name.trim());
    if (finding === undefined)
      throw new InvalidArgumentError(
        `Allowed values are ${FINDINGS.join(" and ")} (for both: ${FINDINGS.join(",")}).`,
      );
    return finding;
  });
}
