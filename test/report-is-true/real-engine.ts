/** The same case on the real engine: `pulumi preview --json`, `pulumi stack export`, `pulumi up`. */
import type { Sandbox } from "../../sandbox/src/index.js";
import { refresh } from "../histories/engine.js";
import { openWorld } from "../histories/operation-world.js";
import { forcedIn, PLAIN } from "../histories/operation.js";
import { onRealEngine } from "../histories/real-engine.js";
import { Run } from "../histories/run.js";
import type { Scene } from "../histories/scene.js";
import type { Case } from "./case.js";
import { copyState } from "./moment.js";
import type { Engine, PreviewTexts } from "./play.js";

/** A stack for one case. */
export function onRealStack(sandbox: Sandbox): Engine {
  const { operate, prepare, dispose } = onRealEngine(sandbox);
  const preview = async (scene: Scene, one: Case): Promise<PreviewTexts> => {
    const { refresh: isRefreshed, form, adoptAll, parallel } = one;
    const stack = prepare(scene, { ...PLAIN, adoptAll });
    const forced = forcedIn(scene, one.replace);
    const flags = [
      ...(isRefreshed ? ["--refresh"] : []),
      ...(form === "details" ? ["--show-replacement-steps", "--show-sames"] : []),
      ...(parallel ? [] : ["--parallel=1"]),
      ...(forced !== undefined ? [`--replace=${await stack.urn(forced)}`] : []),
    ];
    if (form === "events") stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] = "true";
    const args = ["preview", "--json", "--stack=dev", "--non-interactive", ...flags];
    const { code, stdout } = await stack.pulumi(args);
    delete stack.env["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"];
    const { stdout: state } = await stack.pulumi(["stack", "export"]);
    const seen = isRefreshed ? await refreshed(scene) : copyState(scene.state);
    return { preview: stdout, state, hasFailed: code !== 0, seen };
  };
  return { operate, preview, dispose };
}

/** What the refresh finds. The lifecycle itself reads it, since the short forms of a preview do not. */
async function refreshed(scene: Scene): Promise<Scene["state"]> {
  const saved = scene.state;
  scene.state = copyState(saved);
  try {
    const world = openWorld(scene, { adoptAll: false, tryTimeoutMs: 10_000 });
    await refresh(new Run(scene, world, PLAIN), scene.state);
    return scene.state;
  } finally {
    scene.state = saved;
  }
}
