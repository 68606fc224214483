/** Resources of the plugin, with the default provider and with providers that the program names. */
import { describe, expect, it } from "vitest";
import { toPlainText } from "../../../cli/src/changes/rich-text.js";
import { readManagedConnections } from "../../../cli/src/stack/managed.js";
import { reportMultipleOwners } from "../../../cli/src/stack/multiple-owners.js";
import { createSet, createSingle, formatReview, getId, reviewSteps, step, type StepTuple } from "./steps.js";

const TYPE = "datadog-org-connections:index:OrgConnection";
const formatProvider = (name: string, id = "7a1c") =>
  `urn:pulumi:dev::acme::pulumi:providers:datadog-org-connections::${name}::${id}`;

interface Options {
  /** The name of the provider. */
  provider?: string;
  inputs?: object;
  outputs?: object;
  name?: string;
}

/** Creates a connection of the plugin in a state. Its source is known, and by default it has no name. */
function createOfPlugin(sink: string, { provider = "default", inputs, outputs, name = sink }: Options = {}) {
  const single = createSingle(name, sink, "logs");
  return {
    ...single,
    urn: `urn:pulumi:dev::acme::${TYPE}::${name}`,
    type: TYPE,
    provider: formatProvider(provider),
    inputs: { ...single.inputs, source: undefined, ...inputs },
    outputs: { ...(single["outputs"] as object), source: undefined, ...inputs, ...outputs },
  };
}
type Resource = ReturnType<typeof createOfPlugin>;

/** Creates a provider in a state: by default, one that the engine created from the stack's configuration. */
const createProvider = (name = "default", more: object = {}) => ({
  urn: formatProvider(name).replace(/::[^:]*$/, ""),
  type: "pulumi:providers:datadog-org-connections",
  id: "7a1c",
  inputs: {},
  ...more,
});
/** An explicit provider with its own keys. */
const createExplicit = (name: string) =>
  createProvider(name, { parent: "urn:stack", inputs: { apiKey: "[secret]", appKey: "[secret]" } });

/** The new side of a create: the plugin knows no source. */
const createNew = (sink: string, options: Options = {}): Resource =>
  createOfPlugin(sink, { ...options, outputs: { sourceOrgId: undefined, ...options.outputs } });
const create = (resource: Resource): StepTuple => step.create(resource);
const listSources = ({ changes }: ReturnType<typeof reviewSteps>) =>
  changes.map(({ after }) => after?.source.id ?? after?.source.provider?.split("::").at(-1) ?? "unknown");
const PAYMENTS = getId("payments");
const SEARCH = getId("search");

describe("the source of a resource of the plugin", () => {
  it("without a name, it is the default organization of the stack", () => {
    const review = reviewSteps([create(createNew("hub"))], { state: [createProvider()], config: {} });
    expect(formatReview(review)[1]).toContain("the default organization");
    expect(
      listSources(
        reviewSteps([create(createNew("hub"))], { state: [createProvider(), createOfPlugin("search")] }),
      ),
    ).toEqual([PAYMENTS]);
  });

  it("a name of the default provider is one of the stack's configuration", () => {
    const steps = [create(createNew("hub", { inputs: { source: "payments" } }))];
    expect(listSources(reviewSteps(steps, { state: [createProvider()] }))).toEqual([PAYMENTS]);
  });

  it.each<[string, object[]]>([
    ["without a state", []],
    ["if the provider is new", [createProvider("default_0_1_0")]],
    ["if the provider is one of the program", [createProvider("default_9_9_9", { parent: "urn:stack" })]],
  ])("the name of a default provider proves nothing %s", (_, providers) => {
    const resource = createNew("hub", { provider: "default_9_9_9", inputs: { source: "payments" } });
    const policy = { allow: [{ source: [PAYMENTS, "payments"] }] };
    const state = providers.map((one) => ({ type: "", ...one }));
    const review = reviewSteps([create(resource)], { ...(state.length > 0 && { state }), policy });
    expect([review.outcome, listSources(review)]).toEqual(["violation", ["default_9_9_9"]]);
    expect(review.unknowns).toMatchObject([{ what: "organization", resource: "hub" }]);
    expect(reviewSteps([create(resource)], { ...(state.length > 0 && { state }) }).outcome).toBe(
      "incomplete",
    );
  });

  it.each(["default", "default_0_1_0", "default_https_/example.com"])(
    "the default provider %s is known from the other version",
    (name) => {
      const other = name === "default" ? "default_0_1_0" : "default";
      const state = [
        createProvider(name),
        createProvider(other),
        createOfPlugin("search", { provider: other }),
      ];
      expect(listSources(reviewSteps([create(createNew("hub", { provider: name }))], { state }))).toEqual([
        PAYMENTS,
      ]);
    },
  );

  it("a provider that the program names has its own organizations, even with the same names", () => {
    const state = [
      createOfPlugin("search", {
        provider: "eu",
        inputs: { source: "payments" },
        outputs: { sourceOrgId: SEARCH },
      }),
    ];
    // The name of a source may belong to environment variables, which `envVarMappings` can exchange.
    const steps = [
      create(createNew("hub", { provider: "eu", inputs: { source: "payments" } })),
      create(createNew("security", { provider: "us", inputs: { source: "payments" } })),
    ];
    expect(listSources(reviewSteps(steps, { state })).toSorted()).toEqual(["eu", "us"]);
  });

  it("of a new connection is known only if its provider has credentials in its arguments", () => {
    const existing = createOfPlugin("search", { provider: "eu" });
    const review = (inputs: object) => {
      const state = [createProvider("eu", { parent: "urn:stack", inputs }), existing];
      return reviewSteps([create(createNew("hub", { provider: "eu" }))], { state });
    };
    expect(listSources(review({ apiKey: "[secret]", appKey: "[secret]" }))).toEqual([PAYMENTS]);
    expect(listSources(review({ bearerToken: "[secret]" }))).toEqual([PAYMENTS]);
    const unproven = review({ site: "datadoghq.eu" });
    expect([unproven.outcome, listSources(unproven)]).toEqual(["incomplete", ["eu"]]);
  });

  it("two providers without a name of the source are two organizations", () => {
    const state = [
      ...["eu", "us"].map(createExplicit),
      createOfPlugin("hub", { provider: "eu" }),
      createOfPlugin("hub", { provider: "us", outputs: { sourceOrgId: SEARCH }, name: "hub-us" }),
    ];
    const steps = ["eu", "us", "asia"].map((provider) =>
      create(createNew("security", { provider, name: `security-${provider}` })),
    );
    expect(listSources(reviewSteps(steps, { state })).toSorted()).toEqual(
      [SEARCH, PAYMENTS, "asia"].toSorted(),
    );
  });

  it("is unknown if the default provider has had two organizations", () => {
    const state = [
      createProvider(),
      createOfPlugin("search"),
      createOfPlugin("hub", { outputs: { sourceOrgId: SEARCH }, name: "hub-2" }),
    ];
    expect(listSources(reviewSteps([create(createNew("security"))], { state }))).toEqual(["default"]);
  });

  it("is not that of the dynamic resources, which also read the configuration of @pulumi/datadog", () => {
    const { inputs, outputs, ...dynamic } = createSingle("dynamic", "search", "logs");
    const state = [
      {
        ...dynamic,
        inputs: { ...inputs, source: undefined },
        outputs: { ...(outputs as object), source: undefined },
      },
    ];
    expect(listSources(reviewSteps([create(createNew("hub"))], { state }))).toEqual(["default"]);
  });

  it("is known if the plugin has asked Datadog", () => {
    const known = createNew("hub", { provider: "eu", outputs: { sourceOrgId: SEARCH } });
    expect(listSources(reviewSteps([create(known)]))).toEqual([SEARCH]);
  });

  it("is unknown if the configuration of its provider changes", () => {
    const provider = {
      ...createSingle("eu", "hub", "logs"),
      type: "pulumi:providers:datadog-org-connections",
    };
    const changing = { ...provider, urn: formatProvider("eu").replace(/::[^:]*$/, "") };
    const state = [createOfPlugin("search", { provider: "eu" })];
    const steps: StepTuple[] = [
      step.update(changing, changing),
      create(createNew("hub", { provider: "eu" })),
    ];
    expect(listSources(reviewSteps(steps, { state }))).toEqual(["eu"]);
  });
});

describe("a connection that one host gives up and the other adopts", () => {
  const dynamic = createSingle("dynamic", "hub", "logs");
  const adopting = (options: Options = {}) =>
    create(
      createNew("hub", {
        ...options,
        name: "adopting",
        inputs: { adopt: true },
        outputs: { sourceOrgId: PAYMENTS },
      }),
    );

  it("is deleted: the dynamic resource does not know what the plugin adopts", () => {
    const { changes, warnings, outcome } = reviewSteps([step.delete(dynamic), adopting()], {
      state: [dynamic],
    });
    expect(outcome).toBe("destructive");
    expect(warnings.map(({ code }) => code)).toContain("managed-elsewhere");
    expect(changes.find(({ kind }) => kind === "delete")).toMatchObject({
      otherOwners: [{ name: "adopting" }],
    });
  });

  it("is deleted if two providers of the plugin manage it, and kept if it is one", () => {
    const former = createOfPlugin("hub", { provider: "eu", name: "former" });
    const count = (provider: string) =>
      reviewSteps([step.delete(former), adopting({ provider })], { state: [former] }).changes.filter(
        ({ kind }) => kind === "delete",
      ).length;
    expect([count("eu"), count("us")]).toEqual([0, 1]);
  });
});

describe("a set that no longer declares a connection which a resource of the plugin adopts", () => {
  const review = (
    before: object,
    after: object,
    provider: string,
    { isRefreshed }: { isRefreshed: boolean } = { isRefreshed: false },
  ) => {
    const old = { ...createSet({ hub: "logs", search: "logs" }), ...before };
    const next = { ...createSet({ search: "logs" }), ...after };
    const adopting = createNew("hub", {
      provider,
      name: "adopting",
      inputs: { adopt: true },
      outputs: { sourceOrgId: PAYMENTS },
    });
    const refresh: StepTuple[] = isRefreshed ? [step.refresh(old, old)] : [];
    const { changes, warnings } = reviewSteps([...refresh, step.update(old, next), create(adopting)], {
      state: [old],
    });
    const deletion = changes.find(({ kind }) => kind === "delete");
    return {
      otherOwners: deletion?.otherOwners?.map(({ name }) => name),
      deletedBy: changes.find(({ kind }) => kind === "adopt")?.deletedBy?.map(({ name }) => name),
      warnings: warnings.map(({ code }) => code),
    };
  };
  const DELETED = { otherOwners: ["adopting"], deletedBy: ["all"], warnings: ["managed-elsewhere"] };

  it("deletes it by its ID even with retainOnDelete, because that only applies to the whole set", () => {
    expect(review({ retainOnDelete: true }, { retainOnDelete: true }, "default")).toEqual(DELETED);
  });

  it.each([
    { isRefreshed: false },
    // The step of the refresh has the former provider.
    { isRefreshed: true },
  ])(
    "hands it over or deletes it in the process of its new provider, if it moves without a replacement: %j",
    (options) => {
      const useProvider = (name: string) => ({
        urn: "urn:pulumi:dev::acme::datadog-org-connections:index:OrgConnectionSet::all",
        type: "datadog-org-connections:index:OrgConnectionSet",
        provider: formatProvider(name),
      });
      const reviewMoved = (provider: string) =>
        review(useProvider("eu"), useProvider("us"), provider, options);
      expect([reviewMoved("eu"), reviewMoved("us")]).toEqual([
        DELETED,
        { otherOwners: undefined, deletedBy: undefined, warnings: ["may-interrupt"] },
      ]);
    },
  );
});

describe("a resource that changes its provider", () => {
  const former = createOfPlugin("hub", { provider: "eu", name: "moved" });
  const updated = { ...former, provider: formatProvider("us") };

  it("adopts in the process of the new one, although the old connection is deleted first", () => {
    const next = createNew("search", {
      provider: "us",
      name: "moved",
      inputs: { adopt: true },
      outputs: { sourceOrgId: PAYMENTS },
    });
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
      return changes.map(({ retainedBy, otherOwners }) => [retainedBy, otherOwners?.map(({ name }) => name)]);
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

  it("is reported before it exists, if both would create it", () => {
    const { warnings } = reviewSteps([
      step.create(createSingle("one", "hub", "logs")),
      create(createNew("hub", { outputs: { sourceOrgId: PAYMENTS } })),
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(["declared-twice"]);
  });

  it("is reported once, if more than two would create it", () => {
    const { warnings } = reviewSteps([
      step.create(createSingle("one", "hub", "logs")),
      create(createNew("hub", { outputs: { sourceOrgId: PAYMENTS } })),
      create(createNew("hub", { provider: "eu", name: "third", outputs: { sourceOrgId: PAYMENTS } })),
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(["declared-twice"]);
    expect(toPlainText(warnings[0]?.sentence ?? [])).toMatch(/, .* and third .* all declare/);
  });
});

it("an alias from the dynamic resource to the plugin changes only the state", () => {
  const moved = createOfPlugin("hub", { name: "moved", inputs: { source: "payments" } });
  const former = createSingle("moved", "hub", "logs");
  const review = reviewSteps([step.update(former, { ...moved, id: former.id })], { state: [former] });
  expect([review.outcome, review.changes.map(({ kind }) => kind)]).toEqual(["none", []]);
  expect(review.unchanged.length).toBe(1);
});
