/** One scene's view of a sandbox that many share: organizations of its own stand for `payments` and `checkout`. */
import type { ArmedFault, Sandbox } from "../../sandbox/src/index.js";
import type { SceneSandbox } from "../histories/scene.js";

/** A view, and its faults that hold a request. */
export interface SandboxView extends SceneSandbox {
  /** Whether a fault of this view has met no request so far. */
  isArmed(): boolean;
  /** Lets every request go on that a fault of this view holds. */
  release(): void;
}

/** How many organizations of the seed's `source-1`, `source-2`, … each view takes. */
export const OWN_ORGANIZATIONS = 2;

/**
 * The view of scene number `at`, from 0. It shows the requests and connections of its own source organizations only.
 * Faults meet the organization that stands for `payments`.
 */
export function viewOf(sandbox: Sandbox, at: number): SandboxView {
  const real: Record<string, string> = {
    payments: `source-${OWN_ORGANIZATIONS * at + 1}`,
    checkout: `source-${OWN_ORGANIZATIONS * at + 2}`,
  };
  const local = new Map(Object.entries(real).map(([key, other]) => [other, key]));
  const ids = new Set(Object.values(real).map((key) => sandbox.organization(key).id));
  const toReal = (key: string) => real[key] ?? key;
  const armed = new Set<ArmedFault>();
  return {
    url: sandbox.url,
    get organizations() {
      return sandbox.organizations.map((one) => ({ ...one, key: local.get(one.key) ?? one.key }));
    },
    organization: (key) => ({ ...sandbox.organization(toReal(key)), key }),
    get requests() {
      return sandbox.requests.flatMap((request) => {
        const organization = local.get(request.organization ?? "");
        return organization === undefined ? [] : [{ ...request, organization }];
      });
    },
    connections: () => sandbox.connections().filter(({ sourceOrgId }) => ids.has(sourceOrgId)),
    connect: (input) => sandbox.connect({ ...input, source: toReal(input.source), sink: toReal(input.sink) }),
    disconnect: (id) => sandbox.disconnect(id),
    changeTypes: (id, types) => sandbox.changeTypes(id, types),
    rotateKeys: (key) => sandbox.rotateKeys(toReal(key)),
    setPermissions: (key, permissions) => sandbox.setPermissions(toReal(key), permissions),
    setFeature: (key, on) => sandbox.setFeature(toReal(key), on),
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
    // A view is made for one scene, whose organizations nobody has used before.
    reset: () => undefined,
    isArmed: () => [...armed].some(({ fired }) => fired === 0),
    release() {
      for (const one of armed) one.release();
    },
  };
}
