import { describe, expect, it } from "vitest";
import type { Change } from "../../../cli/src/changes/facts.js";
import type { SharedData } from "../../../cli/src/changes/shared-data.js";
import { createChange } from "./create-change.js";

const source = { id: "00000000-0000-4000-8000-000000000001" };
const sink = { id: "00000000-0000-4000-8000-000000000002" };
const logs: SharedData = { source, sink, connectionTypes: ["logs"] };
const unknown: SharedData = { source, sink, connectionTypes: [], openTypes: "unknown" };
const unspecified: SharedData = { source, sink, connectionTypes: [], openTypes: "unspecified" };

const bothSides = (before: SharedData, after: SharedData) => ({ before, after });
const createNotice = (removedTypes: string[]) => ({
  adoptionNotice: { connectionId: "x", connectionTypes: ["logs"], removedTypes },
});

describe("a change that stops or may stop sharing something", () => {
  it.each<[string, Change]>([
    ["a deletion", createChange("delete", { before: logs })],
    ["a replacement", createChange("replace", bothSides(logs, logs))],
    ["types that are removed", createChange("update", { ...bothSides(logs, logs), removedTypes: ["logs"] })],
    ["an adoption that may come too late", createChange("adopt", { after: logs, mayInterrupt: true })],
    [
      "a collision whose adoption removes types",
      createChange("create", { after: logs, collision: { connectionId: "x", removedTypes: [] } }),
    ],
    [
      "an announced adoption that removes types",
      createChange("create", { after: logs, ...createNotice(["audit"]) }),
    ],
    [
      "an announced adoption with unknown types",
      createChange("create", { after: unknown, ...createNotice([]) }),
    ],
    ["an update to unknown types", createChange("update", bothSides(logs, unknown))],
    ["an update of unknown types", createChange("update", bothSides(unknown, logs))],
  ])("%s", (_, change) => expect(change.stops).toBeDefined());

  it.each<[string, Change]>([
    ["is no creation", createChange("create", { after: logs })],
    ["is no creation with unknown types", createChange("create", { after: unknown })],
    [
      "is no update that only adds",
      createChange("update", { ...bothSides(logs, logs), addedTypes: ["audit"] }),
    ],
    [
      "is no update of unknown types to unspecified ones",
      createChange("update", bothSides(unknown, unspecified)),
    ],
    ["is no release", createChange("release", bothSides(unknown, logs))],
    ["is no change of the state alone", createChange("state-only", bothSides(unknown, logs))],
    [
      "is no announced adoption that keeps all types",
      createChange("create", { after: logs, ...createNotice([]) }),
    ],
    [
      "is no collision without an adoption",
      createChange("create", { after: logs, collision: { connectionId: "x" } }),
    ],
  ])("%s", (_, change) => expect(change.stops).toBeUndefined());
});

describe("a change that may adopt any connection", () => {
  const nowhere: SharedData = { ...logs, sink: {} };
  it.each<[string, Change, boolean]>([
    ["a creation with an unknown destination", createChange("create", { adopt: true, after: nowhere }), true],
    [
      "a replacement with an unknown source",
      createChange("replace", { adopt: true, after: { ...logs, source: {} } }),
      true,
    ],
    ["a creation without `adopt`", createChange("create", { after: nowhere }), false],
    [
      "a creation of a known pair that nothing has checked",
      createChange("create", { adopt: true, after: logs, isAdoptionUnchecked: true }),
      true,
    ],
    [
      "a creation with unspecified types that nothing has checked",
      createChange("create", { adopt: true, after: unspecified, isAdoptionUnchecked: true }),
      false,
    ],
    ["a creation of a known pair", createChange("create", { adopt: true, after: logs }), false],
    ["an update", createChange("update", { adopt: true, after: nowhere }), false],
    [
      "a creation with unspecified types, which an adoption keeps",
      createChange("create", { adopt: true, after: { ...unspecified, sink: {} } }),
      false,
    ],
    ["a deletion", createChange("delete", { adopt: true, before: logs }), false],
  ])("%s: %#", (_, change, expected) => {
    expect(change.stops?.why.includes("unseen-pair") ?? false).toBe(expected);
  });
});

describe("a change by which a destination receives or may receive more", () => {
  it.each<[string, Change, boolean]>([
    ["types that are added", createChange("update", { after: logs, addedTypes: ["logs"] }), true],
    ["a creation with unknown types", createChange("create", { after: unknown }), true],
    ["a creation with unspecified types", createChange("create", { after: unspecified }), true],
    ["a replacement with unknown types", createChange("replace", { after: unknown }), true],
    ["an update to unknown types", createChange("update", { after: unknown }), true],
    ["an update without new types", createChange("update", { after: logs }), false],
    ["an update to unspecified types", createChange("update", bothSides(unknown, unspecified)), false],
    ["an adoption with unknown types", createChange("adopt", { after: unknown }), true],
    ["an adoption that keeps the types", createChange("adopt", { after: unspecified }), false],
    [
      "an adoption of unspecified types that may be a creation",
      createChange("adopt", { after: unspecified, mayInterrupt: true }),
      true,
    ],
    [
      "an adoption of known types that may be a creation",
      createChange("adopt", { after: logs, mayInterrupt: true }),
      false,
    ],
    ["a repair to unknown types", createChange("drift", { after: unknown }), true],
    ["a repair to unspecified types", createChange("drift", { after: unspecified }), false],
    [
      "a new connection with unspecified types for one that is gone",
      createChange("drift", { after: unspecified, drift: { gone: true, added: [], removed: [] } }),
      true,
    ],
    ["a deletion", createChange("delete", { before: logs }), false],
    ["a release", createChange("release", { after: unknown }), false],
  ])("%s: %#", (_, change, expected) => expect(change.starts !== undefined).toBe(expected));
});
