import { expect, test } from "vitest";
import { formatMermaid } from "../../../cli/src/topology/mermaid.js";
import type { Topology } from "../../../cli/src/topology/topology.js";

const topology: Topology = {
  organizations: [
    { id: "a", name: "Payments" },
    { id: "b", name: 'Hub "EU"]; x' },
    { id: "c", name: "alone" },
  ],
  connections: [
    { sourceOrgId: "a", sinkOrgId: "b", connectionTypes: ["logs"] },
    { sourceOrgId: "b", sinkOrgId: "a", connectionTypes: [], change: "deleted" },
  ],
};

test("changes come first, with a word and a color; organizations without a connection are left out", () => {
  expect(formatMermaid(topology)).toEqual({
    omitted: 0,
    text: [
      "flowchart LR",
      '  o0["Payments"]',
      '  o1["Hub #34;EU#34;#93;#59; x"]',
      '  o1 -->|"deleted: types chosen by Datadog"| o0',
      '  o0 -->|"logs"| o1',
      "  linkStyle 0 stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
    ].join("\n"),
  });
});

test("what does not fit is counted", () => {
  expect(formatMermaid(topology, { maxConnections: 1 })).toMatchObject({ omitted: 1 });
});
