import { parseJson } from "datadog-org-connections-core/text/data.js";
import * as v from "valibot";
import { isStackUrn } from "./pulumi-resources.js";
import {
  previewConfigSchema,
  stepSchema,
  stepSideSchema,
  toPreview,
  type PreviewContent,
  type PulumiStep,
} from "./pulumi-step.js";
import type { Preview } from "./step.js";

/** What a preview or a plan can be, for messages. */
export const EXPECTED_INPUT =
  "Pass the complete standard output of `pulumi preview --json`, without standard error. For Terraform and OpenTofu, pass the " +
  "output of `terraform show -json PLAN` or `tofu show -json PLAN`.";

/**
 * Parses the output of `pulumi preview --json`, which is one object. With PULUMI_ENABLE_STREAMING_JSON_PREVIEW, it is one event per
 * line.
 *
 * @param json - `body`, parsed as JSON. `undefined` if the whole is not JSON
 * @param name - the name of the input in messages
 * @throws an error that says what is wrong with the input
 */
export function parsePulumiPreview(body: string, json: unknown, name: string): Preview {
  const preview = markFailure(json === undefined ? parseLines(body, name) : parseObject(json, name));
  const failed = preview.diagnostics.some(({ severity }) => severity === "error");
  // Even an empty program has a step: the stack itself.
  if (preview.steps.length === 0 && !failed) throw new Error(`${name} contains no step. ${EXPECTED_INPUT}`);
  return toPreview(preview, name);
}

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

const metadataSchema = v.object({
  op: v.string(),
  urn: v.string(),
  old: stepSideSchema,
  new: stepSideSchema,
});
type Metadata = v.InferOutput<typeof metadataSchema>;

const engineEventSchema = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config: v.nullish(previewConfigSchema) })),
  diagnosticEvent: v.optional(
    v.object({ severity: v.string(), message: v.string(), ephemeral: v.optional(v.boolean(), false) }),
  ),
  resourcePreEvent: v.optional(v.object({ metadata: metadataSchema })),
  resOutputsEvent: v.optional(v.object({ metadata: metadataSchema })),
  summaryEvent: v.optional(v.unknown()),
});

/**
 * Parses the events of the engine.
 *
 * @param name - the name of the input in messages
 * @returns `undefined` if an event has an unexpected format
 * @throws if the events have no summary. Such events are incomplete, because even a failed preview ends with a summary
 */
function parseEvents(events: readonly unknown[], name: string): PreviewContent | undefined {
  const preview: PreviewContent = { steps: [], config: {}, diagnostics: [] };
  /**
   * The refreshes, imports and creates whose second event (`resOutputsEvent`) has not been read yet. {@link getStepKey} returns the
   * keys. The second event has the new state. If a refresh does not find the resource, the new state is missing. For a create, the
   * new state has the outputs that a plugin already knows in a preview.
   */
  const pending = new Map<string, PulumiStep>();
  let isComplete = false;
  for (const event of events) {
    const parsed = v.safeParse(engineEventSchema, event);
    if (!parsed.success) return undefined;
    const { preludeEvent, diagnosticEvent, resourcePreEvent, resOutputsEvent, summaryEvent } = parsed.output;
    if (summaryEvent !== undefined) isComplete = true;
    if (preludeEvent) preview.config = preludeEvent.config ?? {};
    if (diagnosticEvent && !diagnosticEvent.ephemeral && diagnosticEvent.severity !== "debug") {
      const { severity, message } = diagnosticEvent;
      // Remove the engine's color codes, such as `<{%reset%}>`.
      preview.diagnostics.push({ severity, message: message.replaceAll(/<\{%[^%]*%\}>/g, "") });
    }
    if (resourcePreEvent) {
      const step = toStep(resourcePreEvent.metadata);
      if (step.isRefresh || step.op === "import" || step.op === "create")
        pending.set(getStepKey(resourcePreEvent.metadata), step);
      preview.steps.push(step);
    }
    if (resOutputsEvent) {
      const { op, new: found } = resOutputsEvent.metadata;
      const key = getStepKey(resOutputsEvent.metadata);
      const step = pending.get(key);
      // In the second event of a refresh, some versions of the engine repeat the operation `refresh`. Other versions show the
      // result of the refresh, such as `update`.
      if (step) {
        if (found) Object.assign(step, { op, newState: found });
        else if (step.isRefresh) step.op = "delete";
      }
      pending.delete(key);
    }
  }
  if (!isComplete)
    throw new Error(
      `${name} is incomplete: it stops before the summary of the preview. Run the preview again.`,
    );
  return { ...preview, steps: markReferences(preview.steps) };
}

/**
 * Returns a key that is the same for both events of a step. The key contains the old ID, because the engine can concurrently
 * refresh a resource and the leftover of its interrupted replacement. Both have the same URN. The key of an import has no ID,
 * because the first event of an import has no old state.
 */
const getStepKey = ({ op, urn, old }: Metadata): string =>
  JSON.stringify([urn, op === "import" ? undefined : old?.fields.id]);

function toStep({ op, urn, old, new: next }: Metadata): PulumiStep {
  return { op, urn, isRefresh: op === "refresh", oldState: old, newState: next };
}

/**
 * The operations whose old side can be a reference, besides a refresh. Do not add others, such as `delete`, because then the report
 * could omit a deletion.
 */
const OPERATIONS_ON_REFERENCES: ReadonlySet<string> = new Set([
  ...["read", "discard", "discard-replaced"],
  // The reference becomes a managed resource.
  ...["create-replacement", "replace"],
]);

/**
 * Marks references (`OrgConnection.get`) in the events of older engines. Events have the field `external` only since
 * https://github.com/pulumi/pulumi/pull/22331 (March 2026). Without this field, the operations reveal the references, because the
 * engine reads and discards only references. Two cases are ambiguous:
 * - If a managed resource becomes a reference with the same ID, its old side is marked too.
 * - If a reference is only refreshed, it counts as managed.
 */
function markReferences(steps: readonly PulumiStep[]): PulumiStep[] {
  const replacedByRead = new Set(steps.flatMap(({ op, urn }) => (op === "read-replacement" ? [urn] : [])));
  const references = new Set(steps.filter(startsFromReference).map(getKey));
  return steps.map((step): PulumiStep => {
    const { op, urn, isRefresh, oldState, newState } = step;
    const isReference =
      references.has(getKey(step)) && (isRefresh === true || OPERATIONS_ON_REFERENCES.has(op));
    const becomesReference = op.startsWith("read") || (op === "replace" && replacedByRead.has(urn));
    return {
      ...step,
      oldState: isReference ? markReference(oldState) : oldState,
      newState: becomesReference || (isReference && isRefresh) ? markReference(newState) : newState,
    };
  });
}

/**
 * Whether the old side of a step counts as an unmarked reference. If the new side of a read is marked, the engine marks references
 * itself, so the old side is already correct.
 */
const startsFromReference = ({ op, newState }: PulumiStep): boolean =>
  op.startsWith("discard") || (op === "read" && newState?.fields.external === false);

/** The ID is part of the key, because a resource and the leftover of its interrupted replacement have the same URN. */
const getKey = ({ urn, oldState }: PulumiStep): string => JSON.stringify([urn, oldState?.fields.id]);

const markReference = (side: PulumiStep["oldState"]): PulumiStep["oldState"] =>
  side && { ...side, fields: { ...side.fields, external: true } };
