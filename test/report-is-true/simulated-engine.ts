/** Runs a preview on the simulated engine and prints it like the real one. */
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/setting-names.js";
import { preview, refresh, type PlannedChange } from "../histories/engine.js";
import { ORG_BY_SOURCE, SOURCES_WITH_ID } from "../histories/moves.js";
import { openOperationContext, type TestOperationContext } from "../histories/operation-context.js";
import { findForcedResource, runOperation, DEFAULT_RUN } from "../histories/operation.js";
import { openDynamicHost, type ProviderHost } from "../histories/provider-host.js";
import { OperationRun } from "../histories/run.js";
import type { Scenario } from "../histories/scenario.js";
import type { Case } from "./case.js";
import { findHiddenProperty, hideUnknown } from "./hidden-property.js";
import { copyState, replaceByOfficial } from "./live-snapshot.js";
import { addProviderSteps, isOfProvider } from "./program-provider.js";
import type { Engine, PreviewOutput } from "./run-case.js";
import { printPreview, printState } from "./print-preview.js";
import { listProgramSteps, listRefreshSteps } from "./engine-steps.js";

export const createSimulatedEngine = (): Engine => ({
  operate: runOperation,
  makeOfficial: ({ state }, indexes) => replaceByOfficial(state, indexes),
  preview: runPreview,
  dispose: () => undefined,
});

async function runPreview(scenario: Scenario, one: Case): Promise<PreviewOutput> {
  const saved = scenario.state;
  const hidden = findHiddenProperty(scenario.program, one.hidden);
  const context = openOperationContext(scenario, { adoptAll: one.adoptAll, requestTimeoutMs: 10_000 });
  const run = new OperationRun(scenario, context, openHost(context, one), {
    ...DEFAULT_RUN,
    parallel: one.parallel,
  });
  const names = [...scenario.program.keys()];
  const forced = findForcedResource(scenario, one.replace);
  scenario.log(
    `PREVIEW ${JSON.stringify({ ...one, program: undefined, changes: undefined, drift: undefined })}`,
  );
  // A preview does not change the state.
  scenario.state = copyState(saved);
  try {
    if (one.refresh) await refresh(run, scenario.state);
    const refreshedState = copyState(scenario.state);
    const planned: PlannedChange[] = [];
    if (!run.isOver)
      await preview(run, { forced, hide: hideUnknown(hidden), onPlan: (plan) => planned.push(plan) });
    // The engine registers resources in the order of the program.
    planned.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
    const steps = [
      ...(one.refresh ? listRefreshSteps(saved, refreshedState) : []),
      ...listProgramSteps(planned, refreshedState, one.foreign),
    ];
    const diagnostics = [
      ...context.warnings.map((message) => ({ severity: "info#err", message: `${message}\n` })),
      ...run.errors.map(({ message }) => ({ severity: "error", message: `error: ${message}` })),
    ];
    const text = printPreview(
      {
        steps: addProviderSteps(steps, one.provider),
        config: createConfig(scenario, one),
        diagnostics,
        hidden,
      },
      one.format,
    );
    return {
      preview: text,
      state: printState(saved, hidden, one.provider),
      hasFailed: run.errors.length > 0,
      refreshed: refreshedState,
    };
  } finally {
    scenario.state = saved;
  }
}

/** Opens a host whose checks are offline if the stack or the provider of a resource says so. */
function openHost(context: TestOperationContext, { offline, provider }: Case): ProviderHost {
  const online = openDynamicHost(context);
  const unchecked = openDynamicHost({ ...context, getCheckMode: () => "offline" });
  const isUnchecked = (inputs: object) =>
    offline || (provider?.offline && "source" in inputs && isOfProvider(provider, inputs.source));
  const select = (inputs: object) => (isUnchecked(inputs) ? unchecked : online);
  return {
    ...online,
    check: (resource, olds, news) => select(news).check(resource, olds, news),
    diff: (resource, saved, inputs) => select(inputs).diff(resource, saved, inputs),
  };
}

/** The stack's configuration: the `id` of most organizations. */
function createConfig({ sandbox }: Scenario, { offline, provider }: Case): Record<string, string> {
  const ids = SOURCES_WITH_ID.map((source) => [
    source,
    { id: sandbox.getOrganization(ORG_BY_SOURCE[source]).id },
  ]);
  return {
    [ORGANIZATIONS_KEY]: JSON.stringify(Object.fromEntries(ids)),
    [`${NAMESPACE}:maxAttempts`]: "2",
    // The organization of the stack's own provider, which is not that of a program's provider.
    ...(provider && { [`${NAMESPACE}:id`]: sandbox.getOrganization("payments").id }),
    ...(offline && { [`${NAMESPACE}:checks`]: "offline" }),
  };
}
