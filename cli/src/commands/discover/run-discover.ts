import { formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import { UsageError, type CommandContext } from "../../shared/command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { prepareOutput } from "../../shared/write-atomic.js";
import { createDraft, type Draft, type Form, type Format } from "./draft.js";
import { formatImportFile, formatPluginImportFile } from "./import-file.js";
import { formatNextSteps, type Language } from "./next-steps.js";
import { formatPluginProgram } from "./plugin-program.js";
import { formatProgram } from "./program.js";
import { readDraftInputs, type DiscoverScope } from "./read-draft-inputs.js";
import type { OutputOptions } from "../../shared/output-options.js";

/** The options of `discover`. */
export interface DiscoverOptions extends DiscoverScope, OutputOptions<Format> {
  form: Form;
  language: Language;
}

/** Writes the program or the import file for the live connections, and returns the exit code. */
export async function runDiscover(options: DiscoverOptions, context: CommandContext): Promise<number> {
  if (options.format === "import" && options.form === "set" && options.language === "typescript") {
    throw new UsageError(
      "With --language typescript, --format import writes only single connections. Omit --form set or --format import, or set --language to yaml, python or go.",
    );
  }
  const write = prepareOutput(options, context);
  const draft = createDraft(await readDraftInputs(options, context), options.form);
  const report = (text: string) => context.stderr.write(`${formatSentence(text)}\n`);
  for (const remark of draft.remarks) report(remark);
  if (draft.count === 0)
    report(
      draft.complete
        ? "There are no live connections that a program can adopt. Nothing was written."
        : "No connections to adopt were found, but not everything could be read. Nothing was written.",
    );
  else {
    write(formatDraft(draft, options));
    for (const line of formatNextSteps(draft, options)) report(line);
  }
  return draft.complete ? EXIT.ok : EXIT.incomplete;
}

function formatDraft(
  draft: Draft,
  { format, language }: Pick<DiscoverOptions, "format" | "language">,
): string {
  const day = new Date().toISOString().slice(0, 10);
  if (language !== "typescript") {
    if (format === "import") return formatPluginImportFile(draft);
    return formatPluginProgram(draft, language, day);
  }
  if (format === "import") return formatImportFile(draft);
  return formatProgram(draft, day);
}
