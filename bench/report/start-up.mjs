import { formatSpread, formatTable, formatWholeSpread } from "./table.mjs";

/** @param {import("../start-up/start-up.mjs").StartUp} startUp */
export function formatStartUp({ responses, commands, commandLine }) {
  const names = Object.keys(commands[0]?.seconds ?? {});
  return [
    "## Start-up",
    "Milliseconds from the start of the process to its first response, without the engine:",
    formatTable(
      ["", "ms"],
      responses.map(({ what, milliseconds }) => [what, formatWholeSpread(milliseconds)]),
    ),
    "Wall seconds of commands with 3 connections and no changes, with filled caches:",
    formatTable(
      ["", ...names],
      commands.map(({ variant, seconds }) => [
        variant,
        ...names.map((name) => {
          const times = seconds[name];
          return times ? formatSpread(times) : "";
        }),
      ]),
    ),
    "Milliseconds of `datadog-org-connections` and of a Node process that does nothing:",
    formatTable(
      ["", "ms"],
      commandLine.map(({ command, milliseconds }) => [command, formatWholeSpread(milliseconds)]),
    ),
  ];
}
