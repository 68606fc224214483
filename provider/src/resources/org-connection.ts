import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionType } from "datadog-org-connections-core/api/connection-type.js";
import { listProperties } from "datadog-org-connections-core/connection/field.js";
import { FIELDS } from "datadog-org-connections-core/connection/fields.js";
import { INPUT_PROVIDER_LINE } from "../host/provider-lines.js";
import { SINGLE_TYPE } from "../type-tokens.js";
import { declarePairs } from "./declared-pairs.js";
import { requireValidConfiguration } from "./program-guard.js";
import { formatResourceKey, formatResourceLabel, readId, readInputs, readOptions } from "./program-inputs.js";
import { collectOptions, refuseUnsupportedOptions } from "./resource-options.js";
import { requireHost } from "./require-host.js";
import { collectUnconfiguredSources } from "./unconfigured-sources.js";
import { CustomResource } from "./sdk.js";
import { suspendStackTraces } from "./suspend-stack-traces.js";

/** The arguments of an `OrgConnection`. */
export interface OrgConnectionArgs {
  /**
   * The organization that shares its data, by its name in the stack's configuration
   * (`datadog-org-connections:organizations`) or environment (`DD_API_KEY__NAME`).
   *
   * @default the default organization, which has the default credentials
   */
  source?: pulumi.Input<string>;
  /** UUID of the destination organization, in upper or lower case. A new destination replaces the connection. */
  sinkOrgId: pulumi.Input<string>;
  /**
   * The shared types: a set of `logs`, `metrics`, `audit`, or types that Datadog adds. If omitted, Datadog chooses the
   * types, and a change of them is not drift.
   */
  connectionTypes?: pulumi.Input<pulumi.Input<ConnectionType>[]>;
  /**
   * Adopt an existing connection of this pair. Otherwise, such a connection is an error.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean>;
  /** A note for reviewers and policies, such as a ticket. Stored in the state, not sent to Datadog. */
  reason?: pulumi.Input<string>;
}

/**
 * A cross-organization connection: the source organization shares data with the destination organization (`sinkOrgId`).
 *
 * If a connection is deleted, the destination's dashboards, notebooks and queries stop getting its data immediately.
 *
 * @example
 * const hub = getOrganizationOutput({ name: "Observability" });
 * new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub.id, connectionTypes: ["logs", "metrics"] });
 */
export class OrgConnection extends CustomResource {
  /** The name of the source organization, as in the arguments. */
  declare readonly source: pulumi.Output<string | undefined>;
  /** UUID of the destination organization, in lower case. */
  declare readonly sinkOrgId: pulumi.Output<string>;
  /** The shared types, sorted. */
  declare readonly connectionTypes: pulumi.Output<ConnectionType[]>;
  /** As in the arguments. */
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  /** As in the arguments. */
  declare readonly reason: pulumi.Output<string | undefined>;
  /** UUID of the organization that shares its data. */
  declare readonly sourceOrgId: pulumi.Output<string>;
  /**
   * Name of the source organization, if the API returns it.
   *
   * @remarks Like every output that is not an input, it is unknown in the preview of an update: the engine does not ask a dynamic
   * provider for it. `getOrganization({ id })` returns the name in a preview too.
   */
  declare readonly sourceOrgName: pulumi.Output<string | undefined>;
  /** Name of the destination organization, if the API returns it. */
  declare readonly sinkOrgName: pulumi.Output<string | undefined>;
  /** Time of creation, in RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** UUID of the user who created it. The connection shares what that user may see, and is deleted with that user. */
  declare readonly createdBy: pulumi.Output<string | undefined>;
  /** `true` if the program does not specify the types. */
  declare readonly typesUnspecified: pulumi.Output<boolean | undefined>;

  /**
   * @param name - the resource's name in this program
   * @param args - the pair and its types
   * @param opts - resource options; `provider` and `import` are refused because they do not work for a dynamic resource;
   *   to take an existing connection into the state, set `adopt`
   * @throws `invalid-input`, `invalid-configuration`, `credential-in-plain-text`, `package-missing`; the preview and the update
   *   report the other problems
   */
  constructor(name: string, args: OrgConnectionArgs, opts?: pulumi.CustomResourceOptions) {
    requireValidConfiguration();
    const resource = formatResourceLabel("OrgConnection", name);
    requireHost(resource);
    const given = readInputs(resource, args);
    const options = readOptions(resource, opts);
    refuseUnsupportedOptions(resource, given.source, options);
    const declarer = { label: resource, key: formatResourceKey(resource, options) };
    // With an ID, this is a `get`: the engine only reads the connection, and nothing is declared.
    const declared =
      options?.id === undefined
        ? declarePairs(declarer, given.source, given.sinkOrgId, (sink) => [sink])
        : undefined;
    const internal = {
      ...declared?.internal,
      ...collectOptions(options),
      ...(options?.id === undefined && collectUnconfiguredSources(given.source)),
    };
    const inputs = {
      ...OUTPUTS,
      ...given,
      ...internal,
      sinkOrgId: declared?.value,
      __provider: INPUT_PROVIDER_LINE,
    };
    const stackTraces = suspendStackTraces(OrgConnection);
    try {
      super(SINGLE_TYPE, name, inputs, options);
    } catch (error) {
      throw stackTraces.addTrace(error);
    } finally {
      stackTraces.resume();
    }
  }

  /**
   * Gets an existing connection, read-only.
   *
   * @param name - the resource's name in this program
   * @param id - the connection's UUID; the preview fails if no connection has it
   * @param state - `source`: the organization that provides the credentials, by default the default organization
   * @param opts - resource options
   * @throws `invalid-input`, and the errors of the constructor
   *
   * @example
   * const existing = OrgConnection.get("payments-to-hub", "40bbb1c2-0000-4000-8000-00d4f1a2b3c4", { source: "payments" });
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<OrgConnectionArgs, "source"> = {},
    opts?: pulumi.CustomResourceOptions,
  ): OrgConnection {
    const known = readId(formatResourceLabel("OrgConnection", name), id);
    return new OrgConnection(name, state as OrgConnectionArgs, { ...opts, id: known });
  }

  /** Whether a value is an OrgConnection, from any copy of this package. */
  static override isInstance(value: unknown): value is OrgConnection {
    return (
      CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === SINGLE_TYPE
    );
  }
}

/** The SDK resolves an output only if the constructor passes it, with the value undefined. */
const OUTPUT_NAMES: readonly (keyof OrgConnection)[] = listProperties(FIELDS);
const OUTPUTS = Object.fromEntries(OUTPUT_NAMES.map((name) => [name, undefined]));
