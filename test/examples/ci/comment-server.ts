import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Stored {
  id: number;
  body: string;
  author: string;
}
interface Api {
  /** Whose comments our token writes. */
  author: string;
  /** Path of the comments of the one pull or merge request. */
  comments: string;
  /** Path of a comment, without its id. */
  one: string;
  update: string;
  /** The comment as the API shows it. */
  shown: (comment: Stored) => unknown;
  /** The header that holds the token, and its value. */
  token: readonly [string, string];
  longest: number;
}

/** The parts of GitHub's and GitLab's API that comments need. */
const SERVICES = {
  github: {
    author: "github-actions[bot]",
    comments: "/repos/acme/connections/issues/7/comments",
    one: "/repos/acme/connections/issues/comments/",
    update: "PATCH",
    shown: ({ id, body, author }) => ({ id, body, user: { login: author } }),
    token: ["authorization", "Bearer the-token"],
    longest: 65_536,
  },
  gitlab: {
    author: "4711",
    comments: "/projects/12/merge_requests/7/notes",
    one: "/projects/12/merge_requests/7/notes/",
    update: "PUT",
    shown: ({ id, body, author }) => ({ id, body, author: { id: author } }),
    token: ["private-token", "the-token"],
    longest: 1_000_000,
  },
} as const satisfies Record<string, Api>;
export type Service = keyof typeof SERVICES;

/** A server that keeps the comments of one pull request, or the notes of one merge request. */
export class CommentServer {
  readonly comments: Stored[] = [];
  /** As `POST /repos/…`, in their order. */
  readonly requests: string[] = [];
  private readonly api: Api;
  private readonly server: Server;

  private constructor(service: Service) {
    this.api = SERVICES[service];
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, content }) =>
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

  /** The requests that wrote. */
  get writes(): string[] {
    return this.requests.filter((request) => !request.startsWith("GET "));
  }

  /** Somebody comments; left out, we do. */
  add(body: string, author = this.api.author): Stored {
    const comment = { id: 1000 + this.comments.length, body, author };
    this.comments.push(comment);
    return comment;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; content: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
    const method = request.method ?? "";
    this.requests.push(`${method} ${pathname}`);
    const { author, comments, one, update, shown, token, longest } = this.api;
    if (request.headers[token[0]] !== token[1])
      return { status: 401, content: { message: "Bad credentials" } };
    if (method === "GET" && pathname === "/user") return { status: 200, content: { id: author } };
    if (method === "GET" && pathname === comments) {
      const size = Number(searchParams.get("per_page") ?? 30);
      const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
      return { status: 200, content: this.comments.slice(from, from + size).map(shown) };
    }
    const { body } = JSON.parse(await textOf(request)) as { body: string };
    if (body.length > longest) return { status: 422, content: { message: "Body is too long" } };
    if (method === "POST" && pathname === comments) return { status: 201, content: shown(this.add(body)) };
    const old = this.comments.find(({ id }) => pathname === `${one}${id}`);
    if (method !== update || !old) return { status: 404, content: { message: "Not Found" } };
    old.body = body;
    return { status: 200, content: shown(old) };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
