/** The checked inputs of one connection, normalized. */
export interface Inputs {
  /** The source organization, by its name in the stack's configuration or in the environment. @default the default organization */
  source?: string | undefined;
  /** UUID of the destination organization, in lower case. */
  sinkOrgId: string;
  /** The types, sorted. Undefined if they are unspecified. Datadog then chooses the types of a new connection. */
  connectionTypes?: string[] | undefined;
  /** Whether an existing connection of this pair is adopted. */
  adopt?: boolean | undefined;
  /** A note for reviewers, which is not sent to Datadog. */
  reason?: string | undefined;
}

/** The live values and the inputs of one connection. Read and delete receive only this state, so it includes the inputs. */
export interface State extends Omit<Inputs, "connectionTypes"> {
  /** The live types, sorted. */
  connectionTypes: string[];
  /** `true` if the last create or update left the types unspecified, or if the imported connection had no types. */
  typesUnspecified?: boolean | undefined;
  /** UUID from a response, or else from `proveCaller` at the create. Undefined if both are missing. */
  sourceOrgId?: string | undefined;
  sourceOrgName?: string | undefined;
  sinkOrgName?: string | undefined;
  /** RFC 3339, as sent by the API. */
  createdAt: string;
  /** UUID of the user who created it. */
  createdBy?: string | undefined;
}

/** The properties of T, each of which may be missing. */
export type Incomplete<T> = { [K in keyof T]?: T[K] | undefined };

/** The two organizations of a connection, as far as a state contains them. */
export type Endpoints = Incomplete<
  Pick<State, "source" | "sourceOrgId" | "sourceOrgName" | "sinkOrgId" | "sinkOrgName">
>;

/** The result of create. */
export interface CreateResult {
  connectionId: string;
  state: State;
}

/** A problem with one input of a resource, or with one argument of a provider or a function. */
export interface CheckFailure {
  /** The invalid input or argument, such as `connectionTypes` or `connections["<uuid>"]`. Empty for an argument of a provider. */
  property: string;
  /** What is wrong with the input or argument. */
  reason: string;
}

/**
 * The engine's placeholder for an unknown value (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts).
 * It has the format of a UUID, so the schema of `sinkOrgId` accepts it.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
