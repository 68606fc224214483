import * as v from "valibot";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";
import { isMarked, type Marks } from "./terraform-marks.js";
import { SECRET } from "./known-value.js";
import { resourceFieldsSchema, type ResourceState } from "./resource-state.js";
import type { ResourceKind, ResourceRef } from "./resources.js";

/** The resource type of a connection in the Datadog provider of Terraform and OpenTofu. */
export const TERRAFORM_TYPE = "datadog_org_connection";

const KIND: ResourceKind = { tool: "terraform", form: "single" };

/**
 * The schema of the values of a resource. It accepts anything. Without valid values, the resource has no ID and is reported as
 * unreadable.
 */
export const terraformValuesSchema = v.fallback(v.record(v.string(), v.unknown()), {});
export type TerraformValues = v.InferOutput<typeof terraformValuesSchema>;

/** Which values of a resource are sensitive, and which are not yet known. */
export interface ValueMarks {
  sensitive: Marks;
  /** Not known before the apply. Left out for a state and for the values before a change. */
  unknown?: Marks;
}

/** Creates a reference to a resource in a file. */
export const createTerraformRef = (location: string, address: string, lineage?: string): ResourceRef => ({
  ...KIND,
  location,
  address,
  name: address,
  ...(lineage !== undefined && { lineage }),
});

/**
 * Converts the values of a resource. The input contains sensitive values in plain text, so placeholders replace them. Placeholders
 * also replace values that are not yet known.
 *
 * @param more - other fields of the result
 */
export function toTerraformState(
  values: TerraformValues,
  { sensitive, unknown }: ValueMarks,
  more: { provider?: string | undefined; delete?: boolean } = {},
): ResourceState {
  const read = (field: string): unknown => {
    if (unknown && isMarked(unknown, field)) return UNKNOWN;
    return isMarked(sensitive, field) ? SECRET : values[field];
  };
  const declared = { sinkOrgId: read("sink_org_id"), connectionTypes: read("connection_types") };
  const fields = v.parse(resourceFieldsSchema, {
    ...more,
    id: read("id"),
    inputs: declared,
    outputs: {
      ...declared,
      sinkOrgName: read("sink_org_name"),
      sourceOrgId: read("source_org_id"),
      sourceOrgName: read("source_org_name"),
      createdAt: read("created_at"),
      createdBy: read("created_by"),
    },
  });
  return { ...fields, ...KIND };
}
