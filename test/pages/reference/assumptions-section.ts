import { format } from "prettier";
import { assumptions, type Assumption, type AssumptionKind } from "../../../sandbox/src/index.js";

export const HEADING = "## Assumptions";

const RECORDINGS =
  "https://github.com/DataDog/terraform-provider-datadog/tree/master/datadog/tests/cassettes";
const SPECIFICATION =
  "https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml";
const API_PAGE = "https://docs.datadoghq.com/api/latest/org-connections/";

/** What precedes the assumptions of each kind, in the order of the page. */
const KINDS: readonly (readonly [AssumptionKind, string])[] = [
  ["assumed", "Guesses. No source says so, and the sandbox had to choose:"],
  ["recorded", `Recorded: an [exchange of the Terraform provider](${RECORDINGS}) with Datadog shows it:`],
  ["published", `Published: the [OpenAPI specification](${SPECIFICATION}) or the named code says so:`],
  ["documented", `Documented: the [API page](${API_PAGE}) or the named page says so:`],
];

/** Formats the section of docs/reference/sandbox.md that lists the assumptions, from their data in the package. */
export async function formatAssumptions(): Promise<string> {
  const intro =
    "Each has a name, which never changes. The package exports this list as `assumptions`: `name`, `sentence`, `kind` (`assumed`, " +
    "`recorded`, `published` or `documented`) and `url`.";
  const lists = KINDS.map(([kind, text]) => {
    const rows = assumptions.filter((one) => one.kind === kind);
    return [text, "", ...rows.map(formatRow)].join("\n");
  });
  const options = { parser: "markdown", printWidth: 132, proseWrap: "always" } as const;
  return format([HEADING, intro, ...lists].join("\n\n"), options);
}

function formatRow({ name, sentence, url }: Assumption): string {
  const isNamed = url !== undefined && ![RECORDINGS, SPECIFICATION, API_PAGE].includes(url);
  return `- \`${name}\`: ${sentence}${isNamed ? ` ([source](${url}))` : ""}`;
}
