import { expect, test } from "vitest";
import { startSandbox, type Fault } from "../../../../sandbox/src/index.js";
import { createEnv } from "../../live-env.js";
import { containing, findCheck, useDoctor } from "./use-doctor.js";

const { sandbox, runDoctor, getEnv } = useDoctor();

const runCheck = async (name: string) => findCheck((await runDoctor(getEnv("payments"))).checks, name);

test("creators are not reported as service accounts if rows are missing from the list", async () => {
  const createdBy = { ...sandbox().getOrganization("payments").user, serviceAccount: true };
  for (const sink of ["observability", "security"])
    sandbox().connect({ source: "payments", sink, createdBy });
  expect(await runCheck("creators")).toMatchObject({ verdict: "ok" });
  sandbox().fail({
    on: { route: "listConnections" },
    times: Infinity,
    moment: "after",
    what: { kind: "short-page", drop: 1 },
  });
  expect(await runCheck("creators")).toMatchObject({ verdict: "unknown" });
});

test.each([
  [99, "owner: advice"],
  [100, "owner: unknown"],
])("the owner of the application key, if the list has %i keys", async (count, expected) => {
  const { appKey, user } = sandbox().getOrganization("payments");
  const owner = { type: "users", id: user.id };
  const data = Array.from({ length: count }, (_, at) => ({
    type: "application_keys",
    id: `key-${at}`,
    attributes: { last4: at === 0 ? appKey.slice(-4) : "none" },
    relationships: { owned_by: { data: owner } },
  }));
  const included = [{ ...owner, attributes: { name: "A Person", service_account: false } }];
  sandbox().fail({
    on: { route: "listApplicationKeys" },
    moment: "after",
    what: { kind: "json", body: { data, included } },
  });
  const check = await runCheck("owner");
  expect(`owner: ${check?.verdict ?? ""}`).toBe(expected);
});

test.each<[string, Fault["what"], object]>([
  ["the rate limit", { kind: "status", status: 429 }, { verdict: "problem", cause: "rate-limited" }],
  ["a server error", { kind: "status", status: 500 }, { verdict: "problem", cause: "datadog-fails" }],
  ["no response", { kind: "reset" }, { verdict: "problem", cause: "host-unreachable" }],
  ["an unexpected status", { kind: "status", status: 404 }, { verdict: "unknown" }],
  ["another format", { kind: "json", body: {} }, { verdict: "unknown" }],
])(
  "the owner of the application key: %s does not mean that a permission is missing",
  async (_, what, expected) => {
    sandbox().fail({ on: { route: "listApplicationKeys" }, moment: "after", what });
    const check = await runCheck("owner");
    expect(check).toMatchObject(expected);
    expect(check?.found).not.toContain("org_app_keys_read");
  },
);

test.each([
  [true, "ok", "the service account Pulumi"],
  [false, "advice", "a person, Pulumi"],
])(
  "the owner of the application key, if visible: service account %s",
  async (serviceAccount, verdict, words) => {
    const { id, user, name } = sandbox().getOrganization("payments");
    const permissions = ["org_app_keys_read", "org_connections_read", "org_connections_write"];
    const organization = { key: "payments", id, name, permissions, user: { ...user, serviceAccount } };
    const own = await startSandbox({ seed: { accounts: [{ name: "A", organizations: [organization] }] } });
    const { checks } = await runDoctor(createEnv(own, ["payments"]));
    await own.close();
    expect(findCheck(checks, "owner")).toMatchObject({ verdict, found: containing(words) });
  },
);
