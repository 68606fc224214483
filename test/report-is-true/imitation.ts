/** A preview on the imitation of the engine, printed as the real one prints it. */
import { NAMESPACE, ORGANIZATIONS_KEY } from "../../core/src/credentials/settings.js";
import { preview, refresh, type Planned } from "../histories/engine.js";
import { ORG_OF, WITH_ID } from "../histories/moves.js";
import { openWorld } from "../histories/operation-world.js";
import { forcedIn, operate, PLAIN } from "../histories/operation.js";
import { Run } from "../histories/run.js";
import type { Scene } from "../histories/scene.js";
import type { Case } from "./case.js";
import { hiddenIn, hideUnknown } from "./hide.js";
import { copyState } from "./moment.js";
import type { Engine, PreviewTexts } from "./play.js";
import { printPreview, printState } from "./print.js";
import { programSteps, refreshSteps } from "./steps.js";

export const onImitation = (): Engine => ({ operate, preview: previewOf, dispose: () => undefined });

async function previewOf(scene: Scene, one: Case): Promise<PreviewTexts> {
  const saved = scene.state;
  const hidden = hiddenIn(scene.program, one.hidden);
  const world = openWorld(scene, { adoptAll: one.adoptAll, tryTimeoutMs: 10_000 });
  const run = new Run(scene, world, { ...PLAIN, parallel: one.parallel });
  const names = [...scene.program.keys()];
  const forced = forcedIn(scene, one.replace);
  scene.log(
    `PREVIEW ${JSON.stringify({ ...one, program: undefined, changes: undefined, drift: undefined })}`,
  );
  // A preview saves nothing.
  scene.state = copyState(saved);
  try {
    if (one.refresh) await refresh(run, scene.state);
    const seen = copyState(scene.state);
    const planned: Planned[] = [];
    if (!run.isOver)
      await preview(run, { forced, hide: hideUnknown(hidden), note: (plan) => planned.push(plan) });
    // The engine registers resources in the order of the program.
    planned.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
    const steps = [...(one.refresh ? refreshSteps(saved, seen) : []), ...programSteps(planned, seen)];
    const diagnostics = [
      ...world.warnings.map((message) => ({ severity: "info#err", message: `${message}\n` })),
      ...run.errors.map(({ message }) => ({ severity: "error", message: `error: ${message}` })),
    ];
    const text = printPreview({ steps, config: configOf(scene), diagnostics, hidden }, one.form);
    return { preview: text, state: printState(saved, hidden), hasFailed: run.errors.length > 0, seen };
  } finally {
    scene.state = saved;
  }
}

/** The stack's configuration: the `id` of most organizations. */
function configOf({ sandbox }: Scene): Record<string, string> {
  const ids = WITH_ID.map((source) => [source, { id: sandbox.organization(ORG_OF[source]).id }]);
  return {
    [ORGANIZATIONS_KEY]: JSON.stringify(Object.fromEntries(ids)),
    [`${NAMESPACE}:tries`]: "2",
  };
}
