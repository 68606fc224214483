import { dirname, delimiter, join } from "node:path";
import { root } from "./bootstrap.mjs";
import { findAllOnPath, pulumiName } from "./pulumi-cli/cache.mjs";

/**
 * Formats the commands that share data of the user's own organization. They work in a shell in this folder as
 * they are printed, except that the keys and names must be filled in.
 * @param {{ binDir: string, path?: string }} options `binDir`: the folder of `pulumi`; `path`: PATH of the user
 */
export function formatNextSteps({ binDir, path = process.env["PATH"] ?? "" }) {
  return `
The program is examples/quick-start/index.ts. For your own organization, run in this folder:

${indent([formatPathCommand(binDir, path), ...KEYS])}
${indent(COMMANDS)}
To adopt connections that exist already, or to see who shares what:

${indent(OTHER_COMMANDS)}`;
}

const KEYS =
  process.platform === "win32"
    ? [
        '$env:DD_SITE = "datadoghq.com"; $env:DD_API_KEY = "…"; $env:DD_APP_KEY = "…"',
        '$env:PULUMI_ENABLE_STREAMING_JSON_PREVIEW = "true"',
      ]
    : [
        "export DD_SITE=datadoghq.com DD_API_KEY=… DD_APP_KEY=…            # the keys of the source organization",
        "export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true                  # `pulumi preview --json` shows all to `review`",
      ];

const COMMANDS = [
  "pulumi stack init dev",
  "pulumi preview                                                    # lists the organizations to choose from",
  "pulumi config set --path 'share.hub.sink' 'Name of the destination'",
  "pulumi config set --path 'share.hub.types[0]' logs",
  "pulumi preview --json | datadog-org-connections review --lookup   # what a reviewer sees",
  "pulumi up",
];

const OTHER_COMMANDS = [
  "datadog-org-connections discover --stack dev                      # a program that adopts them",
  "datadog-org-connections map --live --stack dev -o map.html        # who shares what with whom",
  "datadog-org-connections --help                                    # all commands",
];

/**
 * Formats the command that adds the command line to PATH, and `pulumi` if it is not there yet.
 * @param {string} binDir
 * @param {string} [path]
 */
export function formatPathCommand(binDir, path = process.env["PATH"] ?? "") {
  const found = findAllOnPath(pulumiName, path)[0];
  const folders = [
    ...(found !== undefined && dirname(found) === binDir ? [] : [binDir]),
    join(root, "node_modules", ".bin"),
  ].join(delimiter);
  return process.platform === "win32"
    ? `$env:PATH = "${folders}${delimiter}$env:PATH"`
    : `export PATH="${folders}:$PATH"`;
}

/** @param {string[]} lines */
const indent = (lines) => lines.map((line) => `  ${line}\n`).join("");
