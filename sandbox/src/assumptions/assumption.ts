import type { CreateDeviation } from "./deviation.js";

/**
 * How an assumption is known.
 *
 * - `documented`: a page of Datadog's documentation says so.
 * - `published`: Datadog's OpenAPI specification, or the code of one of its clients.
 * - `recorded`: a recorded exchange with the live service.
 * - `assumed`: nothing of this says so. The sandbox had to choose.
 */
export type AssumptionKind = "documented" | "published" | "recorded" | "assumed";

/** Something that the sandbox does as Datadog is believed to do. */
export interface Assumption {
  /** In kebab case. It never changes, because recordings and reports refer to it. */
  readonly name: string;
  /** What holds, as a sentence. */
  readonly sentence: string;
  readonly kind: AssumptionKind;
  /** The page that says so. Missing for `assumed`. */
  readonly url?: string;
  /** What a sandbox with `deviate` does instead, as a sentence. */
  readonly deviation: string;
}

/** An assumption, and what inverts it in the sandbox. */
export interface InvertibleAssumption extends Assumption {
  readonly createDeviation: CreateDeviation;
}

/** The usual page of each kind. */
const URLS = new Map<AssumptionKind, string>([
  ["documented", "https://docs.datadoghq.com/api/latest/org-connections/"],
  [
    "published",
    "https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml",
  ],
  ["recorded", "https://github.com/DataDog/terraform-provider-datadog/tree/master/datadog/tests/cassettes"],
]);

/** Defines an assumption. `source` is the URL of its page, or its kind, if the page is the usual one of this kind. */
export function defineAssumption(
  name: string,
  source: AssumptionKind | { kind: Exclude<AssumptionKind, "assumed">; url: string },
  sentence: string,
  deviation: string,
  createDeviation: CreateDeviation,
): InvertibleAssumption {
  const { kind, url } = typeof source === "string" ? { kind: source, url: URLS.get(source) } : source;
  return { name, sentence, kind, ...(url !== undefined && { url }), deviation, createDeviation };
}
