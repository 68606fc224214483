import { expect, test } from "vitest";
import { isHttp, loadedBy, MAIN } from "./loaded-files.js";

test.each([
  ["the help of all", ["--help"]],
  ["the help of review", ["review", "--help"]],
  ["the help of map", ["map", "--help"]],
  ["the help of sandbox", ["sandbox", "--help"]],
  ["the help of inventory", ["inventory", "--help"]],
  ["the help of discover", ["discover", "--help"]],
  ["the help of doctor", ["doctor", "--help"]],
  ["inventory without an organization to ask", ["inventory"]],
  ["discover without an organization to ask", ["discover"]],
  ["doctor without keys", ["doctor"]],
])("%s loads no HTTP client", (_, args) => {
  const { files } = loadedBy(args);
  expect(files).toContain(MAIN);
  expect(files.filter(isHttp)).toEqual([]);
});

test("a look at an organization does, so this test would see it", () => {
  const env = { DD_HOST: "http://127.0.0.1:1", DD_API_KEY: "a", DD_APP_KEY: "b" };
  expect(loadedBy(["doctor"], { env }).files.filter(isHttp)).not.toEqual([]);
});
