import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { computeSpread } from "../figures.mjs";
import { startProgram } from "./program.mjs";
import { startProvider } from "./provider.mjs";
import { sources, writeProgram } from "./sources.mjs";

/** @typedef {{ what: string, milliseconds: import("../figures.mjs").Spread }} FirstResponse */

/** The inputs of a resource in the state, so that check finds no change. */
const inputs = { sinkOrgId: "aaaaaaaa-1000-4000-8000-000000000001", connectionTypes: ["logs"] };
const lines = {
  nothing: "exports.handler=()=>({check:async(olds,inputs)=>({inputs})})",
  ours: "module.exports=require('pulumi-datadog-org-connections/host')",
};

/**
 * Measures the time until the first response of the two Node processes of an operation, separately and
 * without the engine.
 * @param {{ folder: string, rounds: number, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<FirstResponse[]>}
 */
export async function measureFirstResponses({ folder, rounds, env }) {
  /** @type {Map<string, number[]>} */
  const times = new Map();
  /** @param {string} what @param {number} milliseconds */
  const recordTime = (what, milliseconds) => times.set(what, [...(times.get(what) ?? []), milliseconds]);
  writeFileSync(join(folder, "package.json"), '{ "name": "bench" }\n');
  const place = { node: process.execPath, cwd: folder, env };
  for (let round = 0; round < rounds; round++) {
    const nothing = await startProvider({ ...place, inputs: { ...inputs, __provider: lines.nothing } });
    const ours = await startProvider({ ...place, inputs: { ...inputs, __provider: lines.ours } });
    recordTime("provider process: listening (Pulumi's own part)", ours.listeningMs);
    recordTime(
      "provider process: first response to check, with a line that does nothing",
      nothing.respondedMs,
    );
    recordTime("provider process: first response to check, ours", ours.respondedMs);
    for (const { key, title, typescript } of sources) {
      const cwd = join(folder, key);
      mkdirSync(cwd, { recursive: true });
      writeProgram(cwd, key);
      recordTime(
        `program: first resource registered, ${title}`,
        await startProgram({ ...place, cwd, typescript }),
      );
    }
  }
  return [...times].map(([what, values]) => ({ what, milliseconds: computeSpread(values) }));
}
