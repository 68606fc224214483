import { encodeText } from "datadog-org-connections-core/text/escape-text.js";
import type { CheckFailure, Inputs } from "datadog-org-connections-core/connection/types.js";
import { normalizeInputs } from "datadog-org-connections-core/connection/fields.js";
import { normalizeSetInputs, listSinks } from "datadog-org-connections-core/connection-set/fields.js";
import { setTimeout as delay } from "node:timers/promises";
import { UNKNOWN } from "datadog-org-connections-core/index.js";
import type { Declaration } from "datadog-org-connections-core/operation/program-declarations.js";
import type { PluginContext } from "../plugin-context.js";
import type { Properties } from "../protocol/values.js";

/**
 * Declares a single connection, and returns a failure if it conflicts with another resource of the program. Invalid inputs declare
 * nothing, because check refuses them.
 */
export function declareConnection(context: PluginContext, urn: string, news: Properties): CheckFailure[] {
  const { inputs } = normalizeInputs(news);
  if (!inputs) return [];
  const sinks = inputs.sinkOrgId === UNKNOWN ? {} : { sinks: [inputs.sinkOrgId] };
  return declare(context, urn, "sinkOrgId", { ...describeSource(inputs), ...sinks, isExclusive: false });
}

/** Declares a set, as {@link declareConnection} does. */
export function declareSet(context: PluginContext, urn: string, news: Properties): CheckFailure[] {
  const { inputs } = normalizeSetInputs(news);
  if (!inputs) return [];
  const sinks = inputs.connections === UNKNOWN ? {} : { sinks: listSinks(inputs) };
  // An unknown flag counts as true elsewhere, but may turn out to be false.
  const isExclusive = inputs.exclusive === true && news["exclusive"] !== UNKNOWN;
  return declare(context, urn, "connections", { ...describeSource(inputs), ...sinks, isExclusive });
}

const describeSource = ({ source }: Pick<Inputs, "source">): Pick<Declaration, "source"> =>
  source === UNKNOWN ? {} : { source: { name: source } };

function declare(
  context: PluginContext,
  urn: string,
  property: string,
  declaration: Omit<Declaration, "resource">,
): CheckFailure[] {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME, where the type ends in `:OrgConnection` and the name may contain `::`.
  const [, , types = "", ...name] = urn.split("::");
  const resource = `${types.split(":").at(-1) ?? ""} "${encodeText(name.join("::"))}"`;
  const conflict = context.ledger.declarations.declare(urn, { resource, ...declaration });
  return conflict ? [{ property, reason: conflict.message }] : [];
}

/**
 * The registrations of resources. The engine does not say how many resources a program has, and it may update a set before it has
 * registered a resource that declares one of the set's undeclared connections. With a preview, check has refused the two resources.
 * Without one, the set waits until the program registers no more.
 */
export class Registrations {
  private outstanding = 0;
  private lastEndedAt = -Infinity;

  /** @param quietMs - how long no further resource must be registered, in milliseconds */
  constructor(private readonly quietMs: number) {}

  /** Runs the check or the diff of a resource. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.outstanding++;
    try {
      return await work();
    } finally {
      this.outstanding--;
      this.lastEndedAt = performance.now();
    }
  }

  /** Waits until no further resource has been registered for some time. */
  async waitForQuiet(): Promise<void> {
    for (;;) {
      const quietMs = this.outstanding > 0 ? 0 : performance.now() - this.lastEndedAt;
      if (quietMs >= this.quietMs) return;
      await delay(this.quietMs - quietMs);
    }
  }
}
