import { expect, test } from "vitest";
import { findWarnings } from "../../../../cli/src/commands/review/warnings.js";
import { listFanOuts } from "../../../../cli/src/changes/fan-out.js";
import type { OrganizationRef } from "../../../../cli/src/changes/shared-data.js";
import { toPlainText } from "../../../../cli/src/changes/rich-text.js";
import { createChange } from "../../changes/create-change.js";

/** Lists the warnings about too many destinations, for changes with these sources and destinations, by default creates. */
function listFanOutWarnings(
  pairs: readonly { source: OrganizationRef; sink: string; kind?: "create" | "adopt" }[],
): string[] {
  const changes = pairs.map(({ source, sink, kind = "create" }, at) =>
    createChange(kind, {
      resource: `r${at}`,
      address: `u${at}`,
      after: { source, sink: { id: sink }, connectionTypes: ["logs"] },
    }),
  );
  const fanOuts = listFanOuts({ changes, unchanged: [], unreadable: [] });
  return findWarnings(changes, fanOuts, []).flatMap(({ code, sentence }) =>
    code === "fan-out" ? [toPlainText(sentence)] : [],
  );
}
const SINKS = ["a", "b", "c", "d", "e", "f"];

test("more than five destinations of one source: a pair that is declared twice counts once", () => {
  const payments = { id: "aaaaaaaa-0003-4000-8000-000000000003", name: "payments" };
  const pairs = SINKS.map((sink) => ({ source: payments, sink }));
  expect(listFanOutWarnings([...pairs, { source: payments, sink: "a" }])).toEqual([
    expect.stringContaining("payments will share with 6 organizations, 6 of them new."),
  ]);
  expect(listFanOutWarnings(pairs.slice(1))).toEqual([]);
});

test("an adopted connection is not new, and adoptions alone are no reason for a warning", () => {
  const adopted = SINKS.map((sink) => ({ source: { id: "payments" }, sink, kind: "adopt" as const }));
  expect(listFanOutWarnings(adopted)).toEqual([]);
  expect(listFanOutWarnings([...adopted, { source: { id: "payments" }, sink: "g" }])).toEqual([
    expect.stringContaining("payments will share with 7 organizations, 1 of them new."),
  ]);
});

test("connections whose sources are unknown may have different sources, so there is no warning", () => {
  expect(listFanOutWarnings(SINKS.map((sink) => ({ source: {}, sink })))).toEqual([]);
});
