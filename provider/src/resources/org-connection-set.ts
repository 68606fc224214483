import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionType } from "datadog-org-connections-core/api/connection-type.js";
import { listProperties } from "datadog-org-connections-core/connection/field.js";
import { SET_FIELDS } from "datadog-org-connections-core/connection-set/fields.js";
import { SET_INPUT_PROVIDER_LINE } from "../host/provider-lines.js";
import { OTHER_PAIRS } from "datadog-org-connections-core/operation/program-declarations.js";
import { SET_TYPE } from "../type-tokens.js";
import { collectOtherPairs, declarePairs } from "./declared-pairs.js";
import { refuseIgnoredConnections } from "./refuse-ignored-connections.js";
import { requireValidConfiguration } from "./program-guard.js";
import { formatResourceKey, formatResourceLabel, readInputs, readOptions } from "./program-inputs.js";
import { collectOptions, refuseUnsupportedOptions } from "./resource-options.js";
import { requireHost } from "./require-host.js";
import { collectUnconfiguredSources } from "./unconfigured-sources.js";
import { CustomResource } from "./sdk.js";
import { suspendStackTraces } from "./suspend-stack-traces.js";

/** The arguments of an `OrgConnectionSet`: everything that one organization shares. */
export interface OrgConnectionSetArgs {
  /**
   * The organization that shares its data, by name as in `OrgConnection`.
   *
   * @default the default organization
   */
  source?: pulumi.Input<string>;
  /** The shared types by UUID of the destination organization: a set of `logs`, `metrics`, `audit`, or types that Datadog adds. */
  connections: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<ConnectionType>[]>>>;
  /**
   * Delete connections of this organization that the set does not declare. A refresh or an `up` that finds them adds them to
   * the state. The preview of the next `up` lists them, and that `up` deletes them.
   *
   * @default false
   */
  exclusive?: pulumi.Input<boolean>;
  /**
   * Adopt existing connections of these pairs. Otherwise, such connections are an error.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
  /** A note for reviewers and policies. Stored in the state, not sent to Datadog. */
  reason?: pulumi.Input<string>;
}

/** One live connection of a set. */
export interface SetMember {
  /** UUID of the connection. */
  id: string;
  /** Name of the destination organization, if the API returns it. */
  sinkOrgName?: string;
  /** Time of creation, in RFC 3339. */
  createdAt: string;
  /** UUID of the user who created it. */
  createdBy?: string;
}

/**
 * Everything that one organization shares, as one resource, which can have hundreds of destinations. If a change fails in
 * part, the state has what is live, and the next `up` applies the remaining changes.
 *
 * @example
 * new OrgConnectionSet("payments", {
 *   source: "payments",
 *   connections: { [hub.id]: ["logs", "metrics"], [security.id]: ["audit"] },
 * });
 */
export class OrgConnectionSet extends CustomResource {
  /** The name of the source organization, as in the arguments. */
  declare readonly source: pulumi.Output<string | undefined>;
  /** The live types, by UUID of the destination. */
  declare readonly connections: pulumi.Output<Record<string, ConnectionType[]>>;
  /** As in the arguments. */
  declare readonly exclusive: pulumi.Output<boolean | undefined>;
  /** As in the arguments. */
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  /** As in the arguments. */
  declare readonly reason: pulumi.Output<string | undefined>;
  /** The ID, destination name, creation time and creator of each connection, by UUID of the destination. */
  declare readonly members: pulumi.Output<Record<string, SetMember>>;
  /** With `exclusive`: the IDs of live connections that are not declared, by UUID of the destination. */
  declare readonly undeclared: pulumi.Output<Record<string, string> | undefined>;
  /** UUID of the organization that shares its data. */
  declare readonly sourceOrgId: pulumi.Output<string>;
  /**
   * Name of that organization, if the API returns it.
   *
   * @remarks Unknown in the preview of an update, as in `OrgConnection`.
   */
  declare readonly sourceOrgName: pulumi.Output<string | undefined>;

  /**
   * @param name - the resource's name in this program
   * @param args - the destinations and their types
   * @param opts - resource options; `provider` and `import` are refused because they do not work for a dynamic resource;
   *   to take an existing connection into the state, set `adopt`
   * @throws `invalid-input`, `invalid-configuration`, `credential-in-plain-text`, `package-missing`; the preview and the update
   *   report the other problems
   */
  constructor(name: string, args: OrgConnectionSetArgs, opts?: pulumi.CustomResourceOptions) {
    requireValidConfiguration();
    const resource = formatResourceLabel("OrgConnectionSet", name);
    requireHost(resource);
    const given = readInputs(resource, args);
    const options = readOptions(resource, opts);
    refuseUnsupportedOptions(resource, given.source, options);
    const { source } = given;
    const exclusive = refuseIgnoredConnections(resource, given, options);
    const declarer = { label: resource, key: formatResourceKey(resource, options) };
    const declared = declarePairs(declarer, source, given.connections, listSinks, exclusive);
    const internal = {
      ...declared.internal,
      ...collectOptions(options),
      ...collectUnconfiguredSources(source),
    };
    const others =
      exclusive === undefined || exclusive === false
        ? {}
        : { [OTHER_PAIRS]: collectOtherPairs(declarer, source, given.connections) };
    const inputs = {
      ...OUTPUTS,
      ...given,
      ...internal,
      ...others,
      connections: declared.value,
      exclusive,
      __provider: SET_INPUT_PROVIDER_LINE,
    };
    const stackTraces = suspendStackTraces(OrgConnectionSet);
    try {
      super(SET_TYPE, name, inputs, options);
    } catch (error) {
      throw stackTraces.addTrace(error);
    } finally {
      stackTraces.resume();
    }
  }

  /** Whether a value is an OrgConnectionSet, from any copy of this package. */
  static override isInstance(value: unknown): value is OrgConnectionSet {
    return CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === SET_TYPE;
  }
}

/** Lists the destinations. JavaScript programs can pass anything; check reports what is invalid. */
function listSinks(connections: unknown): string[] {
  return typeof connections === "object" && connections !== null ? Object.keys(connections) : [];
}

/** The SDK resolves an output only if the constructor passes it, with the value undefined. */
const OUTPUT_NAMES: readonly (keyof OrgConnectionSet)[] = listProperties(SET_FIELDS);
const OUTPUTS = Object.fromEntries(OUTPUT_NAMES.map((name) => [name, undefined]));
