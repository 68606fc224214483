import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface StoredComment {
  id: number;
  body: string;
  author: string;
}
interface CommentApi {
  /** The author of comments with our token. */
  author: string;
  /** Path of the comments of the pull or merge request. */
  comments: string;
  /** Path of a comment, without its id. */
  comment: string;
  update: string;
  /** Formats a comment like the API. */
  formatComment: (comment: StoredComment) => unknown;
  /** The header with the token, and its value. */
  tokenHeader: readonly [string, string];
  maxLength: number;
}

/** The parts of the APIs of GitHub and GitLab that comments use. */
const SERVICES = {
  github: {
    author: "github-actions[bot]",
    comments: "/repos/acme/connections/issues/7/comments",
    comment: "/repos/acme/connections/issues/comments/",
    update: "PATCH",
    formatComment: ({ id, body, author }) => ({ id, body, user: { login: author } }),
    tokenHeader: ["authorization", "Bearer the-token"],
    maxLength: 65_536,
  },
  gitlab: {
    author: "4711",
    comments: "/projects/12/merge_requests/7/notes",
    comment: "/projects/12/merge_requests/7/notes/",
    update: "PUT",
    formatComment: ({ id, body, author }) => ({ id, body, author: { id: author } }),
    tokenHeader: ["private-token", "the-token"],
    maxLength: 1_000_000,
  },
} as const satisfies Record<string, CommentApi>;
export type Service = keyof typeof SERVICES;

/** A server that stores the comments of one pull request, or the notes of one merge request. */
export class CommentServer {
  readonly comments: StoredComment[] = [];
  /** Requests in order, such as `POST /repos/…`. */
  readonly requests: string[] = [];
  private readonly api: CommentApi;
  private readonly server: Server;

  private constructor(service: Service) {
    this.api = SERVICES[service];
    this.server = createServer((request, response) => {
      void this.handleRequest(request).then(({ status, content }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content)),
      );
    });
  }

  static async start(service: Service): Promise<CommentServer> {
    const started = new CommentServer(service);
    await new Promise<void>((resolve) => started.server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The write requests. */
  get writes(): string[] {
    return this.requests.filter((request) => !request.startsWith("GET "));
  }

  /** Adds a comment of `author`, by default our own. */
  addComment(body: string, author = this.api.author): StoredComment {
    const comment = { id: 1000 + this.comments.length, body, author };
    this.comments.push(comment);
    return comment;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handleRequest(request: IncomingMessage): Promise<{ status: number; content: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const method = request.method ?? "";
    this.requests.push(`${method} ${pathname}`);
    const { author, comments, comment: one, update, formatComment, tokenHeader: token, maxLength } = this.api;
    if (request.headers[token[0]] !== token[1])
      return { status: 401, content: { message: "Bad credentials" } };
    if (method === "GET" && pathname === "/user") return { status: 200, content: { id: author } };
    if (method === "GET" && pathname === comments) {
      const size = Number(searchParams.get("per_page") ?? 30);
      const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
      return { status: 200, content: this.comments.slice(from, from + size).map(formatComment) };
    }
    const { body } = JSON.parse(await readBody(request)) as { body: string };
    if (body.length > maxLength) return { status: 422, content: { message: "Body is too long" } };
    if (method === "POST" && pathname === comments)
      return { status: 201, content: formatComment(this.addComment(body)) };
    const old = this.comments.find(({ id }) => pathname === `${one}${id}`);
    if (method !== update || !old) return { status: 404, content: { message: "Not Found" } };
    old.body = body;
    return { status: 200, content: formatComment(old) };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
