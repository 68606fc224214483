import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import type { Identity } from "../../../core/src/api/identity.js";
import { AWS_PACKAGES } from "../../../core/src/identity/aws.js";
import { AZURE_PACKAGES } from "../../../core/src/identity/azure.js";
import { GCP_PACKAGES } from "../../../core/src/identity/gcp.js";
import { useBundled } from "../../bundled.js";
import { ORGANIZATION_ID } from "./harness.js";

const PACKAGES = [AWS_PACKAGES, AZURE_PACKAGES, GCP_PACKAGES].flat();
const LIBRARIES = PACKAGES.map((name) => name.replace(/@\d+$/, ""));
/** As CommonJS, like the published packages: once where Node finds the libraries, and once where it does not. */
const installed = useBundled("core/src/identity/obtain-proof.ts", { external: LIBRARIES });
const notInstalled = useBundled("core/src/identity/obtain-proof.ts", {
  external: LIBRARIES,
  parent: tmpdir(),
});

const AWS_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "session",
};
const AZURE: Identity = { type: "azure", scope: "api://example/.default" };

interface Result {
  proof?: string;
  code?: string;
  message?: string;
  /** The files that the process has loaded. */
  loaded: string[];
}

/** Obtains a proof in a new process with only these variables. */
function obtainInProcess(bundle: string, identity: Identity, env: Record<string, string> = {}): Result {
  const out = execFileSync(
    process.execPath,
    ["-e", SCRIPT, bundle, JSON.stringify(identity), ORGANIZATION_ID],
    {
      env: { PATH: process.env["PATH"], HOME: "/no/such/folder", NODE_NO_WARNINGS: "1", ...env },
      encoding: "utf8",
    },
  );
  return JSON.parse(out) as Result;
}

const SCRIPT = `
const [, bundle, identity, organizationId] = process.argv;
const context = { env: process.env, suffix: "PAYMENTS", label: "payments", timeoutMs: 300 };
const end = (result) => {
  const loaded = Object.keys(require.cache);
  process.stdout.write(JSON.stringify({ ...result, loaded }), () => process.exit(0));
};
require(bundle).obtainProof(JSON.parse(identity), organizationId, context).then(
  (proof) => end({ proof }),
  ({ code, message }) => end({ code, message }),
);
`;

/** Lists the libraries, by the first part of their names: the cache of `require` has only a part of a library that is loaded by `import`. */
const listLibraries = ({ loaded }: Result): string[] =>
  LIBRARIES.map((name) => name.replace(/\/.*/, "")).filter((name) =>
    loaded.some((file) => file.includes(`node_modules/${name}/`)),
  );

describe("where the libraries are installed, they are found and loaded", () => {
  test("those of AWS, and no other", () => {
    const result = obtainInProcess(installed, { type: "aws" }, AWS_CREDENTIALS);
    expect(result.proof?.split("|")).toHaveLength(4);
    expect(listLibraries(result)).toEqual(["@aws-sdk", "@smithy", "@aws-crypto"]);
  });

  test.each<[string, Identity, string]>([
    ["google-auth-library", { type: "gcp" }, "Google Cloud"],
    ["@azure", AZURE, "Azure"],
  ])("that of %s, and no other", (name, identity, cloud) => {
    const result = obtainInProcess(installed, identity, { METADATA_SERVER_DETECTION: "none" });
    expect(result.message).toContain(`${cloud} did not prove the workload identity`);
    expect(listLibraries(result)).toEqual([name]);
  });

  test.each<Identity>([{ type: "github" }, { type: "oidc" }, { type: "hcp" }])("none for %j", (identity) => {
    const result = obtainInProcess(installed, identity);
    expect(result.code).toBe("identity-missing");
    expect(listLibraries(result)).toEqual([]);
  });
});

test.each<[string, Identity, string[]]>([
  ["AWS", { type: "aws" }, AWS_PACKAGES],
  ["Google Cloud", { type: "gcp" }, GCP_PACKAGES],
  ["Azure", AZURE, AZURE_PACKAGES],
])(
  "where those of %s are not installed, the error has the command that installs them",
  (_, identity, packages) => {
    const { code, message } = obtainInProcess(notInstalled, identity, AWS_CREDENTIALS);
    expect(code).toBe("identity-missing");
    expect(message).toContain("must be installed");
    expect(message).toContain(`\`npm install ${packages.join(" ")}\``);
  },
);
