import { expect, test } from "vitest";
import { OrgConnectionSet } from "../../../provider/src/resources/org-connection-set.js";
import { OrgConnection } from "../../../provider/src/resources/org-connection.js";
import { useProgram } from "./program.js";

const runProgram = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";

test("a unit test with mocks gets only the inputs of the program, although no source has credentials", async () => {
  const { registered, errors } = await runProgram(() => {
    new OrgConnection("one", { source: "paymets", sinkOrgId: HUB });
    new OrgConnectionSet("all", { source: "chekout", connections: { [HUB]: ["logs"] } });
  });
  expect(errors).toEqual([]);
  expect(
    registered.map(({ inputs }) =>
      Object.keys(inputs)
        .filter((key) => key !== "__provider")
        .toSorted(),
    ),
  ).toEqual([
    ["sinkOrgId", "source"],
    ["connections", "source"],
  ]);
});
