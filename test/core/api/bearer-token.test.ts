import { describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { useSandbox } from "../../sandbox/harness.js";
import { catchError, createClientOptions, createKeys, expectNoTrace } from "./harness.js";

const sandbox = useSandbox();

/** Returns the error of a listing with these credentials. */
async function catchRefusal(
  authentication: ReturnType<typeof createKeys> | { kind: "token"; token: string },
) {
  const options = {
    ...createClientOptions(sandbox()),
    authentication,
    credentialsFrom: "DD_BEARER_TOKEN__X",
  };
  return catchError(new OrgConnectionsClient(options).list());
}

describe("the error for a token", () => {
  test("that has expired says so, names the setting and the next step, and no key", async () => {
    const { bearerToken: token } = sandbox().getOrganization("payments");
    sandbox().rotateToken("payments");
    const error = await catchRefusal({ kind: "token", token });
    expect(error.code).toBe("unauthenticated");
    expect(error.happened).toBe(
      'Datadog did not accept the bearer token of organization "payments", taken from DD_BEARER_TOKEN__X: ' +
        "the token is invalid, or it has expired or was revoked.",
    );
    expect(error.advice).toMatch(/create a new one and set it\.$/);
    expect(error.message).not.toMatch(/keys/);
    expectNoTrace(error, [token]);
  });

  test("that is refused without a reason names its scopes, not the owner of an application key", async () => {
    const { bearerToken: token } = sandbox().getOrganization("payments");
    sandbox().fail({
      moment: "before",
      what: { kind: "status", status: 403, body: { errors: ["Forbidden"] } },
    });
    const { code, message } = await catchRefusal({ kind: "token", token });
    expect(code).toBe("forbidden");
    expect(message).toContain("sent with the bearer token taken from DD_BEARER_TOKEN__X");
    expect(message).toContain("that its scopes include the permissions");
    expect(message).not.toContain("application key");
  });
});

test("a refusal about the token is not mistaken for disabled cross-organization visibility", async () => {
  const body = { errors: ["The access token is not active"] };
  sandbox().fail({ moment: "before", what: { kind: "status", status: 403, body } });
  const { message } = await catchRefusal({ kind: "token", token: "canary" });
  expect(message).toContain("Several causes are possible");
});

describe.each([401, 403])("a token in the place of the application key, with status %i", (status) => {
  const fail = () =>
    sandbox().fail({ moment: "before", what: { kind: "status", status, body: { errors: ["Forbidden"] } } });

  test.each(["ddsat_canary", "ddpat_canary"])("%s: the error says where it belongs", async (token) => {
    fail();
    const error = await catchRefusal(createKeys("an-api-key", token));
    expect(error.message).toMatch(/access token.*set it as the bearer token/);
    expect(error.message).not.toMatch(/at least one of them is invalid|both keys are valid/);
    expectNoTrace(error, ["canary"]);
  });

  test("an application key is not mistaken for a token", async () => {
    fail();
    const error = await catchRefusal(createKeys("an-api-key", "ddapp_canary"));
    expect(error.message).not.toContain("access token");
  });
});
