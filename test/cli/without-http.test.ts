import { expect, test } from "vitest";
import { isHttp, listLoadedFiles, MAIN } from "./loaded-files.js";

test.each([
  ["the help of all", ["--help"]],
  ["the help of review", ["review", "--help"]],
  ["the help of map", ["map", "--help"]],
  ["the help of sandbox", ["sandbox", "--help"]],
  ["the help of inventory", ["inventory", "--help"]],
  ["the help of discover", ["discover", "--help"]],
  ["the help of doctor", ["doctor", "--help"]],
  ["inventory without a configured organization", ["inventory"]],
  ["discover without a configured organization", ["discover"]],
  ["doctor without credentials", ["doctor"]],
])("%s loads no HTTP client", (_, args) => {
  const { files } = listLoadedFiles(args);
  expect(files).toContain(MAIN);
  expect(files.filter(isHttp)).toEqual([]);
});

test("a request for an organization loads it, so this test would detect it", () => {
  const env = { DD_HOST: "http://127.0.0.1:1", DD_API_KEY: "a", DD_APP_KEY: "b" };
  const { files } = listLoadedFiles(["doctor"], { env });
  expect(files.filter(isHttp)).not.toEqual([]);
  // A user of keys does not have the libraries that prove a workload identity.
  expect(
    files.filter((file) => /node_modules\/(@aws-|@azure|@smithy|google-auth-library)/.test(file)),
  ).toEqual([]);
});
