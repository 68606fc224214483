import path from "node:path";
import { planOf, type Plan } from "./plan.js";
import { programOf } from "./program.js";
import { formatSentence } from "datadog-org-connections-core/api/invisible.js";
import { counted } from "../../topology/words.js";
import type { CommandContext } from "../../shared/command.js";
import type { DiscoverOptions } from "./command.js";
import { EXIT } from "../../shared/exit-codes.js";
import { findLive } from "./find-live.js";
import { refuseExisting, writeAtomic } from "../../shared/write-atomic.js";

/** Reads what is live, writes its program, and tells what is not in it and what comes next. Answers the exit code. */
export async function discover(options: DiscoverOptions, context: CommandContext): Promise<number> {
  const { output, force = false, form } = options;
  const file = output === undefined ? undefined : path.resolve(context.cwd, output);
  if (file !== undefined && !force) refuseExisting(file, output ?? file);
  const plan = planOf(await findLive(options, context), form);
  const count = plan.sharing.reduce((sum, { entries }) => sum + entries.length, 0);
  const tell = (text: string) => context.stderr.write(`${formatSentence(text)}\n`);
  for (const remark of plan.remarks) tell(remark);
  if (count === 0) tell("Nothing is live that a program could take over: nothing was written.");
  else {
    const program = programOf(plan, new Date().toISOString().slice(0, 10));
    if (file === undefined) context.stdout.write(program);
    else writeAtomic(file, program, { name: output ?? file, overwrite: force });
    for (const line of nextSteps(plan, count, output)) tell(line);
  }
  return plan.complete ? EXIT.ok : EXIT.incomplete;
}

function nextSteps({ sharing, form }: Plan, count: number, output: string | undefined): string[] {
  const what = `${counted(count, "connection")} of ${counted(sharing.length, "organization")}`;
  const resources = form === "set" ? sharing.length : count;
  return [
    `${output === undefined ? "The program" : output} declares ${what}. Next, in a project with these packages (npm install ` +
      `pulumi-datadog-org-connections @pulumi/pulumi) and a stack with these keys:`,
    `1. pulumi preview: must show ${resources} to create, say "will take over" of ${count === 1 ? "the connection" : `each of the ${count} connections`}, and nothing else;`,
    `2. pulumi up: takes them into the state, and writes nothing at Datadog;`,
    `3. pulumi preview: shows nothing. From then on \`adopt\` may go from the program.`,
  ];
}
