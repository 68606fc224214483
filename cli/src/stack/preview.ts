import * as v from "valibot";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { parseEvents } from "./preview-events.js";
import { isStackUrn } from "./pulumi-resources.js";
import { previewConfigSchema, stepSchema, toPreview, type PreviewContent } from "./pulumi-step.js";
import type { Preview } from "./step.js";
import { parsePlan } from "./terraform-plan.js";

const diagnosticSchema = v.object({
  severity: v.optional(v.string(), "info"),
  message: v.optional(v.string(), ""),
});
/** A preview as one object, which the engine calls a digest (pulumi/pulumi, pkg/backend/display/json.go). */
const digestSchema = v.object({
  steps: v.optional(v.array(stepSchema), []),
  config: v.optional(previewConfigSchema, {}),
  diagnostics: v.optional(v.array(diagnosticSchema), []),
  /** The number of resources by operation, even of those without a step. */
  changeSummary: v.fallback(v.optional(v.record(v.string(), v.number()), {}), {}),
});

const EXPECTED_INPUT =
  "Pass the complete standard output of `pulumi preview --json`, without standard error. For Terraform and OpenTofu, pass the " +
  "output of `terraform show -json PLAN` or `tofu show -json PLAN`.";
/** The output of `terraform show -json` or `tofu show -json`, for a plan or a state. */
const terraformOutputSchema = v.object({ format_version: v.unknown() });

/**
 * Parses a preview or a plan. Accepts the output of these commands:
 * - `pulumi preview --json`, which is one object. With PULUMI_ENABLE_STREAMING_JSON_PREVIEW, it is one event per line.
 * - `terraform show -json PLAN` or `tofu show -json PLAN`
 *
 * @param name - the name of the input in messages, such as `preview.json`, and the `location` of the resources of a plan
 * @throws an error that says what is wrong with the input
 */
export function parsePreview(text: string, name: string): Preview {
  // A shell may have added a byte order mark.
  const body = text.replace(/^\uFEFF/, "").trimEnd();
  if (body.trim() === "") throw new Error(`${name} is empty. ${EXPECTED_INPUT}`);
  const json = parseJson(body);
  if (v.is(terraformOutputSchema, json)) return parsePlan(json, name);
  const preview = markFailure(json === undefined ? parseLines(body, name) : parseObject(json, name));
  const failed = preview.diagnostics.some(({ severity }) => severity === "error");
  // Even an empty program has a step: the stack itself.
  if (preview.steps.length === 0 && !failed) throw new Error(`${name} contains no step. ${EXPECTED_INPUT}`);
  return toPreview(preview, name);
}

/**
 * Marks the messages of a failed program as errors. A program in YAML that fails before its first resource prints only messages of
 * the severity `info#err`. So does a dynamic provider that prints to standard error, but only for a resource that the preview shows or counts.
 */
function markFailure(preview: PreviewContent & { registered?: number }): PreviewContent {
  const { steps, diagnostics, registered = 0 } = preview;
  const isEmpty = registered <= 1 && steps.every(({ urn }) => isStackUrn(urn));
  if (!isEmpty || diagnostics.some(({ severity }) => severity === "error")) return preview;
  return {
    ...preview,
    diagnostics: diagnostics.map((one) =>
      one.severity === "info#err" ? { ...one, severity: "error" } : one,
    ),
  };
}

/** Parses the preview as one object. */
function parseObject(json: unknown, name: string): PreviewContent & { registered?: number } {
  const isPreview =
    typeof json === "object" &&
    json !== null &&
    ("steps" in json || "changeSummary" in json || "diagnostics" in json);
  const parsed = isPreview ? v.safeParse(digestSchema, json) : undefined;
  if (!parsed) {
    // Input with only one line can be a single event.
    const events = parseEvents([json], name);
    if (events) return events;
    throw new Error(`${name} is not the output of \`pulumi preview --json\`. ${EXPECTED_INPUT}`);
  }
  if (!parsed.success) {
    const path = v.getDotPath(parsed.issues[0]);
    throw new Error(
      `${name} is not a preview that this version can read: \`${String(path)}\` is missing or invalid. ${EXPECTED_INPUT}`,
    );
  }
  const { changeSummary, ...content } = parsed.output;
  return {
    ...content,
    isDigest: true,
    registered: Object.values(changeSummary).reduce((sum, count) => sum + count, 0),
  };
}

/** Parses the preview as one event per line. */
function parseLines(body: string, name: string): PreviewContent {
  const lines = body
    .split("\n")
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(({ text }) => text !== "");
  const events = lines.map(({ text }) => parseJson(text));
  const invalid = lines[events.indexOf(undefined)];
  const preview = invalid ? undefined : parseEvents(events, name);
  if (preview) return preview;
  const where = invalid
    ? ` Line ${invalid.number} is not JSON, so the input is incomplete or has another format.`
    : "";
  throw new Error(`${name} is not the output of \`pulumi preview --json\`.${where} ${EXPECTED_INPUT}`);
}
