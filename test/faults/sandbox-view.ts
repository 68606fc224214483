/** One scenario's view of a shared sandbox. Its own organizations replace `payments` and `checkout`. */
import type { ArmedFault, Sandbox } from "../../sandbox/src/index.js";
import type { ScenarioSandbox } from "../histories/scenario.js";

/** A view and its faults. */
export interface SandboxView extends ScenarioSandbox {
  /** Whether a fault of this view has affected no request so far. */
  isArmed(): boolean;
  /** Releases every request that a fault of this view delays. */
  release(): void;
}

/** How many of the organizations `source-1`, `source-2`, … each view uses. */
export const OWN_ORGANIZATIONS = 2;

/**
 * Creates the view of scenario number `at`, from 0. It only shows the requests and connections of its own
 * source organizations. Faults affect the organization that replaces `payments`.
 */
export function createView(sandbox: Sandbox, at: number): SandboxView {
  const real: Record<string, string> = {
    payments: `source-${OWN_ORGANIZATIONS * at + 1}`,
    checkout: `source-${OWN_ORGANIZATIONS * at + 2}`,
  };
  const local = new Map(Object.entries(real).map(([key, other]) => [other, key]));
  const ids = new Set(Object.values(real).map((key) => sandbox.getOrganization(key).id));
  const toReal = (key: string) => real[key] ?? key;
  const armed = new Set<ArmedFault>();
  return {
    url: sandbox.url,
    get organizations() {
      return sandbox.organizations.map((one) => ({ ...one, key: local.get(one.key) ?? one.key }));
    },
    getOrganization: (key) => ({ ...sandbox.getOrganization(toReal(key)), key }),
    get requests() {
      return sandbox.requests.flatMap((request) => {
        const organization = local.get(request.organization ?? "");
        return organization === undefined ? [] : [{ ...request, organization }];
      });
    },
    listConnections: () => sandbox.listConnections().filter(({ sourceOrgId }) => ids.has(sourceOrgId)),
    connect: (input) => sandbox.connect({ ...input, source: toReal(input.source), sink: toReal(input.sink) }),
    disconnect: (id) => sandbox.disconnect(id),
    changeTypes: (id, types) => sandbox.changeTypes(id, types),
    rotateKeys: (key) => sandbox.rotateKeys(toReal(key)),
    setPermissions: (key, permissions) => sandbox.setPermissions(toReal(key), permissions),
    setFeature: (key, on) => sandbox.setFeature(toReal(key), on),
    issuer: sandbox.issuer,
    mapIdentity: (mapping) => sandbox.mapIdentity({ ...mapping, organization: toReal(mapping.organization) }),
    fail(fault) {
      const on = { ...fault.on, organization: toReal(fault.on?.organization ?? "payments") };
      const one = sandbox.fail({ ...fault, on });
      armed.add(one);
      return one;
    },
    clearFaults() {
      for (const one of armed) one.disarm();
      armed.clear();
    },
    // A view is created for one scenario. Its organizations were not used before.
    reset: () => undefined,
    isArmed: () => [...armed].some(({ fired }) => fired === 0),
    release() {
      for (const one of armed) one.release();
    },
  };
}
