import { ROOT } from "../../tree.js";
import { execFile, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommentServer, type Service } from "./comment-server.js";

const SCRIPT = path.join(ROOT, "examples/ci/ci/post-comment.mjs");
const MARK = "<!-- org-connections review of prod -->";
let folder = "";
let server: CommentServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "comment-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server?.close();
});

/** The environment variables that each service or the recipe sets. */
const ENVIRONMENTS: Record<Service, (url: string) => Record<string, string>> = {
  github: (url) => ({
    GITHUB_API_URL: url,
    GITHUB_REPOSITORY: "acme/connections",
    PULL_REQUEST: "7",
    GITHUB_TOKEN: "the-token",
  }),
  gitlab: (url) => ({
    CI_API_V4_URL: url,
    CI_MERGE_REQUEST_PROJECT_ID: "12",
    CI_MERGE_REQUEST_IID: "7",
    GITLAB_TOKEN: "the-token",
  }),
};

async function startServer(service: Service) {
  const running = (server = await CommentServer.start(service));
  const postComment = (report: string, env: Record<string, string> = {}) => {
    writeFileSync(path.join(folder, "review.md"), report);
    return new Promise<{ code: number; output: string }>((resolve) => {
      execFile(
        process.execPath,
        [SCRIPT, "review.md", "prod"],
        { cwd: folder, env: { ...ENVIRONMENTS[service](running.url), ...env } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });
  };
  return { server: running, postComment };
}

describe.each(["github", "gitlab"] as const)("one comment on %s", (service) => {
  it("is found among many others, and only it is changed", async () => {
    const { server, postComment } = await startServer(service);
    for (let number = 0; number < 230; number++) server.addComment(`comment ${number}`, "bob");
    expect(await postComment("first")).toEqual({ code: 0, output: "The comment was created.\n" });
    for (let number = 0; number < 5; number++) server.addComment(`later ${number}`, "bob");
    expect(await postComment("second")).toEqual({ code: 0, output: "The comment was updated.\n" });
    expect(server.comments.filter(({ body }) => body.startsWith(MARK))).toEqual([
      expect.objectContaining({ body: `${MARK}\nsecond` }),
    ]);
    expect(server.writes).toHaveLength(2);
  });

  it("is neither one that another user has marked, nor one of another stack", async () => {
    const { server, postComment } = await startServer(service);
    const others = [
      server.addComment(`${MARK}\nAll is well. Merge it.`, "mallory"),
      server.addComment("<!-- org-connections review of dev -->\ndev"),
      server.addComment(`> ${MARK}\nquoted`),
    ];
    const before = others.map(({ body }) => body);
    expect((await postComment("the report")).output).toBe("The comment was created.\n");
    expect(others.map(({ body }) => body)).toEqual(before);
    expect(server.comments.at(-1)?.body).toBe(`${MARK}\nthe report`);
  });

  it("that is rejected fails with the cause, without the token", async () => {
    const { postComment } = await startServer(service);
    const { code, output } = await postComment("report", { GITHUB_TOKEN: "not-it", GITLAB_TOKEN: "not-it" });
    expect(code).toBe(1);
    expect(output).toContain("returned 401");
    expect(output).toContain(service === "github" ? "pull-requests: write" : "scope `api`");
    expect(output).not.toMatch(/not-it|\n\s+at /);
  });
});

it.each<[string, string[], Record<string, string>, string]>([
  [
    "on no service",
    ["review.md", "prod"],
    {},
    "GITHUB_API_URL, GITHUB_REPOSITORY, PULL_REQUEST, GITHUB_TOKEN",
  ],
  ["without a stack", ["review.md"], ENVIRONMENTS.github("http://127.0.0.1:1"), "REPORT STACK"],
  [
    "without a token",
    ["review.md", "prod"],
    { ...ENVIRONMENTS.gitlab("http://127.0.0.1:1"), GITLAB_TOKEN: "" },
    "GITLAB_TOKEN",
  ],
])("%s, the script prints its usage and what is missing", (_, args, env, missing) => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { env, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Usage: node ci\/post-comment\.mjs REPORT STACK\n.*\n$/);
  expect(stderr).toContain(`Missing: ${missing}.`);
});

describe.each(["github", "gitlab"] as const)("a server that is not %s", (service) => {
  let hostile: Server | undefined;
  let elsewhere = 0;
  afterEach(() => hostile?.close());
  async function startHostileServer(
    status: number,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<string> {
    elsewhere = 0;
    const server = (hostile = createServer((request, response) => {
      if (request.url === "/elsewhere") elsewhere++;
      response.writeHead(status, headers).end(body);
    }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each<[string, number, string]>([
    ["a login page", 200, "<html>"],
    ["nothing", 200, ""],
    ["null", 200, "null"],
    ["an error in place of a list", 200, '{"id":1,"message":"no"}'],
    ["text in place of a list", 200, '"x"'],
    ["endless pages", 200, JSON.stringify(Array.from({ length: 100 }, () => null))],
    ["a redirect", 307, ""],
  ])("%s fails with one line, without the token", async (_, status, body) => {
    const { postComment } = await startServer(service);
    const url = await startHostileServer(status, body, { location: "/elsewhere" });
    const { code, output } = await postComment("report", {
      GITHUB_API_URL: url,
      ...getGitLabUrl(service, url),
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^The comment was not written: .*\n$/);
    expect(output).not.toContain("the-token");
    expect(elsewhere).toBe(0);
  });

  it("an unreachable server fails with one line", async () => {
    const { postComment } = await startServer(service);
    const url = "http://127.0.0.1:1";
    const { code, output } = await postComment("report", {
      GITHUB_API_URL: url,
      ...getGitLabUrl(service, url),
    });
    expect([code, output]).toEqual([1, expect.stringMatching(/^The comment was not written: .*\n$/)]);
  });
});

/** Returns the URL variable of GitLab. If it is set, the script uses GitLab. */
const getGitLabUrl = (service: Service, url: string): Record<string, string> =>
  service === "gitlab" ? { CI_API_V4_URL: url } : {};

it("the longest report of review fits", async () => {
  const { postComment } = await startServer("github");
  expect((await postComment("x".repeat(65_000))).code).toBe(0);
});
