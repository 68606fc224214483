import { formatCount } from "../../shared/text.js";
import type { Plan } from "./plan.js";

/** The next steps, one for each line. `output` is the file with the program. */
export function formatNextSteps({ sources, form, count }: Plan, output: string | undefined): string[] {
  const what = `${formatCount(count, "connection")} of ${formatCount(sources.length, "organization")}`;
  const resources = form === "set" ? sources.length : count;
  return [
    `${output === undefined ? "The program" : output} declares ${what}. Next, in a project with these packages (npm install ` +
      `pulumi-datadog-org-connections @pulumi/pulumi) and a stack with the credentials of each source organization:`,
    `1. pulumi preview: must show ${resources} to create (one more for a new stack: the stack itself), report ${count === 1 ? "the connection" : `each of the ${count} connections`} as "will adopt", and show nothing else.`,
    `2. pulumi up: adopts them into the state and changes nothing in Datadog.`,
    `3. pulumi preview: shows no changes. You can now remove \`adopt\` from the program.`,
  ];
}
