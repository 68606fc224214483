// Posts a report as one comment on a pull request (GitHub) or merge request (GitLab). The next run updates the comment:
//   node ci/post-comment.mjs REPORT STACK
// On GitHub, it needs the variables GITHUB_TOKEN and PULL_REQUEST, on GitLab GITLAB_TOKEN. The job has the others.
// The report is read from its file and sent as JSON, so no part of it is ever part of a command.
import { readFile } from "node:fs/promises";

const [file, stack] = process.argv.slice(2);
const env = process.env;
/** Identifies our comment; invisible in the rendered comment. */
const marker = `<!-- org-connections review of ${stack} -->`;

checkUsage();
const host = env.CI_API_V4_URL ? await createGitlabHost() : createGithubHost();
const body = `${marker}\n${await readFile(file, "utf8")}`;
const existing = await findComment();
await (existing
  ? sendRequest(host.updateMethod, host.getUrl(existing.id), { body })
  : sendRequest("POST", host.comments, { body }));
console.log(`The comment was ${existing ? "updated" : "created"}.`);

function checkUsage() {
  const variables = env.CI_API_V4_URL
    ? ["CI_MERGE_REQUEST_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_TOKEN"]
    : ["GITHUB_API_URL", "GITHUB_REPOSITORY", "PULL_REQUEST", "GITHUB_TOKEN"];
  const missing = [...(stack ? [] : ["REPORT STACK"]), ...variables.filter((name) => !env[name])];
  if (missing.length === 0) return;
  console.error(
    `Usage: node ci/post-comment.mjs REPORT STACK\n` +
      `It runs in a job of a pull request on GitHub, with GITHUB_TOKEN and PULL_REQUEST, or of a merge request on GitLab, with ` +
      `GITLAB_TOKEN. Missing: ${missing.join(", ")}.`,
  );
  process.exit(2);
}

function createGithubHost() {
  const issues = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
  // Anyone who can comment can write the marker, so the author is checked too. A workflow token comments as this account.
  const author = env.COMMENT_AUTHOR ?? "github-actions[bot]";
  return {
    comments: `${issues}/${env.PULL_REQUEST}/comments`,
    getUrl: (id) => `${issues}/comments/${id}`,
    updateMethod: "PATCH",
    isAuthor: (comment) => comment.user?.login === author,
    hint: "Does the job have `permissions: pull-requests: write`?",
  };
}

async function createGitlabHost() {
  const project = `${env.CI_API_V4_URL}/projects/${env.CI_MERGE_REQUEST_PROJECT_ID}`;
  const notes = `${project}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
  const hint = "Is GITLAB_TOKEN an access token with the scope `api` and the role Reporter?";
  const user = `${env.CI_API_V4_URL}/user`;
  const author = await sendRequest("GET", user, undefined, hint);
  if (author?.id === undefined) fail("GET", user, "did not return a user", hint);
  return {
    comments: notes,
    getUrl: (id) => `${notes}/${id}`,
    updateMethod: "PUT",
    isAuthor: (note) => note.author?.id === author.id,
    hint,
  };
}

/** Finds our comment from an earlier run. */
async function findComment() {
  for (let page = 1; page <= 1000; page++) {
    const comments = await sendRequest("GET", `${host.comments}?per_page=100&page=${page}`);
    if (!Array.isArray(comments)) fail("GET", host.comments, "did not return a list", host.hint);
    const found = comments.find((one) => String(one?.body).startsWith(marker) && host.isAuthor(one));
    if (found || comments.length < 100) return found;
  }
  fail("GET", host.comments, "returned too many pages", host.hint);
}

async function sendRequest(method, url, content, hint = host.hint) {
  const token = env.CI_API_V4_URL
    ? { "PRIVATE-TOKEN": env.GITLAB_TOKEN }
    : { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: "application/vnd.github+json" };
  const response = await fetch(url, {
    method,
    // A redirect would send the token to another address.
    redirect: "manual",
    headers: { ...token, "content-type": "application/json" },
    body: content && JSON.stringify(content),
    signal: AbortSignal.timeout(60_000),
  }).catch((error) => fail(method, url, `failed (${error.cause?.code ?? error.name})`, hint));
  if (!response.ok) fail(method, url, `returned ${response.status}`, hint);
  return response.json().catch(() => fail(method, url, "did not return JSON", hint));
}

function fail(method, url, what, hint) {
  console.error(`The comment was not written: ${method} ${url} ${what}. ${hint}`);
  process.exit(1);
}
