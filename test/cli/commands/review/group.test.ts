import { describe, expect, it } from "vitest";
import type { Change } from "../../../../cli/src/changes/facts.js";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { describeBreaks } from "../../../../cli/src/commands/review/breaks.js";
import { formatResources } from "../../../../cli/src/commands/review/group.js";
import { createChange } from "../../changes/create-change.js";

const hide = (location: string, resource = "hub"): Change =>
  createChange("delete", { location, resource, address: resource, isUnreadable: true });
const format = (...changes: Change[]): string => toPlainText(formatResources(changes));

describe("the names of changed resources", () => {
  it("have no stack if they differ, even with several changes of one resource", () => {
    expect(format(hide("acme/dev"), hide("acme/dev"), hide("acme/prod", "search"))).toBe("hub and search");
  });

  it("have the stack if resources of several stacks have the same name", () => {
    expect(format(hide("acme/dev"), hide("acme/prod"), hide("acme/prod", "search"))).toBe(
      "hub (acme/dev), hub (acme/prod) and search",
    );
  });

  it("are counted by resource, not by name", () => {
    const changes = Array.from({ length: 10 }, (_, index) => hide(`acme/${index}`));
    expect(format(...changes)).toMatch(/^10 resources \(hub \(acme\/0\), .* and 5 more\)$/);
    expect(describeBreaks(changes).map(({ sentence }) => toPlainText(sentence))).toEqual([
      expect.stringMatching(/^It is unknown what breaks if 10 resources \(.*\) stop sharing data\.$/),
    ]);
  });
});
