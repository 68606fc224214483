/** What a program asks for: the checked inputs of one connection, normalised. */
export interface Wanted {
  /** Whose keys: a name of the stack's configuration; none for the default organization. */
  source?: string | undefined;
  /** UUID of the destination, lower case. */
  sinkOrgId: string;
  /** Sorted. None: the types are unmanaged. */
  connectionTypes?: string[] | undefined;
  adopt?: boolean | undefined;
  reason?: string | undefined;
}

/** What the state holds of one connection: the inputs again, since read and delete see nothing else, and what is live. */
export interface Recorded extends Omit<Wanted, "connectionTypes"> {
  /** What is live, sorted. */
  connectionTypes: string[];
  /** `true` when the program leaves the types to the service. */
  unmanagedTypes?: boolean | undefined;
  sourceOrgId?: string | undefined;
  sourceOrgName?: string | undefined;
  sinkOrgName?: string | undefined;
  /** RFC 3339, as the API gives it. */
  createdAt: string;
  /** UUID of the user who created it. */
  createdBy?: string | undefined;
}

/** As much of something as is known. */
export type Known<T> = { [K in keyof T]?: T[K] | undefined };

/** What says which connection it is, for messages and to find it again: a part of the state. */
export type Ends = Known<
  Pick<Recorded, "source" | "sourceOrgId" | "sourceOrgName" | "sinkOrgId" | "sinkOrgName">
>;

/** The answer of create. */
export interface Created {
  connectionId: string;
  recorded: Recorded;
}

/** What a failed check says of one input. */
export interface Failure {
  property: string;
  reason: string;
}

/**
 * A value that is not known yet arrives as this text in check and diff (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts).
 * It has the shape of a UUID.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
