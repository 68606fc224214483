import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spreadOf } from "../figures.mjs";
import { startProgram } from "./program.mjs";
import { startProvider } from "./provider.mjs";
import { sources, writeProgram } from "./sources.mjs";

/** @typedef {{ what: string, milliseconds: import("../figures.mjs").Spread }} FirstAnswer */

/** What a resource of ours has in its state, so that a check finds it unchanged. */
const inputs = { sinkOrgId: "aaaaaaaa-1000-4000-8000-000000000001", connectionTypes: ["logs"] };
const lines = {
  nothing: "exports.handler=()=>({check:async(olds,inputs)=>({inputs})})",
  ours: "module.exports=require('pulumi-datadog-org-connections/host')",
};

/**
 * How long the two processes of Node that an operation starts take to their first answer, each alone and without engine.
 * @param {{ folder: string, rounds: number, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<FirstAnswer[]>}
 */
export async function firstAnswers({ folder, rounds, env }) {
  /** @type {Map<string, number[]>} */
  const times = new Map();
  /** @param {string} what @param {number} milliseconds */
  const note = (what, milliseconds) => times.set(what, [...(times.get(what) ?? []), milliseconds]);
  writeFileSync(join(folder, "package.json"), '{ "name": "bench" }\n');
  const place = { node: process.execPath, cwd: folder, env };
  for (let round = 0; round < rounds; round++) {
    const nothing = await startProvider({ ...place, inputs: { ...inputs, __provider: lines.nothing } });
    const ours = await startProvider({ ...place, inputs: { ...inputs, __provider: lines.ours } });
    note("provider process: listening (Pulumi's own part)", ours.listeningMs);
    note("provider process: first check answered, a line that does nothing", nothing.answeredMs);
    note("provider process: first check answered, ours", ours.answeredMs);
    for (const { key, title, typescript } of sources) {
      const cwd = join(folder, key);
      mkdirSync(cwd, { recursive: true });
      writeProgram(cwd, key);
      note(`program: first resource registered, ${title}`, await startProgram({ ...place, cwd, typescript }));
    }
  }
  return [...times].map(([what, values]) => ({ what, milliseconds: spreadOf(values) }));
}
