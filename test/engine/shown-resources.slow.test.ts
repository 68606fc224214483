import { expect, it } from "vitest";
import { parsePreview } from "../../cli/src/stack/formats.js";
import { declareConnection } from "../cli/commands/review/programs.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

it("a preview shows all resources only with flags for all of them, whatever single resources it shows", async () => {
  const declareFirst = (options: string) =>
    declareConnection("first", engine.getOrgId("observability"), "logs", "", options);
  const second = declareConnection("second", engine.getOrgId("security"), "logs");
  const stack = engine.createStack(`${declareFirst("")}${second}`);
  await stack.expectUp();
  // The engine shows this change of the state as a step `same`.
  stack.writeProgram(`${declareFirst("protect: true")}${second}`);
  const getShown = async (...flags: string[]) => {
    const preview = parsePreview(await stack.previewAsJson(...flags), "preview");
    return [preview.showsUnchanged, [...new Set(preview.steps.map(({ resource }) => resource.name))].sort()];
  };
  const target = await stack.findUrn("first");
  expect(await getShown()).toEqual([false, ["first"]]);
  expect(await getShown("--refresh", "--target", target)).toEqual([false, ["first"]]);
  expect(await getShown("--show-sames")).toEqual([true, ["first", "second"]]);
  expect(await getShown("--refresh")).toEqual([true, ["first", "second"]]);
});
