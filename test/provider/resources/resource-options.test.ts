/** What the constructors report of the option `dependsOn`, because the engine does not pass it to check. */
import { output } from "@pulumi/pulumi/output.js";
import { ComponentResource, type Resource } from "@pulumi/pulumi/resource.js";
import { expect, test } from "vitest";
import { DEPENDS_ON_OTHERS } from "../../../core/src/connection/check.js";
import { OrgConnectionSet } from "../../../provider/src/resources/org-connection-set.js";
import { OrgConnection } from "../../../provider/src/resources/org-connection.js";
import { collectOptions } from "../../../provider/src/resources/resource-options.js";
import { useProgram } from "./program.js";

const runProgram = useProgram();
const HUB = "aaaaaaaa-0001-4000-8000-000000000001";

test.each<[string, (resources: Record<"own" | "set" | "other", Resource>) => unknown, boolean]>([
  ["nothing", () => undefined, false],
  ["an empty list", () => [], false],
  ["a resource of this package", ({ own }) => own, false],
  ["resources of this package", ({ own, set }) => [own, set], false],
  ["another resource", ({ other }) => other, true],
  ["another resource too", ({ own, other }) => [own, other], true],
  ["a resource that is not known yet", ({ own }) => Promise.resolve(own), true],
  ["a list that is not known yet", ({ own }) => output([own]), true],
  ["a list with a resource that is not known yet", ({ own }) => [output(own)], true],
])("%s in dependsOn", async (_, dependOn, isReported) => {
  let reported: object = {};
  const { errors } = await runProgram(() => {
    const own = new OrgConnection("own", { source: "payments", sinkOrgId: HUB });
    const set = new OrgConnectionSet("set", { source: "search", connections: { [HUB]: ["logs"] } });
    const other = new ComponentResource("acme:index:Team", "other");
    reported = collectOptions({ dependsOn: dependOn({ own, set, other }) as Resource[] });
  });
  expect([errors, reported]).toEqual([[], isReported ? { [DEPENDS_ON_OTHERS]: true } : {}]);
});
