/** Runs a case on the real engine: `pulumi preview --json`, `pulumi stack export`, `pulumi up`. */
import type { Sandbox } from "../../sandbox/src/index.js";
import { refresh } from "../histories/engine.js";
import { openOperationContext } from "../histories/operation-context.js";
import { DEFAULT_RUN } from "../histories/operation.js";
import { addOfficialPlugin } from "../engine/official-stack.js";
import { createRealEngine } from "../histories/real-engine.js";
import { openDynamicHost } from "../histories/provider-host.js";
import { OperationRun } from "../histories/run.js";
import type { Scenario } from "../histories/scenario.js";
import { formatReplaceFlags } from "../histories/scenario-stack.js";
import type { Case } from "./case.js";
import { copyState, replaceByOfficial } from "./live-snapshot.js";
import { insertOfficialResources } from "./official-state.js";
import type { Engine, PreviewOutput } from "./run-case.js";

/** Creates a stack for one case. */
export function createRealStackEngine(sandbox: Sandbox): Engine {
  const { operate, prepare, dispose } = createRealEngine(sandbox);
  const makeOfficial = async (scenario: Scenario, indexes: readonly number[]): Promise<void> => {
    replaceByOfficial(scenario.state, indexes);
    if (![...scenario.state.resources.values()].some(({ isOfficial }) => isOfficial)) return;
    const stack = prepare(scenario, DEFAULT_RUN);
    addOfficialPlugin(stack);
    await stack.editState((exported) => insertOfficialResources(scenario, exported));
  };
  const preview = async (scenario: Scenario, one: Case): Promise<PreviewOutput> => {
    const { refresh: isRefreshed, format, adoptAll, parallel } = one;
    const stack = prepare(scenario, { ...DEFAULT_RUN, adoptAll });
    const flags = [
      ...(isRefreshed ? ["--refresh"] : []),
      ...(format === "details" ? ["--show-replacement-steps", "--show-sames"] : []),
      ...(parallel ? [] : ["--parallel=1"]),
      ...formatReplaceFlags(scenario, one),
    ];
    if (format === "events") stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    const args = ["preview", "--json", "--stack=dev", "--non-interactive", ...flags];
    const { code, stdout } = await stack.runPulumi(args);
    delete stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"];
    const { stdout: state } = await stack.runPulumi(["stack", "export"]);
    const refreshedState = isRefreshed ? await readRefreshed(scenario) : copyState(scenario.state);
    return { preview: stdout, state, hasFailed: code !== 0, refreshed: refreshedState };
  };
  return { operate, makeOfficial, preview, dispose };
}

/** Reads what the refresh finds with the lifecycle itself, since the short formats of a preview do not show it. */
async function readRefreshed(scenario: Scenario): Promise<Scenario["state"]> {
  const saved = scenario.state;
  scenario.state = copyState(saved);
  try {
    const context = openOperationContext(scenario, { adoptAll: false, requestTimeoutMs: 10_000 });
    await refresh(new OperationRun(scenario, context, openDynamicHost(context), DEFAULT_RUN), scenario.state);
    return scenario.state;
  } finally {
    scenario.state = saved;
  }
}
