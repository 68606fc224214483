import { definedOnly } from "datadog-org-connections-core/connection/records.js";
import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";
import { isUntold, toldText } from "../stack/told.js";
import type { Sharing } from "./change.js";
import { organization, sourceIn } from "./held.js";
import type { Life } from "./lives.js";
import { typesOf } from "./sharing.js";

/** A connection that the program wants. */
export interface Wanted {
  sharing: Sharing;
  adopt: boolean;
  reason?: string;
  protect: boolean;
  /** A set whose destinations the preview does not tell: how many there are is not known. */
  isOpen: boolean;
  /** The source is known only in the `up`, which may lead to another organization. */
  isSourceUnknown?: true;
}

/** The connections that the program wants of a resource, by its checked inputs. */
export function wantedBy({ wanted, form }: Pick<Life, "wanted" | "form">): Wanted[] {
  const inputs: Record<string, unknown> = wanted?.inputs ?? {};
  const { connections, sinkOrgId, connectionTypes } = inputs;
  const common = {
    adopt: inputs["adopt"] === true,
    reason: toldText(inputs["reason"]),
    protect: wanted?.protect === true,
    // Of a secret the engine knows the value, and has compared it.
    isSourceUnknown: inputs["source"] === UNKNOWN ? (true as const) : undefined,
  };
  const source = wanted ? sourceIn({ source: inputs["source"] }) : {};
  const one = (
    sink: unknown,
    types: Pick<Sharing, "connectionTypes" | "openTypes">,
    isOpen = false,
  ): Wanted =>
    definedOnly<Wanted>({
      ...common,
      isOpen,
      sharing: { source, sink: organization(toldText(sink)), ...types },
    });
  if (!wanted) return [one(undefined, NOT_TOLD, form === "set")];
  if (form === "single") return [one(sinkOrgId, typesOf(connectionTypes))];
  // Whatever is no list of destinations may stand for any.
  if (!isRecord(connections)) return [one(undefined, NOT_TOLD, true)];
  return Object.entries(connections).map(([sink, types]) => one(sink, typesOf(types)));
}

const NOT_TOLD = { connectionTypes: [], openTypes: "not-told" } as const satisfies Partial<Sharing>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isUntold(value);
