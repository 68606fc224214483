import * as v from "valibot";
import { markReferences } from "./event-references.js";
import { previewConfigSchema, stepSideSchema, type PreviewContent, type PulumiStep } from "./pulumi-step.js";

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
 * Parses the events of the engine; undefined if these are not such events.
 *
 * @param name - the name of the input in messages
 * @throws if the engine's summary is missing: even a failed preview ends with it, so the events are incomplete
 */
export function parseEvents(events: readonly unknown[], name: string): PreviewContent | undefined {
  const preview: PreviewContent = { steps: [], config: {}, diagnostics: [] };
  /**
   * The running refreshes, imports and creates by {@link getStepKey}. The second event of each has the new state, unless a refresh
   * found the resource gone. For a create, that state is what a plugin already knows in the preview.
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
      // Some versions of the engine still call a refresh "refresh" here, others name what it found, such as "update".
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
 * Returns a key that both events of a step have. The old id is part of it, because the engine concurrently refreshes a resource and what
 * an interrupted replacement left behind under the same URN. An import has an old state only in the second event.
 */
const getStepKey = ({ op, urn, old }: Metadata): string =>
  JSON.stringify([urn, op === "import" ? undefined : old?.fields.id]);

function toStep({ op, urn, old, new: next }: Metadata): PulumiStep {
  return { op, urn, isRefresh: op === "refresh", oldState: old, newState: next };
}
