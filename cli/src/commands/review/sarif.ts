import { createHash } from "node:crypto";
import path from "node:path";
import { version } from "../../../package.json";
import type { Change } from "../../changes/facts.js";
import { toPlainText } from "../../changes/rich-text.js";
import { ruleNames, type RuleName } from "../../policy/policy.js";
import type { Violation } from "../../policy/rules.js";
import { formatJson } from "../../shared/text.js";
import { getResourceKey } from "../../stack/resources.js";
import type { Review } from "./review.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** What each rule requires, for the list of rules in a viewer. */
const REQUIREMENTS: Readonly<Record<RuleName, string>> = {
  allow:
    "Each type that a destination newly receives, or that a connection shares after an adoption or a replacement, is in the allow-list.",
  reason: "A connection that shares certain types has a reason.",
  maxDestinations: "The count of destinations of a source is limited.",
  protect: "The resource of a connection has the option `protect: true`.",
};

/**
 * Paths relative to the folder in which the command runs. A path that leads out of this folder is undefined. `policyFile` is also
 * undefined if the policy comes from standard input.
 */
export interface SarifPaths {
  projectFolder: string | undefined;
  policyFile: string | undefined;
}

/** Returns the path of a file or folder relative to the working directory. Undefined if the path leads out of this directory. */
export function toRelativePath(cwd: string, file: string): string | undefined {
  const relative = path.relative(cwd, path.resolve(cwd, file));
  return relative.split(path.sep)[0] === ".." || path.isAbsolute(relative)
    ? undefined
    : relative.split(path.sep).join("/");
}

/**
 * Renders the violations of the policy as SARIF 2.1.0, for code scanning. A violation is at the line that creates the resource, if
 * the line and the project folder are known. Otherwise, it is at the policy file. Without the path of this file, only the resource
 * is named.
 */
export function renderSarif(review: Review, paths: SarifPaths): string {
  const { inputs, outcome } = review;
  const reviewed = inputs.map(({ location }) => location).toSorted();
  const run = {
    tool: {
      driver: {
        name: "datadog-org-connections",
        version,
        rules: ruleNames.map((id) => {
          const description = { text: REQUIREMENTS[id] };
          return { id, shortDescription: description, fullDescription: description, help: description };
        }),
      },
    },
    // A viewer discards the results of an earlier run that has the same id, so the id names the reviewed stacks and plans.
    automationDetails: { id: `datadog-org-connections/${reviewed.join(",")}/` },
    invocations: [{ executionSuccessful: outcome !== "failed" }],
    columnKind: "utf16CodeUnits",
    results: createResults(review, paths),
  };
  return `${formatJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, 2)}\n`;
}

function createResults(review: Review, paths: SarifPaths) {
  const counts = new Map<string, number>();
  return review.violations.map((violation) => {
    const { at, change } = violation;
    // `at` is the rule in the policy, such as `reason[0]`.
    const identity = [getResourceKey(change), at, change.before?.sink.id, change.after?.sink.id];
    const key = JSON.stringify(identity);
    const earlier = counts.get(key) ?? 0;
    counts.set(key, earlier + 1);
    // Several violations can have the same identity, for example if the UUIDs of their destinations are unknown.
    const fingerprint = earlier === 0 ? key : JSON.stringify([...identity, earlier]);
    return createResult(violation, fingerprint, review, paths);
  });
}

function createResult(
  { rule, level, change, sentence }: Violation,
  fingerprint: string,
  review: Review,
  paths: SarifPaths,
) {
  const { address, resource } = change;
  return {
    ruleId: rule,
    ruleIndex: ruleNames.indexOf(rule),
    level,
    message: { text: escapeMessage(toPlainText(sentence)) },
    locations: [
      {
        ...createPhysicalLocation(change, review, paths),
        logicalLocations: [{ name: resource, fullyQualifiedName: address, kind: "resource" }],
      },
    ],
    // Identifies the violation even if lines move.
    partialFingerprints: {
      "resourceAndRule/v1": createHash("sha256").update(fingerprint).digest("hex"),
    },
  };
}

function createPhysicalLocation(
  change: Change,
  { positions }: Review,
  { projectFolder, policyFile }: SarifPaths,
) {
  const position = positions.get(getResourceKey(change));
  if (position && projectFolder !== undefined) {
    const { file, line: startLine, column: startColumn } = position;
    const artifactLocation = createArtifactLocation(path.posix.join(projectFolder, file));
    return { physicalLocation: { artifactLocation, region: { startLine, startColumn } } };
  }
  return policyFile === undefined
    ? {}
    : { physicalLocation: { artifactLocation: createArtifactLocation(policyFile) } };
}

const createArtifactLocation = (file: string) => ({
  uri: file.split("/").map(encodeURIComponent).join("/"),
  uriBaseId: "%SRCROOT%",
});

/** Escapes brackets, backslashes and braces, so that a viewer shows no link, `[text](1)`, and no placeholder, `{0}`. */
const escapeMessage = (text: string): string =>
  text
    .replace(/[[\]\\]/g, (character) => `\\${character}`)
    .replace(/[{}]/g, (character) => character.repeat(2));
