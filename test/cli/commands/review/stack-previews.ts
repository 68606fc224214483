import { SINGLE_TYPE } from "../../../../core/src/host/type-tokens.js";
import { getOrgId } from "../../plans.js";

/** The type of a connection in `@pulumi/datadog`. */
export const OFFICIAL_TYPE = "datadog:index/orgConnection:OrgConnection";
export const C1 = "cccccccc-0001-4000-8000-000000000000";

export const createUrn = (stack: string, type = SINGLE_TYPE) => `urn:pulumi:${stack}::acme::${type}::hub`;
export const inputs = {
  source: "payments",
  sinkOrgId: getOrgId("hub"),
  connectionTypes: ["logs", "metrics"],
};
/** A resource of a stack in a step or a state. */
export const createResource = (
  stack: string,
  { type = SINGLE_TYPE, ...more }: { type?: string; [field: string]: unknown } = {},
) => ({
  urn: createUrn(stack, type),
  type,
  id: C1,
  inputs,
  outputs: { ...inputs, sourceOrgId: getOrgId("source"), sinkOrgName: "hub" },
  ...more,
});
export const createState = (stack: string) => ({
  version: 3,
  deployment: { resources: [createResource(stack)] },
});
/** A preview of a stack in which `payments` is the organization with this id. Its last step proves that it shows leftovers. */
export const createPreview = (stack: string, steps: object[], id: string | null = getOrgId("source")) => ({
  config: {
    "datadog-org-connections:organizations": JSON.stringify({ payments: id === null ? {} : { id } }),
  },
  steps: [
    { op: "same", urn: `urn:pulumi:${stack}::acme::pulumi:pulumi:Stack::acme-${stack}` },
    ...steps,
    { op: "delete-replaced", urn: `urn:pulumi:${stack}::acme::other:index:Resource::other` },
  ],
});
export const create = (stack: string) => ({
  op: "create",
  urn: createUrn(stack),
  newState: createResource(stack, { id: undefined, outputs: undefined }),
});
export const adopt = (stack: string) => ({
  op: "create",
  urn: createUrn(stack),
  newState: createResource(stack, { id: undefined, outputs: undefined, inputs: { ...inputs, adopt: true } }),
});
export const deleteFrom = (stack: string, type?: string) => ({
  op: "delete",
  urn: createUrn(stack, type),
  oldState: createResource(stack, type === undefined ? {} : { type }),
});
