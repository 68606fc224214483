import { expect, it } from "vitest";
import { parsePreview } from "../../../cli/src/stack/formats.js";
import { createSingle, formatEvents } from "../changes/steps.js";

const hub = createSingle("to-hub", "hub", "logs");
const stack = {
  urn: "urn:pulumi:dev::acme::pulumi:pulumi:Stack::acme-dev",
  type: "pulumi:pulumi:Stack",
};
const created = createSingle("new", "search", "logs");

type Step = [op: string, old: typeof stack | undefined, next?: typeof stack];
const SAME_STACK: Step = ["same", stack, stack];
const CREATE: Step = ["create", undefined, created];

const parseDigest = (steps: readonly Step[]) =>
  parsePreview(
    JSON.stringify({
      steps: steps.map(([op, oldState, newState]) => ({
        op,
        urn: (newState ?? oldState)?.urn,
        oldState,
        newState,
      })),
    }),
    "preview",
  );

/** @param steps - a refresh has its second event at once */
const parseEvents = (steps: readonly Step[]) => {
  const events = steps.flatMap(([op, old, next]) => {
    const metadata = { op, urn: (next ?? old)?.urn, old, new: next };
    const found = { resOutputsEvent: { metadata: { ...metadata, op: "same" } } };
    return [{ resourcePreEvent: { metadata } }, ...(op === "refresh" ? [found] : [])];
  });
  return parsePreview(formatEvents(events), "preview");
};

const REFRESH_HUB: Step = ["refresh", hub, hub];
const protectedHub = { ...hub, protect: true };

it.each<[string, boolean, Step[]]>([
  ["--show-sames", true, [SAME_STACK, ["same", hub, hub], CREATE]],
  ["--show-sames, with a protected resource", true, [SAME_STACK, ["same", protectedHub, protectedHub]]],
  ["no flag", false, [SAME_STACK, CREATE]],
  ["no flag, and a resource becomes protected", false, [SAME_STACK, ["same", hub, protectedHub], CREATE]],
  ["no flag, and a resource is unprotected", false, [SAME_STACK, ["same", protectedHub, hub]]],
  ["--refresh", true, [["refresh", stack, stack], REFRESH_HUB, SAME_STACK, CREATE]],
  ["--refresh, after which the program fails", true, [["refresh", stack, stack], REFRESH_HUB]],
  ["--refresh and --target", false, [REFRESH_HUB, SAME_STACK, CREATE]],
  ["no flag, and a new stack", true, [["create", undefined, stack], CREATE]],
])("a preview with %s shows what does not change: %s", (_, expected, steps) => {
  for (const parse of [parseDigest, parseEvents]) expect(parse(steps).showsUnchanged).toBe(expected);
});

it("the digest of a targeted refresh does not show it, whatever operation its steps have", () => {
  expect(parseDigest([["same", hub, hub], SAME_STACK, CREATE]).showsUnchanged).toBe(false);
});
