/** The recipe for GitHub Actions: a pull request may only read, main may write, and no secret for Datadog is stored. */
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { usePage } from "../../pages/page.js";
import type { Shell } from "../../pages/shell.js";
import { BRANCH, createClaims, MAIN, PULL_REQUEST, type Trigger } from "./claims.js";
import {
  ALL_CREATED,
  identities,
  names,
  organizations,
  readExampleFile,
  runScript,
  useRepository,
} from "./repository.js";
import { startTokenEndpoint, type TokenEndpoint } from "./token-endpoint.js";

interface Job {
  environment?: string | undefined;
  permissions: Record<string, string>;
  steps: { run?: string }[];
}
interface Workflow {
  jobs: Record<"preview" | "up", Job>;
}

const { preview, up } = (parse(readExampleFile(".github/workflows/connections.yml")) as Workflow).jobs;

const { takeBlock } = usePage("docs/guides/no-long-lived-keys.md", "Who may read, and who may write");
const matchers = JSON.parse(takeBlock("Who may read, and who may write", "json")) as Record<
  "read" | "write",
  Record<string, string>
>;

const repository = useRepository();
const { example } = repository;
const endpoints: TokenEndpoint[] = [];
afterEach(() => {
  for (const endpoint of endpoints.splice(0)) endpoint.close();
});
/** The value of a matcher. The sandbox compares claims, so each matcher of the page must match one exact value. */
function parseMatcher(pattern: string): string {
  const [, value = ""] = /^\^([\w/:-]+)\$$/.exec(pattern) ?? expect.fail(pattern);
  return value;
}

/** Runs the last step of a job, with the identity that GitHub gives it, if any. The packages are installed already. */
async function runJob(shell: Shell, job: Job, trigger: Trigger) {
  const { sub, ...claims } = createClaims(job.environment, trigger);
  const endpoint = await startTokenEndpoint((audience) =>
    example.sandbox.issuer.issueToken({ audience, subject: sub, claims }),
  );
  endpoints.push(endpoint);
  const { run = "" } = job.steps.at(-1) ?? {};
  const variables = job.permissions["id-token"] === "write" ? endpoint.variables : {};
  const ran = await runScript(shell, { script: run, variables, flags: "-e" });
  return { ...ran, ...repository.takeRequests(), audiences: endpoint.audiences };
}

/** Replaces the command of the last step. */
function replaceCommand(job: Job, command: string): Job {
  const steps = job.steps.map((step, at) => (at === job.steps.length - 1 ? { ...step, run: command } : step));
  return { ...job, steps };
}
const UP = "pulumi up --yes --skip-preview --non-interactive --stack prod";

describe("a pull request", () => {
  it("is previewed with one exchange for each organization, and without a key", async () => {
    const ran = await runJob(await repository.startShell(), preview, PULL_REQUEST);
    expect(ran.output).toContain("+ 41 to create");
    expect(ran.code).toBe(0);
    expect(ran.exchanged.toSorted()).toEqual(names);
    expect(ran.audiences.toSorted()).toEqual(names.map((name) => `datadog/${organizations.get(name)}`));
    expect(new Set(ran.others.map(({ credentials }) => credentials))).toEqual(new Set(["token"]));
    expect(example.listLive()).toEqual([]);
  }, 300_000);

  it("that deploys itself changes nothing: its account may only read", async () => {
    const job = replaceCommand(preview, UP);
    const ran = await runJob(await repository.startShell(), job, PULL_REQUEST);
    expect(ran.output).toContain("[forbidden]");
    expect(ran.code).not.toBe(0);
    expect(example.listLive()).toEqual([]);
  }, 300_000);

  it("that uses the environment changes nothing: no mapping has these claims", async () => {
    const ran = await runJob(await repository.startShell(), up, PULL_REQUEST);
    expect(ran.output).toContain("[identity-not-mapped]");
    expect([ran.code === 0, example.listLive()]).toEqual([false, []]);
  }, 300_000);
});

describe("main", () => {
  it("is deployed with one exchange for each organization, by the accounts for deployments", async () => {
    const ran = await runJob(await repository.startShell(), up, MAIN);
    expect(ran.output).toContain("+ 41 created");
    expect(ran.code).toBe(0);
    expect(ran.exchanged.toSorted()).toEqual(names);
    expect(new Set(ran.others.map(({ credentials }) => credentials))).toEqual(new Set(["token"]));
    expect(example.listLive()).toEqual(ALL_CREATED);
    const creators = example.sandbox.listConnections().map(({ createdBy }) => createdBy);
    const writers = identities.filter(({ scopes }) => scopes?.includes("org_connections_write"));
    expect(creators.toSorted()).toEqual(writers.map(({ user }) => user?.id).toSorted());
    // The steps print no token.
    expect(ran.output).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  }, 300_000);

  it("cannot be imitated by a branch that changes its workflow", async () => {
    const shell = await repository.startShell();
    for (const job of [up, { ...up, environment: undefined }]) {
      const ran = await runJob(shell, job, BRANCH);
      expect(ran.output).toContain("[identity-not-mapped]");
      expect([ran.code === 0, ran.others, example.listLive()]).toEqual([false, [], []]);
    }
  }, 300_000);

  it("fails without `id-token: write`, and no request is sent", async () => {
    const job = { ...up, permissions: { contents: "read" } };
    const ran = await runJob(await repository.startShell(), job, MAIN);
    expect(ran.output).toContain("[identity-missing]");
    expect([ran.code === 0, ran.exchanged, ran.others]).toEqual([false, [], []]);
  }, 300_000);
});

describe("the workflow", () => {
  it("has the identities of the page in the sandbox: read for pull requests, write for main", () => {
    const read = ["org_connections_read"];
    const scopes = { read, write: [...read, "org_connections_write"] };
    const expected = names.flatMap((organization) =>
      (["read", "write"] as const).map((purpose) => ({
        organization,
        claims: Object.fromEntries(
          Object.entries(matchers[purpose]).map(([claim, pattern]) => [claim, parseMatcher(pattern)]),
        ),
        scopes: scopes[purpose],
      })),
    );
    const mapped = identities.map(({ organization, identity, scopes: own }) => ({
      organization,
      claims: identity.type === "jwt" ? identity.claims : {},
      scopes: own,
    }));
    expect(mapped).toEqual(expected);
  });
});
