import * as v from "valibot";
import type { SandboxControls } from "./controls.js";
import { parseFault } from "./fault.js";
import { boolean, filledString, objectOf, parseInput, strings } from "./input.js";
import { user } from "./seed.js";

export const connectInput = objectOf({
  source: filledString,
  sink: filledString,
  connectionTypes: v.optional(strings),
  createdBy: v.optional(user),
});
export const changeTypesInput = objectOf({ id: filledString, connectionTypes: strings });
export const disconnectInput = objectOf({ id: filledString });

/** The controls as a program calls them: one in JavaScript can pass anything, so each argument is parsed first. */
export function parseCalls(controls: SandboxControls): SandboxControls {
  const parseKey = (key: unknown) => parseInput(filledString, key, "key");
  return {
    get organizations() {
      return controls.organizations;
    },
    requests: controls.requests,
    organization: (key: unknown) => controls.organization(parseKey(key)),
    clearRequests: () => controls.clearRequests(),
    connections: () => controls.connections(),
    connect: (input: unknown) => controls.connect(parseInput(connectInput, input, "input")),
    changeTypes: (id: unknown, types: unknown) => {
      const input = parseInput(changeTypesInput, { id, connectionTypes: types }, "input");
      controls.changeTypes(input.id, input.connectionTypes);
    },
    disconnect: (id: unknown) => controls.disconnect(parseInput(disconnectInput, { id }, "input").id),
    rotateKeys: (key: unknown) => controls.rotateKeys(parseKey(key)),
    setPermissions: (key: unknown, permissions: unknown) =>
      controls.setPermissions(parseKey(key), parseInput(strings, permissions, "permissions")),
    setFeature: (key: unknown, on: unknown) =>
      controls.setFeature(parseKey(key), parseInput(boolean, on, "on")),
    fail: (fault: unknown) => controls.fail(parseFault(fault)),
    clearFaults: () => controls.clearFaults(),
    reset: () => controls.reset(),
  };
}
