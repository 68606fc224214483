import type * as pulumi from "@pulumi/pulumi";
import { SET_INPUT_LINE } from "../host/provider-lines.js";
import { DELETE_BEFORE_REPLACE } from "datadog-org-connections-core/connection/check.js";
import { OTHER_PAIRS } from "datadog-org-connections-core/operation/other-pairs.js";
import { SET_TYPE } from "../type-tokens.js";
import { declarePairs } from "./declared-pairs.js";
import { pairsOfOthers } from "./other-pairs.js";
import { refusePlainKeys, refuseProvider } from "./program-guard.js";
import { labelResource, readInputs, readOptions } from "./program-inputs.js";
import { CustomResource } from "./sdk.js";

/** What a program says of everything one organization shares. */
export interface OrgConnectionSetArgs {
  /** The organization whose data is shared: a name, as in `OrgConnection`. Default: that of the default keys. */
  source?: pulumi.Input<string>;
  /** By UUID of the destination: what is shared with it, a set of `logs`, `metrics`, `audit`, and what Datadog adds. */
  connections: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  /**
   * End connections of this organization that the set does not declare. They are taken into the state by a refresh or
   * by the `up` that finds them, and ended by the next `up`, whose preview names them. Default: `false`.
   */
  exclusive?: pulumi.Input<boolean>;
  /** Take over connections of these pairs that exist already. Default: `false`, an error that names them. */
  adopt?: pulumi.Input<boolean>;
  /** Free text for reviewers and policies. Kept in the state, not sent to Datadog. */
  reason?: pulumi.Input<string>;
}

/** One connection of a set, as it is live. */
export interface SetMember {
  /** UUID of the connection. */
  id: string;
  sinkOrgName?: string;
  /** RFC 3339. */
  createdAt: string;
  /** UUID of the user. */
  createdBy?: string;
}

/**
 * Everything one organization shares, as one resource: for hundreds of destinations, at the cost of one. A change that
 * fails in part leaves in the state what is live, and the next `up` sends what is missing.
 *
 * @example
 * new OrgConnectionSet("payments", {
 *   source: "payments",
 *   connections: { [hub.id]: ["logs", "metrics"], [security.id]: ["audit"] },
 * });
 */
export class OrgConnectionSet extends CustomResource {
  declare readonly source: pulumi.Output<string | undefined>;
  /** What is live, by UUID of the destination. */
  declare readonly connections: pulumi.Output<Record<string, string[]>>;
  declare readonly exclusive: pulumi.Output<boolean | undefined>;
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  declare readonly reason: pulumi.Output<string | undefined>;
  /** Id, name, creation of each connection, by UUID of the destination. */
  declare readonly members: pulumi.Output<Record<string, SetMember>>;
  /** With `exclusive`: ids of connections that are live and not declared, by UUID of the destination. */
  declare readonly strangers: pulumi.Output<Record<string, string> | undefined>;
  /** UUID of the organization whose data is shared. */
  declare readonly sourceOrgId: pulumi.Output<string>;
  declare readonly sourceOrgName: pulumi.Output<string | undefined>;

  /**
   * @param name - the resource's name in this program
   * @param args - the destinations and their types
   * @param opts - resource options; `provider` is refused, since it has no effect on a dynamic resource
   */
  constructor(name: string, args: OrgConnectionSetArgs, opts?: pulumi.CustomResourceOptions) {
    refusePlainKeys();
    const resource = labelResource("OrgConnectionSet", name);
    const given = readInputs(resource, args);
    const options = readOptions(resource, opts);
    refuseProvider(resource, given.source, options);
    const { source, exclusive } = given;
    const connections = declarePairs(resource, source, given.connections, sinksOf, exclusive);
    const hint = options?.deleteBeforeReplace === true ? { [DELETE_BEFORE_REPLACE]: true } : {};
    const others =
      exclusive === undefined || exclusive === false
        ? {}
        : { [OTHER_PAIRS]: pairsOfOthers(resource, source, given.connections) };
    const inputs = { ...OUTPUTS, ...given, ...hint, ...others, connections, __provider: SET_INPUT_LINE };
    super(SET_TYPE, name, inputs, options);
  }

  /** Whether a value is an OrgConnectionSet, of whichever copy of this package. */
  static override isInstance(value: unknown): value is OrgConnectionSet {
    return CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === SET_TYPE;
  }
}

/** The destinations; JavaScript programs can pass anything, and check names what is wrong. */
function sinksOf(connections: unknown): string[] {
  return typeof connections === "object" && connections !== null ? Object.keys(connections) : [];
}

/** An output must be declared as undefined to be resolved. */
const OUTPUTS = {
  source: undefined,
  exclusive: undefined,
  adopt: undefined,
  reason: undefined,
  members: undefined,
  strangers: undefined,
  sourceOrgId: undefined,
  sourceOrgName: undefined,
};
