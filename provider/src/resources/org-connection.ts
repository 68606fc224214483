import type * as pulumi from "@pulumi/pulumi";
import { INPUT_LINE } from "../host/provider-lines.js";
import { DELETE_BEFORE_REPLACE } from "datadog-org-connections-core/connection/check.js";
import { SINGLE_TYPE } from "../type-tokens.js";
import { declarePairs } from "./declared-pairs.js";
import { refusePlainKeys, refuseProvider } from "./program-guard.js";
import { labelResource, readId, readInputs, readOptions } from "./program-inputs.js";
import { CustomResource } from "./sdk.js";

/** What a program says of one connection. */
export interface OrgConnectionArgs {
  /**
   * The organization whose data is shared, by its name in the stack's configuration
   * (`datadog-org-connections:organizations`) or environment (`DD_API_KEY__NAME`). Default: the organization of the
   * default keys.
   */
  source?: pulumi.Input<string>;
  /** UUID of the destination organization; upper or lower case. A new one replaces the connection. */
  sinkOrgId: pulumi.Input<string>;
  /**
   * What is shared: a set of `logs`, `metrics`, `audit`, and what Datadog adds. Left out, the types are unmanaged:
   * Datadog chooses them, and a change of them is no drift.
   */
  connectionTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /** Take over a connection of this pair that exists already. Default: `false`, an error that names it. */
  adopt?: pulumi.Input<boolean>;
  /** Free text for reviewers and policies, such as a ticket. Kept in the state, not sent to Datadog. */
  reason?: pulumi.Input<string>;
}

/**
 * A cross-organization connection: the organization of the keys (source) shares data with another one (sink).
 *
 * Anything that ends a connection ends what the destination's dashboards and monitors read through it, at once.
 *
 * @example
 * const hub = getOrganizationOutput({ name: "Observability" });
 * new OrgConnection("payments-to-hub", { source: "payments", sinkOrgId: hub.id, connectionTypes: ["logs", "metrics"] });
 */
export class OrgConnection extends CustomResource {
  declare readonly source: pulumi.Output<string | undefined>;
  /** UUID of the destination, lower case. */
  declare readonly sinkOrgId: pulumi.Output<string>;
  /** What is shared, sorted. */
  declare readonly connectionTypes: pulumi.Output<string[]>;
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  declare readonly reason: pulumi.Output<string | undefined>;
  /** UUID of the organization whose data is shared. */
  declare readonly sourceOrgId: pulumi.Output<string>;
  /** Its name, where the API tells it. */
  declare readonly sourceOrgName: pulumi.Output<string | undefined>;
  /** Name of the destination, where the API tells it. */
  declare readonly sinkOrgName: pulumi.Output<string | undefined>;
  /** When the connection was made, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** UUID of the user who made it. The connection shares what that user may see, and ends with that user. */
  declare readonly createdBy: pulumi.Output<string | undefined>;
  /** `true` when the program leaves the types to Datadog. */
  declare readonly unmanagedTypes: pulumi.Output<boolean | undefined>;

  /**
   * @param name - the resource's name in this program
   * @param args - the pair and its types
   * @param opts - resource options; `provider` is refused, since it has no effect on a dynamic resource
   */
  constructor(name: string, args: OrgConnectionArgs, opts?: pulumi.CustomResourceOptions) {
    refusePlainKeys();
    const resource = labelResource("OrgConnection", name);
    const given = readInputs(resource, args);
    const options = readOptions(resource, opts);
    refuseProvider(resource, given.source, options);
    // With an id this is a `get`: the engine reads, and nothing is declared.
    const sinkOrgId =
      options?.id === undefined
        ? declarePairs(resource, given.source, given.sinkOrgId, (sink) => [sink])
        : undefined;
    const hint = options?.deleteBeforeReplace === true ? { [DELETE_BEFORE_REPLACE]: true } : {};
    super(SINGLE_TYPE, name, { ...OUTPUTS, ...given, ...hint, sinkOrgId, __provider: INPUT_LINE }, options);
  }

  /**
   * A read-only view of a connection that exists.
   *
   * @param id - the connection's UUID; an unknown one fails the preview
   * @param state - `source`: whose keys to look with
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<OrgConnectionArgs, "source"> = {},
    opts?: pulumi.CustomResourceOptions,
  ): OrgConnection {
    const known = readId(labelResource("OrgConnection", name), id);
    return new OrgConnection(name, state as OrgConnectionArgs, { ...opts, id: known });
  }

  /** Whether a value is an OrgConnection, of whichever copy of this package. */
  static override isInstance(value: unknown): value is OrgConnection {
    return (
      CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === SINGLE_TYPE
    );
  }
}

/** An output must be declared as undefined to be resolved. */
const OUTPUTS = {
  source: undefined,
  connectionTypes: undefined,
  adopt: undefined,
  reason: undefined,
  sourceOrgId: undefined,
  sourceOrgName: undefined,
  sinkOrgName: undefined,
  createdAt: undefined,
  createdBy: undefined,
  unmanagedTypes: undefined,
};
