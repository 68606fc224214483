import type { AssumptionName } from "../../../sandbox/src/assumptions.js";
import { handleCall } from "../../../sandbox/src/handle-call.js";
import type { Sandbox, SandboxOptions } from "../../../sandbox/src/index.js";
import { serveSandbox } from "../../../sandbox/src/start-sandbox.js";
import { createDeviations, createRefusalDeviations } from "./create.js";
import { credentialDeviations, keyDeviations, permissionDeviations } from "./credentials.js";
import { deleteDeviations } from "./delete.js";
import { exchangeDeviations } from "./exchange.js";
import { listParameterDeviations } from "./list-parameters.js";
import { listDeviations } from "./list.js";
import { organizationDeviations } from "./organizations.js";
import { rateLimitDeviations } from "./rate-limit.js";
import { responseDeviations } from "./responses.js";
import { updateDeviations } from "./update.js";
import type { Inversion } from "./deviation.js";

/** What inverts each assumption of the sandbox package, by its name. */
const inversions: Readonly<Record<AssumptionName, Inversion>> = {
  ...responseDeviations,
  ...listDeviations,
  ...listParameterDeviations,
  ...createDeviations,
  ...createRefusalDeviations,
  ...updateDeviations,
  ...deleteDeviations,
  ...credentialDeviations,
  ...permissionDeviations,
  ...keyDeviations,
  ...exchangeDeviations,
  ...organizationDeviations,
  ...rateLimitDeviations,
};

/** Whether this is the name of an assumption. */
export const isAssumptionName = (name: string): name is AssumptionName => Object.hasOwn(inversions, name);

/** Starts a sandbox that inverts the assumption with this name, or none. */
export async function startDeviatingSandbox(
  name: AssumptionName | undefined,
  options: SandboxOptions,
): Promise<Sandbox> {
  const deviation = name && inversions[name].createDeviation();
  return serveSandbox(options, (context, call) =>
    deviation
      ? deviation({ ...call, store: context.store }, (changes) =>
          handleCall(context, { ...call, ...changes }),
        )
      : handleCall(context, call),
  );
}
