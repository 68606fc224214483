import { connectInputSchema } from "./connect-input.js";
import type { SandboxControls } from "./controls.js";
import { parseFault } from "./fault.js";
import { issueTokenInputSchema } from "./identity/issuer.js";
import { identityMappingSchema } from "./identity/mapping.js";
import { boolean, nonEmptyString, createObjectSchema, parseInput, strings } from "./input.js";

/** The arguments of `changeTypes`. */
export const changeTypesInputSchema = createObjectSchema({ id: nonEmptyString, connectionTypes: strings });
/** The argument of `disconnect`. */
export const disconnectInputSchema = createObjectSchema({ id: nonEmptyString });

/** Creates controls that validate each argument first, because a JavaScript program can pass any value. */
export function createValidatedControls(controls: SandboxControls): SandboxControls {
  const parseKey = (key: unknown) => parseInput(nonEmptyString, key, "key");
  return {
    get organizations() {
      return controls.organizations;
    },
    requests: controls.requests,
    issuer: {
      url: controls.issuer.url,
      issueToken: async (input: unknown) =>
        controls.issuer.issueToken(parseInput(issueTokenInputSchema, input, "input")),
      github: controls.issuer.github,
    },
    getOrganization: (key: unknown) => controls.getOrganization(parseKey(key)),
    clearRequests: () => controls.clearRequests(),
    listConnections: () => controls.listConnections(),
    connect: (input: unknown) => controls.connect(parseInput(connectInputSchema, input, "input")),
    changeTypes: (id: unknown, types: unknown) => {
      const input = parseInput(changeTypesInputSchema, { id, connectionTypes: types }, "input");
      controls.changeTypes(input.id, input.connectionTypes);
    },
    disconnect: (id: unknown) => controls.disconnect(parseInput(disconnectInputSchema, { id }, "input").id),
    rotateKeys: (key: unknown) => controls.rotateKeys(parseKey(key)),
    rotateToken: (key: unknown) => controls.rotateToken(parseKey(key)),
    mapIdentity: (mapping: unknown) =>
      controls.mapIdentity(parseInput(identityMappingSchema, mapping, "mapping")),
    expireTokens: () => controls.expireTokens(),
    setPermissions: (key: unknown, permissions: unknown) =>
      controls.setPermissions(parseKey(key), parseInput(strings, permissions, "permissions")),
    setFeature: (key: unknown, on: unknown) =>
      controls.setFeature(parseKey(key), parseInput(boolean, on, "on")),
    fail: (fault: unknown) => controls.fail(parseFault(fault)),
    clearFaults: () => controls.clearFaults(),
    reset: () => controls.reset(),
  };
}
