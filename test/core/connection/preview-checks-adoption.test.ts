import { describe, expect, test } from "vitest";
import { check } from "../../../core/src/index.js";
import { UNKNOWN } from "../../../core/src/connection/types.js";
import { createPreviewFixtures } from "./preview-fixtures.js";
import { useSandbox, countWrites } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const { createNews } = createPreviewFixtures(sandbox);

describe("a preview check with adoption reports the adoption", () => {
  const connectExisting = () =>
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });

  test.each([
    ["of the resource", { adopt: true }, false],
    ["of this run", {}, true],
  ])("%s: ID, creator, types before and after, and no failure", async (_, more, adoptAll) => {
    const id = connectExisting();
    const context = createQuickOperation(sandbox(), { adoptAll });
    expect((await check(context, {}, { ...createNews(), ...more })).failures).toEqual([]);
    const [warning] = context.warnings;
    expect(warning).toContain("Acme Observability");
    expect(warning).toContain(`${id} (audit), created by ${sandbox().getOrganization("payments").user.name}`);
    expect(warning).toContain("change its types to logs, metrics");
    expect(context.warnings).toHaveLength(1);
    expect(countWrites(sandbox())).toBe(0);
  });

  test.each([
    ["unspecified types", undefined],
    ["the same types", ["audit"]],
  ])("with %s: they are not changed", async (_, connectionTypes) => {
    connectExisting();
    const context = createQuickOperation(sandbox());
    await check(context, {}, { ...createNews(), connectionTypes, adopt: true });
    expect(context.warnings).toEqual([expect.stringContaining("leave its types as they are")]);
  });

  test("with types that are not known yet: the notice does not show Pulumi's placeholder", async () => {
    connectExisting();
    const context = createQuickOperation(sandbox());
    await check(context, {}, { ...createNews(), connectionTypes: [UNKNOWN], adopt: true });
    expect(context.warnings).toEqual([
      expect.stringContaining("change its types to those of the program, which are not known yet"),
    ]);
  });

  test("if `source` changes to another organization that has a connection to the destination", async () => {
    const id = sandbox().connect({ source: "checkout", sink: "observability", connectionTypes: ["audit"] });
    const olds = createNews();
    const news = { ...createNews("observability", "checkout"), adopt: true };
    const context = createQuickOperation(sandbox());
    // The engine checks the resource, and again, without the old inputs, because diff replaces it.
    expect((await check(context, olds, news)).failures).toEqual([]);
    expect((await check(context, {}, news)).failures).toEqual([]);
    expect(context.warnings).toEqual([expect.stringContaining(`will adopt connection ${id} (audit)`)]);
    const refused = createQuickOperation(sandbox());
    await check(refused, olds, { ...news, adopt: undefined });
    const { failures } = await check(refused, {}, { ...news, adopt: undefined });
    expect(failures).toMatchObject([
      { property: "sinkOrgId", reason: expect.stringContaining("[pair-exists]") as string },
    ]);
  });

  test("is silent if there is nothing to adopt", async () => {
    const context = createQuickOperation(sandbox(), { adoptAll: true });
    await check(context, {}, { ...createNews(), adopt: true });
    expect(context.warnings).toEqual([]);
  });
});
