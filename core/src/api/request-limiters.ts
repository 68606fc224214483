import type { RateLimit } from "./rate-limit.js";
import type { RequestLimiter } from "./request-limiter.js";
import type { RouteName } from "./routes.js";

/**
 * The limiters of one organization. All calls share one, unless `GET /api/v2/org` has a rate limit of its own: its responses have an
 * `X-RateLimit-Name` that no other call has reported last (https://docs.datadoghq.com/api/latest/rate-limits/). This call only shows
 * whose credentials these are, which a list often does too, so its limit must not delay the other calls. Until another call has
 * reported a name, the two limits may be one, which costs a few more 429s.
 */
export class RequestLimiters {
  private own: RequestLimiter | undefined;
  /** The name of the rate limit of `GET /api/v2/org`, and of the last other call. Unknown until a response contains it. */
  private ownName: string | undefined;
  private sharedName: string | undefined;

  constructor(
    private readonly shared: RequestLimiter,
    private readonly createLimiter: () => RequestLimiter,
  ) {}

  /** Returns the limiter of a call. */
  getLimiter(route: RouteName): RequestLimiter {
    const hasOwn =
      route === "listOrganizations" && this.ownName !== undefined && this.ownName !== this.sharedName;
    return hasOwn ? (this.own ??= this.createLimiter()) : this.shared;
  }

  /** Updates the rate limit of a call from its response. */
  recordResponse(route: RouteName, status: number, rateLimit: RateLimit): void {
    if (route === "listOrganizations") this.ownName = rateLimit.name ?? this.ownName;
    else this.sharedName = rateLimit.name ?? this.sharedName;
    this.getLimiter(route).recordResponse(status, rateLimit);
  }
}
