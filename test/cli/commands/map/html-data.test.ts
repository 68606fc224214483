import { expect, test } from "vitest";
import { htmlOf } from "../../../../cli/src/commands/map/html.js";
import { topologyOf } from "../../../../cli/src/topology/rows.js";

const HOSTILE = "a\u202eb";
const organization = (number: number) => `aaaaaaaa-000${number}-4000-8000-000000000001`;

test.each(["types", "createdAt", "createdBy", "managedBy"])(
  "the data of the page shows what nobody would see in %s",
  async (field) => {
    const isList = field === "types" || field === "managedBy";
    const row = {
      id: "c1",
      source: { id: organization(1) },
      sink: { id: organization(2) },
      types: ["logs"],
      [field]: isList ? [HOSTILE] : HOSTILE,
    };
    const page = await htmlOf(topologyOf([row], ["acme/dev"]), { title: "x", at: new Date(0) });
    expect(page).toContain("a\\\\u{202e}b");
    expect(page).not.toContain("\u202e");
  },
);
