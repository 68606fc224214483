/** What a digest (the output of `pulumi preview --json` as one object) does not show, although it matters. */
import { describe, expect, it } from "vitest";
import { createReview } from "../../../cli/src/commands/review/review.js";
import { renderJson } from "../../../cli/src/commands/review/json.js";
import { renderMarkdown } from "../../../cli/src/commands/review/markdown.js";
import { renderSummaryLine } from "../../../cli/src/commands/review/summary-line.js";
import { parsePreview, parseState } from "../../../cli/src/stack/formats.js";
import { createSingle, formatEvents } from "./steps.js";

const STACK = "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev";
const hub = createSingle("hub", "hub", "logs");
const CREATE = { op: "create", urn: hub.urn, newState: { ...hub, id: "", outputs: {} } };
const DELETE = { op: "delete", urn: hub.urn, oldState: hub };

interface Options {
  steps?: object[];
  stackOp?: string;
  isEvents?: boolean;
  hasState?: boolean;
}

/** Reviews the preview of a stack with these steps. */
function review({ steps = [], stackOp = "same", isEvents = false, hasState = false }: Options = {}) {
  const all = [{ op: stackOp, urn: STACK }, ...steps];
  const text = isEvents
    ? formatEvents(all.map((metadata) => ({ resourcePreEvent: { metadata } })))
    : JSON.stringify({ steps: all });
  return createReview({
    previews: [parsePreview(text, "preview")],
    ...(hasState && { state: parseState({ deployment: { resources: [] } }, "state") }),
  });
}

describe("leftovers of interrupted replacements", () => {
  it("are unknown in a digest without a state", () => {
    const unknowns = [{ what: "leftovers", location: "acme/dev" }];
    expect(review()).toMatchObject({ outcome: "incomplete", unknowns });
    expect(review({ steps: [CREATE] })).toMatchObject({ outcome: "incomplete", unknowns });
  });

  it.each<[string, Options]>([
    ["the digest shows the steps of replacements", { steps: [{ op: "delete-replaced", urn: "urn" }] }],
    ["the digest creates the stack", { stackOp: "create" }],
    ["the state is given", { hasState: true }],
    ["the preview consists of events", { isEvents: true }],
  ])("are known if %s", (_, options) => {
    expect(review(options)).toMatchObject({ outcome: "none", unknowns: [] });
  });

  it("do not hide that data stops being shared", () => {
    expect(review({ steps: [DELETE] })).toMatchObject({ outcome: "destructive", unknowns: [{}] });
  });
});

it("a leftover that the refresh of a digest shows is deleted", () => {
  const leftover = { ...hub, delete: true };
  const steps = [{ op: "refresh", urn: hub.urn, oldState: leftover, newState: leftover }];
  expect(review({ steps })).toMatchObject({
    outcome: "destructive",
    changes: [{ kind: "delete", because: "leftover", connectionId: hub.id }],
  });
});

describe("the report names what is unknown", () => {
  it("in the headline, which then proves nothing about what stops", () => {
    expect(renderMarkdown(review())).toContain(
      "**No change of a connection is shown; ⚠️ not shown: leftovers of interrupted replacements.**",
    );
    const report = renderMarkdown(review({ steps: [CREATE] }));
    expect(report).toContain(
      "**1 change; 1 shares new data; ⚠️ not shown: leftovers of interrupted replacements.**",
    );
    expect(report).toContain("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true");
    expect(report).toMatch(/### What stops being shared\n\nNothing that the preview shows\./);
  });

  it("in the summary line and in the JSON", () => {
    expect(renderSummaryLine(review())).toBe(
      "no change shown · not shown: leftovers of interrupted replacements\n",
    );
    expect(JSON.parse(renderJson(review()))).toMatchObject({ unknowns: [{ what: "leftovers" }] });
  });
});
