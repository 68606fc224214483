/** Puts resources of `@pulumi/datadog` into the state of a stack, in place of ours, as if it had created the connections. */
import type { ExportedResource } from "../engine/checkpoint.js";
import type { Scenario } from "../histories/scenario.js";
import { formatProvider, formatUrn, PROVIDER_TYPE, toResource } from "./engine-steps.js";

interface ExportedStack {
  deployment: { resources: (ExportedResource & { provider?: string; custom?: boolean })[] };
}

/**
 * Edits an exported state: the resources that the scenario marks as official belong to `@pulumi/datadog` then, with a provider for
 * each organization.
 */
export function insertOfficialResources(scenario: Scenario, exported: string): string {
  const stack = JSON.parse(exported) as ExportedStack;
  const official = new Map([...scenario.state.resources].filter(([, { isOfficial }]) => isOfficial === true));
  const [root, ...others] = stack.deployment.resources.map((resource) => {
    const name = resource.urn.split("::").at(-1) ?? "";
    const saved = official.get(name);
    if (!saved || resource.delete === true) return resource;
    const { urn, type, provider = "", inputs, outputs } = toResource(name, saved);
    return { ...resource, urn, type, provider, inputs, outputs: { ...outputs, id: saved.id } };
  });
  const sources = new Set([...official.values()].map(({ outputs }) => outputs.sourceOrgId ?? ""));
  const providers = [...sources].map((source) => createProvider(scenario, source));
  // The engine requires this order.
  const resources = [...(root ? [root] : []), ...providers, ...others];
  return JSON.stringify({ ...stack, deployment: { ...stack.deployment, resources } });
}

function createProvider(scenario: Scenario, sourceOrgId: string) {
  const { apiKey, appKey } = scenario.sandbox.getOrganization(scenario.getKey(sourceOrgId));
  const settings = { apiUrl: scenario.sandbox.url, apiKey, appKey };
  const urn = formatUrn(PROVIDER_TYPE, sourceOrgId);
  const id = formatProvider(sourceOrgId).slice(urn.length + 2);
  return { urn, type: PROVIDER_TYPE, custom: true, id, inputs: settings, outputs: settings };
}
