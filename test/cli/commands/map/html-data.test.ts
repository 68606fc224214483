import { expect, test } from "vitest";
import { renderHtml } from "../../../../cli/src/commands/map/html.js";
import { buildTopology } from "../../../../cli/src/topology/build-topology.js";

const HOSTILE = "a\u202eb";
const createId = (number: number) => `aaaaaaaa-000${number}-4000-8000-000000000001`;

test.each(["types", "createdAt", "createdBy", "managedBy"])(
  "the data of the page has no invisible characters in %s",
  async (field) => {
    const isList = field === "types" || field === "managedBy";
    const row = {
      id: "c1",
      source: { id: createId(1) },
      sink: { id: createId(2) },
      types: ["logs"],
      [field]: isList ? [HOSTILE] : HOSTILE,
    };
    const page = await renderHtml(buildTopology([row], ["acme/dev"]), { title: "x", at: new Date(0) });
    expect(page).toContain("a\\\\u{202e}b");
    expect(page).not.toContain("\u202e");
  },
);

test("a name does not end the element of the data", async () => {
  const source = { id: createId(1), name: "</script><script>alert(1)</script>" };
  const row = { id: "c1", source, sink: { id: createId(2) }, types: ["logs"] };
  const page = await renderHtml(buildTopology([row], []), { title: "x", at: new Date(0) });
  expect(page).toContain("\\u003c/script>\\u003cscript>alert(1)");
  expect(page).not.toContain("<script>alert(1)");
});
