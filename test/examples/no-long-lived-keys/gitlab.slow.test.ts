/** The recipe for GitLab: each organization has an ID token of its own, and no secret for Datadog is stored. */
import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toVariableSuffix } from "../../../core/src/credentials/setting-names.js";
import type { Shell } from "../../pages/shell.js";
import {
  ALL_CREATED,
  identities,
  names,
  organizations,
  readExampleFile,
  runScript,
  useRepository,
} from "./repository.js";

interface Job {
  extends: string;
  environment?: string;
  timeout: string;
  rules: { if: string }[];
  script: string[];
}
interface Pipeline {
  include: { local: string }[];
  variables: Record<string, string>;
  preview: Job;
  up: Job;
}
interface Included {
  ".identity": { id_tokens: Record<string, { aud: string }> };
}

const TEXT = readExampleFile(".gitlab-ci.yml");
const pipeline = parse(TEXT) as Pipeline;
const { preview, up } = pipeline;
const { id_tokens: idTokens } = (parse(readExampleFile("identity.gitlab-ci.yml")) as Included)[".identity"];

const repository = useRepository();
const { example } = repository;
const MERGE_REQUEST = { ref: "idea", pipeline_source: "merge_request_event", ref_protected: "false" };
const MAIN = { ref: "main", pipeline_source: "push", ref_protected: "true" };
const createSubject = (ref: string) => `project_path:acme/connections:ref_type:branch:ref:${ref}`;

/** The claims of the guide, by whether they may write. */
const CLAIMS = {
  read: { project_path: "acme/connections", pipeline_source: "merge_request_event" },
  write: { sub: createSubject("main"), ref_protected: "true", environment: "production" },
};
beforeEach(() => {
  // The accounts of the example, with the claims of GitLab instead of those of GitHub.
  for (const { organization, user, scopes } of identities) {
    const claims = scopes?.includes("org_connections_write") ? CLAIMS.write : CLAIMS.read;
    example.sandbox.mapIdentity({ organization, identity: { type: "jwt", claims }, user, scopes });
  }
});

/** Runs a job with the ID tokens that GitLab issues for it: https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
async function runJob(shell: Shell, job: Job, trigger: typeof MAIN) {
  const claims = {
    ...trigger,
    project_path: "acme/connections",
    ref_type: "branch",
    ...(job.environment !== undefined && { environment: job.environment }),
  };
  const subject = createSubject(trigger.ref);
  const tokens = await Promise.all(
    Object.entries(idTokens).map(async ([name, { aud }]): Promise<[string, string]> => [
      name,
      await example.sandbox.issuer.issueToken({ audience: aud, subject, claims }),
    ]),
  );
  const variables = Object.fromEntries(tokens);
  const ran = await runScript(shell, { script: job.script.join("\n"), variables, flags: "-eo pipefail" });
  return { ...ran, ...repository.takeRequests() };
}

/** Creates a shell whose stack has the type of identity of the recipe. */
async function startShell(): Promise<Shell> {
  const shell = await repository.startShell();
  await shell.run("pulumi config set --stack prod --path datadog-org-connections:identity.type oidc");
  return shell;
}

describe("GitLab", () => {
  it("previews a merge request with accounts that may only read", async () => {
    const shell = await startShell();
    const ran = await runJob(shell, preview, MERGE_REQUEST);
    expect(ran.output).toContain("+ 41 to create");
    expect(ran.code).toBe(0);
    expect(ran.exchanged.toSorted()).toEqual(names);
    const deploys = await runJob(shell, { ...preview, script: up.script }, MERGE_REQUEST);
    expect(deploys.output).toContain("[forbidden]");
    expect(example.listLive()).toEqual([]);
  }, 300_000);

  it("deploys main, and no other branch", async () => {
    const shell = await startShell();
    const branch = await runJob(shell, up, { ...MAIN, ref: "idea", ref_protected: "false" });
    expect(branch.output).toContain("[identity-not-mapped]");
    expect(example.listLive()).toEqual([]);
    const ran = await runJob(shell, up, MAIN);
    expect(ran.code, ran.output).toBe(0);
    expect(ran.exchanged.toSorted()).toEqual(names);
    expect(new Set(ran.others.map(({ credentials }) => credentials))).toEqual(new Set(["token"]));
    expect(example.listLive()).toEqual(ALL_CREATED);
  }, 300_000);
});

describe("the pipeline", () => {
  it("has one ID token for each organization, with its audience and in its variable", () => {
    expect(idTokens).toEqual(
      Object.fromEntries(
        names.map((name) => [
          `DD_OIDC_TOKEN__${toVariableSuffix(name)}`,
          { aud: `datadog/${organizations.get(name)}` },
        ]),
      ),
    );
    expect(pipeline.include).toEqual([{ local: "identity.gitlab-ci.yml" }]);
    expect([preview.extends, up.extends]).toEqual([".identity", ".identity"]);
  });

  it("has no credentials for Datadog, and tokens that are valid for the whole job", () => {
    expect(TEXT).not.toMatch(/DD_|DATADOG_/);
    expect([preview.timeout, up.timeout]).toEqual(["30 minutes", "60 minutes"]);
    expect([preview.environment, up.environment]).toEqual([undefined, "production"]);
    expect(pipeline.variables).toEqual({ STACK: "prod" });
  });
});
