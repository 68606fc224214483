/** Resources of the plugin, with the default provider and with providers that the program names. */
import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { readManagedConnections, reportMultipleOwners } from "../../../cli/src/stack/managed.js";
import {
  createNew,
  createOfPlugin,
  createProvider,
  formatProvider,
  PLUGIN_TYPE,
  type PluginOptions,
  type PluginResource,
} from "./plugin-resources.js";
import { createSet, createSingle, formatReview, getId, reviewSteps, step } from "./steps.js";

/** An explicit provider with its own keys. */
const createExplicit = (name: string) =>
  createProvider(name, { parent: "urn:stack", inputs: { apiKey: "[secret]", appKey: "[secret]" } });

const listSources = ({ changes }: ReturnType<typeof reviewSteps>) =>
  changes.map(({ after }) => after?.source.id ?? after?.source.provider?.split("::").at(-1) ?? "unknown");
type State = NonNullable<NonNullable<Parameters<typeof reviewSteps>[1]>["state"]>;
const PAYMENTS = getId("payments");
const SEARCH = getId("search");
const OF_PAYMENTS = { outputs: { sourceOrgId: PAYMENTS } };
const OF_SEARCH = { outputs: { sourceOrgId: SEARCH } };
const EU = { provider: "eu" };
/** Creates a connection that may adopt an existing one of `payments`. */
const createAdopting = (sink: string, options: PluginOptions = {}): PluginResource =>
  createNew(sink, { name: "adopting", inputs: { adopt: true }, ...OF_PAYMENTS, ...options });
const listNames = (owners: readonly { name: string }[] | undefined) => owners?.map(({ name }) => name);

describe("the source of a resource of the plugin", () => {
  const BY_NAME = { inputs: { source: "payments" } };
  const { inputs, outputs, ...dynamic } = createSingle("dynamic", "search", "logs");
  const withoutName = { ...(outputs as object), source: undefined };

  it.each<[string, PluginResource[], State, string[]]>([
    [
      "without a name is the default organization of the stack",
      [createNew("hub")],
      [createProvider(), createOfPlugin("search")],
      [PAYMENTS],
    ],
    [
      "with a name of the default provider is one of the stack's configuration",
      [createNew("hub", BY_NAME)],
      [createProvider()],
      [PAYMENTS],
    ],
    ...["default", "default_0_1_0", "default_https_/example.com"].map(
      (name): [string, PluginResource[], State, string[]] => {
        const other = name === "default" ? "default_0_1_0" : "default";
        return [
          `of the default provider ${name} is known from the other version`,
          [createNew("hub", { provider: name })],
          [createProvider(name), createProvider(other), createOfPlugin("search", { provider: other })],
          [PAYMENTS],
        ];
      },
    ),
    // The name of a source may belong to environment variables, which `envVarMappings` can exchange.
    [
      "of a provider that the program names is its own, even with the same name",
      [createNew("hub", { ...EU, ...BY_NAME }), createNew("security", { provider: "us", ...BY_NAME })],
      [createOfPlugin("search", { ...EU, ...BY_NAME, ...OF_SEARCH })],
      ["eu", "us"],
    ],
    [
      "of two providers without a name are two organizations",
      ["eu", "us", "asia"].map((provider) => createNew("security", { provider, name: provider })),
      [
        ...["eu", "us"].map(createExplicit),
        createOfPlugin("hub", EU),
        createOfPlugin("hub", { provider: "us", ...OF_SEARCH, name: "hub-us" }),
      ],
      [SEARCH, PAYMENTS, "asia"],
    ],
    [
      "is unknown if the default provider has had two organizations",
      [createNew("security")],
      [createProvider(), createOfPlugin("search"), createOfPlugin("hub", { ...OF_SEARCH, name: "hub-2" })],
      ["default"],
    ],
    [
      "is not that of the dynamic resources, which also read the configuration of @pulumi/datadog",
      [createNew("hub")],
      [{ ...dynamic, inputs: { ...inputs, source: undefined }, outputs: withoutName }],
      ["default"],
    ],
    [
      "is known if the plugin has asked Datadog",
      [createNew("hub", { ...EU, ...OF_SEARCH })],
      [createExplicit("us")],
      [SEARCH],
    ],
  ])("%s", (_, created, state, sources) => {
    const review = reviewSteps(created.map(step.create), { state });
    expect(listSources(review).toSorted()).toEqual(sources.toSorted());
  });

  it("is called the default organization if nothing shows it", () => {
    const review = reviewSteps([step.create(createNew("hub"))], { state: [createProvider()], config: {} });
    expect(formatReview(review)[1]).toContain("the default organization");
  });

  it.each<[string, object[]]>([
    ["without a state", []],
    ["if the provider is new", [createProvider("default_0_1_0")]],
    ["if the provider is one of the program", [createProvider("default_9_9_9", { parent: "urn:stack" })]],
  ])("is not proven by the name of a default provider %s", (_, providers) => {
    const steps = [step.create(createNew("hub", { provider: "default_9_9_9", ...BY_NAME }))];
    const state = providers.map((one) => ({ type: "", ...one }));
    const known = state.length > 0 ? { state } : {};
    const policy = { allow: [{ source: [PAYMENTS, "payments"] }] };
    const review = reviewSteps(steps, { ...known, policy });
    expect([review.outcome, listSources(review)]).toEqual(["violation", ["default_9_9_9"]]);
    expect(review.unknowns).toMatchObject([{ what: "organization", resource: "hub" }]);
    expect(reviewSteps(steps, known).outcome).toBe("incomplete");
  });

  it.each([
    [{ apiKey: "[secret]", appKey: "[secret]" }, "changes", PAYMENTS],
    [{ bearerToken: "[secret]" }, "changes", PAYMENTS],
    [{ site: "datadoghq.eu" }, "incomplete", "eu"],
  ])("of a new connection is known only with credentials in the arguments of its provider: %j", (...row) => {
    const [given, outcome, source] = row;
    const provider = createProvider("eu", { parent: "urn:stack", inputs: given });
    const state = [provider, createOfPlugin("search", EU)];
    const review = reviewSteps([step.create(createNew("hub", EU))], { state });
    expect([review.outcome, listSources(review)]).toEqual([outcome, [source]]);
  });

  it("is unknown while the configuration of its provider changes", () => {
    const provider = { ...createExplicit("eu"), outputs: {} };
    const state = [provider, createOfPlugin("search", EU)];
    const review = (change: "same" | "update") =>
      listSources(
        reviewSteps([step[change](provider, provider), step.create(createNew("hub", EU))], { state }),
      );
    expect(review("same")).toEqual([PAYMENTS]);
    expect(review("update")).toEqual(["eu"]);
  });
});

describe("a connection that one host gives up and the other adopts", () => {
  const dynamic = createSingle("dynamic", "hub", "logs");

  it("is deleted: the dynamic resource does not know what the plugin adopts", () => {
    const { changes, warnings, outcome } = reviewSteps(
      [step.delete(dynamic), step.create(createAdopting("hub"))],
      { state: [dynamic] },
    );
    expect(outcome).toBe("destructive");
    expect(warnings.map(({ code }) => code)).toContain("managed-elsewhere");
    expect(changes.find(({ kind }) => kind === "delete")).toMatchObject({
      otherOwners: [{ name: "adopting" }],
    });
  });

  it("is deleted if two providers of the plugin manage it, and kept if it is one", () => {
    const former = createOfPlugin("hub", { ...EU, name: "former" });
    const count = (provider: string) => {
      const steps = [step.delete(former), step.create(createAdopting("hub", { provider }))];
      return reviewSteps(steps, { state: [former] }).changes.filter(({ kind }) => kind === "delete").length;
    };
    expect([count("eu"), count("us")]).toEqual([0, 1]);
  });
});

describe("a set that no longer declares a connection which a resource of the plugin adopts", () => {
  const review = (before: object, after: object, provider: string, isRefreshed = false) => {
    const old = { ...createSet({ hub: "logs", search: "logs" }), ...before };
    const next = { ...createSet({ search: "logs" }), ...after };
    const steps = [step.update(old, next), step.create(createAdopting("hub", { provider }))];
    if (isRefreshed) steps.unshift(step.refresh(old, old));
    const { changes, warnings } = reviewSteps(steps, { state: [old] });
    return {
      otherOwners: listNames(changes.find(({ kind }) => kind === "delete")?.otherOwners),
      deletedBy: listNames(changes.find(({ kind }) => kind === "adopt")?.deletedBy),
      warnings: warnings.map(({ code }) => code),
    };
  };
  const DELETED = { otherOwners: ["adopting"], deletedBy: ["all"], warnings: ["managed-elsewhere"] };

  it("deletes it by its ID even with retainOnDelete, because that only applies to the whole set", () => {
    expect(review({ retainOnDelete: true }, { retainOnDelete: true }, "default")).toEqual(DELETED);
  });

  // The step of the refresh has the former provider.
  it.each([false, true])(
    "hands it over or deletes it in the process of its new provider, if it moves without a replacement (refresh: %s)",
    (isRefreshed) => {
      const type = `${PLUGIN_TYPE}Set`;
      const useProvider = (name: string) => ({
        urn: `urn:pulumi:dev::acme::${type}::all`,
        type,
        provider: formatProvider(name),
      });
      const reviewMoved = (provider: string) =>
        review(useProvider("eu"), useProvider("us"), provider, isRefreshed);
      expect([reviewMoved("eu"), reviewMoved("us")]).toEqual([
        DELETED,
        { otherOwners: undefined, deletedBy: undefined, warnings: ["may-interrupt"] },
      ]);
    },
  );
});

describe("a resource that changes its provider", () => {
  const former = createOfPlugin("hub", { ...EU, name: "moved" });
  const updated = { ...former, provider: formatProvider("us") };

  it("adopts in the process of the new one, although the old connection is deleted first", () => {
    const next = createAdopting("search", { provider: "us", name: "moved" });
    const pending = { ...former, pendingReplacement: true };
    const countDeletions = (provider: string) => {
      const other = createOfPlugin("search", { provider, name: "other" });
      const { changes } = reviewSteps(
        [
          step.deleteReplaced(former),
          step.replace(pending, next),
          step.createReplacement(pending, next),
          step.delete(other),
        ],
        { state: ["eu", "us"].map(createExplicit) },
      );
      return changes.filter(({ kind, resource }) => kind === "delete" && resource === "other").length;
    };
    expect([countDeletions("eu"), countDeletions("us")]).toEqual([1, 0]);
  });

  it("retains a connection only in the process of the new one, whatever the state says", () => {
    const deleteBy = (provider: string) => {
      const other = createOfPlugin("hub", { provider, name: "other" });
      const deleted = { ...other, id: former.id };
      const { changes } = reviewSteps([step.update(former, updated), step.delete(deleted)], {
        state: [former, deleted],
      });
      return changes.map(({ retainedBy, otherOwners }) => [retainedBy, listNames(otherOwners)]);
    };
    expect(deleteBy("eu")).toEqual([[undefined, ["moved"]]]);
    expect(deleteBy("us")).toEqual([[["moved"], undefined]]);
  });

  it("does not change that of what an interrupted replacement left behind", () => {
    const leftover = { ...former, id: "id-leftover", delete: true };
    const deleteWith = (provider: string) => {
      const second = { ...createOfPlugin("hub", { provider, name: "second" }), id: leftover.id };
      const { changes } = reviewSteps([
        step.same(second),
        step.update(former, updated),
        step.deleteReplaced(leftover),
      ]);
      return changes.map(({ because, retainedBy }) => [because, retainedBy]);
    };
    expect(deleteWith("eu")).toEqual([["leftover", ["second"]]]);
    expect(deleteWith("us")).toEqual([["leftover", undefined]]);
  });
});

describe("a pair that both hosts declare", () => {
  const dynamic = createSingle("hub", "hub", "logs");
  const ofPlugin = { ...createOfPlugin("hub"), id: "id-hub" };

  it("is reported with the host of each", () => {
    const { warnings } = reviewSteps([step.same(dynamic), step.same(ofPlugin)]);
    expect(warnings.map(({ code }) => code)).toEqual(["multiple-owners"]);
    const [warning] = warnings;
    expect(toPlainText(warning?.sentence ?? [])).toMatch(
      /^hub \(acme\/dev\) and hub \(plugin, acme\/dev\) both manage connection id-hub/,
    );
  });

  it("is reported by inventory and map", () => {
    const { connections } = readManagedConnections({ deployment: { resources: [dynamic, ofPlugin] } });
    expect(reportMultipleOwners(connections).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^id-hub: acme\/dev: hub, acme\/dev: hub \(plugin\)\./),
    ]);
  });

  it("is reported once before it exists, if two or three would create it", () => {
    const creates = [
      createSingle("one", "hub", "logs"),
      createNew("hub", OF_PAYMENTS),
      createNew("hub", { ...EU, name: "third", ...OF_PAYMENTS }),
    ].map(step.create);
    const [two, three] = [creates.slice(0, 2), creates].map((steps) => reviewSteps(steps).warnings);
    expect(two?.map(({ code }) => code)).toEqual(["declared-twice"]);
    expect(three?.map(({ code }) => code)).toEqual(["declared-twice"]);
    expect(toPlainText(three?.[0]?.sentence ?? [])).toMatch(/, .* and third .* all declare/);
  });
});

it("an alias from the dynamic resource to the plugin changes only the state", () => {
  const moved = createOfPlugin("hub", { name: "moved", inputs: { source: "payments" } });
  const former = createSingle("moved", "hub", "logs");
  const review = reviewSteps([step.update(former, { ...moved, id: former.id })], { state: [former] });
  expect([review.outcome, review.changes.map(({ kind }) => kind)]).toEqual(["none", []]);
  expect(review.unchanged.length).toBe(1);
});
