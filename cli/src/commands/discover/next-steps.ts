import { formatCount, pluralize } from "../../shared/text.js";
import { formatRemainingDeclarations, listFinalSteps } from "./final-steps.js";
import type { Format, Draft } from "./draft.js";
import type { PluginLanguage } from "./plugin/program.js";

/** The language of a program. A TypeScript program declares dynamic resources. Other programs declare resources of the plugin. */
export type Language = "typescript" | PluginLanguage;

const REFRESH_PREVIEW = "pulumi preview --refresh --expect-no-changes";

/**
 * Formats a summary and the next steps, each on one line. `output` is the file that was written, or undefined for standard output.
 */
export function formatNextSteps(
  draft: Draft,
  { format, output, language = "typescript" }: { format: Format; output?: string; language?: Language },
): string[] {
  const steps = [...listFirstSteps(draft, { format, output, language }), ...listFinalSteps(draft, format)];
  return [
    formatSummary(draft, { format, output, language }),
    ...steps.map((step, at) => `${at + 1}. ${step}`),
  ];
}

/** What was written, where, and in which language. */
interface Written {
  format: Format;
  output: string | undefined;
  language: Language;
}

function formatSummary({ sources, count }: Draft, { format, output, language }: Written): string {
  const what = `${formatCount(count, "connection")} of ${formatCount(sources.length, "organization")}`;
  const file =
    format === "program" ? `${output ?? "The program"} declares` : `${output ?? "The import file"} contains`;
  const project =
    language === "typescript"
      ? "with these packages (npm install pulumi-datadog-org-connections @pulumi/pulumi)"
      : `that has the plugin${language === "yaml" ? "" : " and its SDK"} (docs/guides/plugin.md)`;
  return `${file} ${what}. Next, in a project ${project}, and in a stack with the credentials of each source organization (if one workload identity serves all of them, the \`id\` of each is enough):`;
}

function listFirstSteps(draft: Draft, { format, output, language }: Written): string[] {
  const { sources, form, count, adopt } = draft;
  if (format === "import" && language !== "typescript") {
    return [
      `pulumi import --file ${output ?? "FILE"} --out PROGRAM: reads the connections, adds them to the state, and writes their declarations to PROGRAM. It changes nothing in Datadog.`,
      "Add the declarations to the program.",
      `${REFRESH_PREVIEW}: must show no changes.`,
    ];
  }
  if (format === "import") {
    return [
      "Write the program that declares these resources: run the same command with --format program -o index.ts.",
      `pulumi import --file ${output ?? "FILE"} --generate-code=false: adds the connections to the state without a request to Datadog.`,
      `${REFRESH_PREVIEW}: reads the connections (the import did not read them) and must show no changes.${adopt ? " You can now remove `adopt` from the program." : ""}`,
    ];
  }
  if (!adopt) return listMovingSteps(draft);
  const resources = form === "set" ? sources.length : count;
  return [
    `pulumi preview: must show ${resources} to create (one more for a new stack: the stack itself), report ${pluralize(count, "the connection", `each of the ${formatCount(count, "connection")}`)} as "will adopt", and show nothing else.`,
    `pulumi up: adopts ${pluralize(count, "it", "them")} into the state and changes nothing in Datadog.`,
    `${REFRESH_PREVIEW}: reads the connections and must show no changes. You can now remove \`adopt\` from the program.`,
  ];
}

/** Lists the steps for connections of `@pulumi/datadog`, which move by an alias within their stack. */
function listMovingSteps({ count, remaining }: Draft): string[] {
  return [
    `In one change, add this file to the program of the stack that now manages the connections, and remove the @pulumi/datadog declarations of these connections${formatRemainingDeclarations(remaining)}.`,
    `pulumi preview: must show ${count} to update, and nothing to create or delete except providers of @pulumi/datadog. Check the preview with \`datadog-org-connections review --lookup\`, which must report that nothing stops being shared.`,
    "pulumi up: writes only the state and changes nothing in Datadog.",
    `${REFRESH_PREVIEW}: reads the connections and must show no changes. You can now remove \`aliases\` from the program.`,
  ];
}
