import * as v from "valibot";
import { fromEvents } from "./preview-events.js";
import { identifyStep, OPERATIONS, previewConfig, step, type Preview } from "./step.js";

const diagnostic = v.object({
  severity: v.optional(v.string(), "info"),
  message: v.optional(v.string(), ""),
});
const digest = v.object({
  steps: v.optional(v.array(step), []),
  config: v.optional(previewConfig, {}),
  diagnostics: v.optional(v.array(diagnostic), []),
  changeSummary: v.optional(v.unknown()),
  duration: v.optional(v.unknown()),
});

const WANTED =
  "What `pulumi preview --json` prints is needed, whole and nothing else (without its standard error).";

/**
 * What `pulumi preview --json` prints: one object, or, with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, one event a line.
 *
 * @param name - how messages call the text: `preview.json`
 * @throws an error that says what is wrong with the text
 */
export function parsePreview(text: string, name: string): Preview {
  const preview = parseForm(text, name);
  const failed = preview.diagnostics.some(({ severity }) => severity === "error");
  // Even that of an empty program has the stack's own step.
  if (preview.steps.length === 0 && !failed) throw new Error(`${name} holds no step. ${WANTED}`);
  const odd = preview.steps.find((one) => !OPERATIONS.has(one.op) && identifyStep(one));
  if (odd) {
    throw new Error(
      `${name} is no preview that this version can read: it does not know the operation ${JSON.stringify(odd.op)}, which ` +
        `the preview has for ${identifyStep(odd)?.name ?? ""}. Look for a newer version.`,
    );
  }
  return preview;
}

function parseForm(text: string, name: string): Preview {
  // A shell may have written it as UTF-8 with a byte order mark.
  const body = text.replace(/^\uFEFF/, "").trim();
  if (body === "") throw new Error(`${name} is empty. ${WANTED}`);
  const whole = parseJson(body);
  if (whole === undefined) return fromLines(body, name);
  const isPreview =
    typeof whole === "object" &&
    whole !== null &&
    ("steps" in whole || "changeSummary" in whole || "diagnostics" in whole);
  const parsed = isPreview ? v.safeParse(digest, whole) : undefined;
  if (!parsed) {
    const events = fromEvents([whole], name);
    if (events) return events;
    throw new Error(`${name} is no preview. ${WANTED}`);
  }
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]);
    throw new Error(`${name} is no preview that this version can read: see \`${String(at)}\`. ${WANTED}`);
  }
  const { steps, config, diagnostics } = parsed.output;
  return { steps, config, diagnostics };
}

function fromLines(body: string, name: string): Preview {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map(parseJson);
  const cut = events.findIndex((event) => event === undefined);
  const preview = cut === -1 ? fromEvents(events, name) : undefined;
  if (preview) return preview;
  const where = cut === -1 ? "" : ` Line ${cut + 1} is no JSON, so it was cut short or is something else.`;
  throw new Error(`${name} is no preview.${where} ${WANTED}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
