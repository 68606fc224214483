import { ROOT } from "../../tree.js";
import { execFile } from "node:child_process";
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

/** What each service sets, or the recipe does. */
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

async function start(service: Service) {
  const running = (server = await CommentServer.start(service));
  const post = (report: string, env: Record<string, string> = {}) => {
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
  return { server: running, post };
}

describe.each(["github", "gitlab"] as const)("one comment on %s", (service) => {
  it("is found behind many others, and only that one is changed", async () => {
    const { server, post } = await start(service);
    for (let number = 0; number < 230; number++) server.add(`comment ${number}`, "bob");
    expect(await post("first")).toEqual({ code: 0, output: "The comment was made.\n" });
    for (let number = 0; number < 5; number++) server.add(`later ${number}`, "bob");
    expect(await post("second")).toEqual({ code: 0, output: "The comment was updated.\n" });
    expect(server.comments.filter(({ body }) => body.startsWith(MARK))).toEqual([
      expect.objectContaining({ body: `${MARK}\nsecond` }),
    ]);
    expect(server.writes).toHaveLength(2);
  });

  it("is none that somebody else has marked, and none of another stack", async () => {
    const { server, post } = await start(service);
    const others = [
      server.add(`${MARK}\nAll is well. Merge it.`, "mallory"),
      server.add("<!-- org-connections review of dev -->\ndev"),
      server.add(`> ${MARK}\nquoted`),
    ];
    const before = others.map(({ body }) => body);
    expect((await post("the report")).output).toBe("The comment was made.\n");
    expect(others.map(({ body }) => body)).toEqual(before);
    expect(server.comments.at(-1)?.body).toBe(`${MARK}\nthe report`);
  });

  it("that is refused fails with what to look at, and without the token", async () => {
    const { post } = await start(service);
    const { code, output } = await post("report", { GITHUB_TOKEN: "not-it", GITLAB_TOKEN: "not-it" });
    expect(code).toBe(1);
    expect(output).toContain("answered 401");
    expect(output).toContain(service === "github" ? "pull-requests: write" : "scope `api`");
    expect(output).not.toMatch(/not-it|\n\s+at /);
  });
});

describe.each(["github", "gitlab"] as const)("a server on %s that is none", (service) => {
  let hostile: Server | undefined;
  let elsewhere = 0;
  afterEach(() => hostile?.close());
  async function serve(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
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
    ["pages without an end", 200, JSON.stringify(Array.from({ length: 100 }, () => null))],
    ["a redirect", 307, ""],
  ])("%s fails with one line, and without the token", async (_, status, body) => {
    const { post } = await start(service);
    const url = await serve(status, body, { location: "/elsewhere" });
    const { code, output } = await post("report", { GITHUB_API_URL: url, ...gitlabOnly(service, url) });
    expect(code).toBe(1);
    expect(output).toMatch(/^The comment was not written: .*\n$/);
    expect(output).not.toContain("the-token");
    expect(elsewhere).toBe(0);
  });

  it("one that nobody can reach fails with one line", async () => {
    const { post } = await start(service);
    const url = "http://127.0.0.1:1";
    const { code, output } = await post("report", { GITHUB_API_URL: url, ...gitlabOnly(service, url) });
    expect([code, output]).toEqual([1, expect.stringMatching(/^The comment was not written: .*\n$/)]);
  });
});

/** Its address; where it is set the script takes GitLab for its host. */
const gitlabOnly = (service: Service, url: string): Record<string, string> =>
  service === "gitlab" ? { CI_API_V4_URL: url } : {};

it("the longest report that review writes fits", async () => {
  const { post } = await start("github");
  expect((await post("x".repeat(65_000))).code).toBe(0);
});
