// Shows a report as one comment of a pull request (GitHub) or merge request (GitLab), which the next run updates:
//   node ci/post-comment.mjs REPORT STACK
// The report is read from its file and sent as JSON: nothing in it is ever part of a command.
import { readFile } from "node:fs/promises";

const [file, stack] = process.argv.slice(2);
const env = process.env;
/** Tells our comment from others; it is not seen. */
const mark = `<!-- org-connections review of ${stack} -->`;

const host = env.CI_API_V4_URL ? await gitlab() : github();
const body = `${mark}\n${await readFile(file, "utf8")}`;
const old = await ours();
await (old ? ask(host.update, host.one(old.id), { body }) : ask("POST", host.comments, { body }));
console.log(`The comment was ${old ? "updated" : "made"}.`);

function github() {
  const issues = `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues`;
  // Whoever may comment can write the mark, too. The token of a workflow writes as this account.
  const author = env.COMMENT_AUTHOR ?? "github-actions[bot]";
  return {
    comments: `${issues}/${env.PULL_REQUEST}/comments`,
    one: (id) => `${issues}/comments/${id}`,
    update: "PATCH",
    isAuthor: (comment) => comment.user?.login === author,
    hint: "Does the job have `permissions: pull-requests: write`?",
  };
}

async function gitlab() {
  const project = `${env.CI_API_V4_URL}/projects/${env.CI_MERGE_REQUEST_PROJECT_ID}`;
  const notes = `${project}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`;
  const hint = "Is GITLAB_TOKEN an access token with the scope `api` and the role Reporter?";
  const user = `${env.CI_API_V4_URL}/user`;
  const author = await ask("GET", user, undefined, hint);
  if (author?.id === undefined) fail("GET", user, "did not answer with a user", hint);
  return {
    comments: notes,
    one: (id) => `${notes}/${id}`,
    update: "PUT",
    isAuthor: (note) => note.author?.id === author.id,
    hint,
  };
}

/** Our comment of an earlier run. */
async function ours() {
  for (let page = 1; page <= 1000; page++) {
    const comments = await ask("GET", `${host.comments}?per_page=100&page=${page}`);
    if (!Array.isArray(comments)) fail("GET", host.comments, "did not answer with a list", host.hint);
    const found = comments.find((one) => String(one?.body).startsWith(mark) && host.isAuthor(one));
    if (found || comments.length < 100) return found;
  }
  fail("GET", host.comments, "has no end", host.hint);
}

async function ask(method, url, content, hint = host.hint) {
  const token = env.CI_API_V4_URL
    ? { "PRIVATE-TOKEN": env.GITLAB_TOKEN }
    : { authorization: `Bearer ${env.GITHUB_TOKEN}`, accept: "application/vnd.github+json" };
  const response = await fetch(url, {
    method,
    // A redirect would get the token.
    redirect: "manual",
    headers: { ...token, "content-type": "application/json" },
    body: content && JSON.stringify(content),
    signal: AbortSignal.timeout(60_000),
  }).catch((error) => fail(method, url, `failed (${error.cause?.code ?? error.name})`, hint));
  if (!response.ok) fail(method, url, `answered ${response.status}`, hint);
  return response.json().catch(() => fail(method, url, "did not answer with JSON", hint));
}

function fail(method, url, what, hint) {
  console.error(`The comment was not written: ${method} ${url} ${what}. ${hint}`);
  process.exit(1);
}
