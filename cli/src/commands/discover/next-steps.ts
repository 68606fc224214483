import { formatCount } from "../../shared/text.js";
import type { Plan } from "./plan.js";

/** What to do with the program, a line each; `output` is the file that it was written to. */
export function nextSteps({ sharing, form, count }: Plan, output: string | undefined): string[] {
  const what = `${formatCount(count, "connection")} of ${formatCount(sharing.length, "organization")}`;
  const resources = form === "set" ? sharing.length : count;
  return [
    `${output === undefined ? "The program" : output} declares ${what}. Next, in a project with these packages (npm install ` +
      `pulumi-datadog-org-connections @pulumi/pulumi) and a stack with these keys:`,
    `1. pulumi preview: must show ${resources} to create, say "will take over" of ${count === 1 ? "the connection" : `each of the ${count} connections`}, and nothing else;`,
    `2. pulumi up: takes them into the state, and writes nothing at Datadog;`,
    `3. pulumi preview: shows nothing. From then on \`adopt\` may go from the program.`,
  ];
}
