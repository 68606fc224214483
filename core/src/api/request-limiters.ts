import type { RateLimit } from "./rate-limit.js";
import type { RequestLimiter } from "./request-limiter.js";
import type { RouteName } from "./routes.js";

/**
 * The limiters of the calls of one organization, except token exchanges (see exchange.ts). The calls share one limiter, unless
 * `GET /api/v2/org` has its own rate limit. Then `GET /api/v2/org` has its own limiter. Its rate limit counts as separate while the
 * last `X-RateLimit-Name` in its responses differs from the last name in the responses to other calls. See
 * https://docs.datadoghq.com/api/latest/rate-limits/.
 *
 * The rate limit of `GET /api/v2/org` must not delay the other calls. A change of connections often works without
 * `GET /api/v2/org`, because a list of connections often shows which organization the credentials belong to.
 *
 * While only `GET /api/v2/org` has reported a name, its limit counts as separate. If the other calls have the same limit, they get
 * a few more 429s.
 */
export class RequestLimiters {
  /** The limiter of `GET /api/v2/org`, once it is separate. */
  private own: RequestLimiter | undefined;
  /** The last name of a rate limit in the responses to `GET /api/v2/org`. Undefined until a response contains one. */
  private ownName: string | undefined;
  /** The last name of a rate limit in the responses to other calls. */
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
