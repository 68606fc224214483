/**
 * A provider of the program: what it declares is printed as resources of the plugin without `source`. Its keys come from variables
 * that `envVarMappings` names, which no preview shows: with another mapping, the same provider has the keys of another organization.
 * Or they are arguments.
 */
import { SET_TYPE, SINGLE_TYPE } from "../../core/src/host/type-tokens.js";
import type { ProgramMove, SourceName } from "../histories/moves.js";
import type { Program } from "../histories/program.js";
import { formatUrn, ROOT_URN, type EngineStep, type StepResource } from "./engine-steps.js";

/** Names of the program. The last two look like those of the stack's default providers. */
export const PROVIDER_NAMES = ["acme", "default", "default_9_9_9"] as const;

export interface ProgramProvider {
  name: (typeof PROVIDER_NAMES)[number];
  /** The name in the simulated program for the organization of its keys: in the state, and after the change. */
  before: SourceName;
  after: SourceName;
  /** The argument `checks: offline`: the preview checks none of its pairs. */
  offline: boolean;
  /** The keys are arguments, so the organization of its resources in the state is that of new ones. */
  hasKeys: boolean;
}

const TYPE = "pulumi:providers:datadog-org-connections";
const ID = "c0ffee00-0001-4000-8000-000000000001";
const TYPES = new Map([
  [SINGLE_TYPE, "datadog-org-connections:index:OrgConnection"],
  [SET_TYPE, "datadog-org-connections:index:OrgConnectionSet"],
]);

/** Gives all resources of one of the two names the other one. */
export function changeMapping(program: Program, from: SourceName, to: SourceName): void {
  for (const [name, declared] of program)
    if (declared.source === from) program.set(name, { ...declared, source: to });
}

/** Without moves to another source: a move between hosts is no change of a mapping. */
export const omitSourceMoves = (moves: readonly ProgramMove[]): ProgramMove[] =>
  moves.filter(({ kind }) => kind !== "source");

/** Whether the provider has the resources of the name. */
export const isOfProvider = ({ before, after }: ProgramProvider, source: unknown): boolean =>
  source === before || source === after;

/** The provider in a state or a step. A provider of a program has a parent. */
function createProvider({ name, before, after, offline, hasKeys }: ProgramProvider): StepResource {
  const inputs = {
    ...(offline && { checks: "offline" }),
    // With other keys, its own step would show a change.
    ...(hasKeys && before === after && { apiKey: "[secret]", appKey: "[secret]" }),
  };
  return { name, type: TYPE, urn: formatUrn(TYPE, name), id: ID, parent: ROOT_URN, inputs, outputs: inputs };
}

/** Prints a resource of the provider as one of the plugin. */
function toPluginResource(one: StepResource, provider: ProgramProvider): StepResource {
  const { source, ...inputs } = one.inputs;
  const type = TYPES.get(one.type);
  if (type === undefined || !isOfProvider(provider, source)) return one;
  return {
    ...one,
    type,
    urn: formatUrn(type, one.name),
    provider: `${formatUrn(TYPE, provider.name)}::${ID}`,
    parent: ROOT_URN,
    inputs,
    ...(one.outputs && { outputs: { ...one.outputs, source: undefined } }),
  };
}

/** Adds the provider to the resources of a state. */
export const addProvider = (
  resources: readonly StepResource[],
  provider: ProgramProvider | undefined,
): StepResource[] =>
  provider
    ? [createProvider(provider), ...resources.map((one) => toPluginResource(one, provider))]
    : [...resources];

/** Adds the provider to the steps. Its own step shows no change. */
export function addProviderSteps(
  steps: readonly EngineStep[],
  provider: ProgramProvider | undefined,
): EngineStep[] {
  if (!provider) return [...steps];
  const own = createProvider(provider);
  const convert = (one: StepResource) => toPluginResource(one, provider);
  const same: EngineStep = { op: "same", name: own.name, urn: own.urn, old: own, new: own };
  return [
    ...(steps.some(({ op }) => op === "refresh") ? [{ ...same, op: "refresh", found: own }] : []),
    ...steps.filter(({ op }) => op === "refresh").map(convertStep),
    same,
    ...steps.filter(({ op }) => op !== "refresh").map(convertStep),
  ];

  function convertStep({ old, new: next, found, ...step }: EngineStep): EngineStep {
    const [was, is] = [old && convert(old), next && convert(next)];
    return {
      ...step,
      urn: (is ?? was)?.urn ?? step.urn,
      ...(was && { old: was }),
      ...(is && { new: is }),
      ...(found !== undefined && { found: found === "gone" ? found : convert(found) }),
    };
  }
}
