import * as v from "valibot";
import { previewConfig, sideOfStep, type Preview, type Step } from "./step.js";

const metadata = v.object({
  op: v.string(),
  urn: v.string(),
  old: sideOfStep,
  new: sideOfStep,
});
const event = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config: v.nullish(previewConfig) })),
  diagnosticEvent: v.optional(
    v.object({ severity: v.string(), message: v.string(), ephemeral: v.optional(v.boolean(), false) }),
  ),
  resourcePreEvent: v.optional(v.object({ metadata })),
  resOutputsEvent: v.optional(v.object({ metadata })),
  summaryEvent: v.optional(v.unknown()),
});

/**
 * A preview from the engine's events; none when they are no such events.
 *
 * @throws when they stop before the engine's summary, which ends a preview that failed too: what was to come is not known
 */
export function fromEvents(events: readonly unknown[], name: string): Preview | undefined {
  const preview: Preview = { steps: [], config: {}, diagnostics: [] };
  /** The refresh under way, by URN: what it finds comes with its second event. */
  const refreshes = new Map<string, Step>();
  let isComplete = false;
  for (const one of events) {
    const parsed = v.safeParse(event, one);
    if (!parsed.success) return undefined;
    const { preludeEvent, diagnosticEvent, resourcePreEvent, resOutputsEvent, summaryEvent } = parsed.output;
    if (summaryEvent !== undefined) isComplete = true;
    if (preludeEvent) preview.config = preludeEvent.config ?? {};
    if (diagnosticEvent && !diagnosticEvent.ephemeral && diagnosticEvent.severity !== "debug") {
      const { severity, message } = diagnosticEvent;
      preview.diagnostics.push({ severity, message: message.replaceAll(/<\{%[^%]*%\}>/g, "") });
    }
    if (resourcePreEvent) {
      const step = stepOf(resourcePreEvent.metadata);
      if (step.isRefresh) refreshes.set(step.urn, step);
      preview.steps.push(step);
    }
    if (resOutputsEvent) {
      const { op, urn, new: found } = resOutputsEvent.metadata;
      const refresh = refreshes.get(urn);
      // The operation of this event is "refresh" or what it came to, by the version of the engine.
      if (refresh) {
        if (found) refresh.new = found;
        refresh.op = found ? op : "delete";
      }
      refreshes.delete(urn);
    }
  }
  if (!isComplete)
    throw new Error(`${name} was cut short: it stops before the preview's summary. Run the preview again.`);
  return preview;
}

function stepOf({ op, urn, old, new: wanted }: v.InferOutput<typeof metadata>): Step {
  return { op, urn, isRefresh: op === "refresh", old: old ?? undefined, new: wanted ?? undefined };
}
