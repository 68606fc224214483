import { describe, expect, test } from "vitest";
import { createClock, UNKNOWN_ID, useSandbox } from "../harness.js";
import { awsRole, createAwsProof, exchange, formatAwsProof, type AwsProofOptions } from "./exchange.js";

const clock = createClock();
const sandbox = useSandbox({ now: clock.now });
const mapRole = (organization = "payments", role: Partial<typeof awsRole> = {}) =>
  sandbox().mapIdentity({ organization, identity: { type: "aws", ...awsRole, ...role } });
const getOptions = (): AwsProofOptions => ({
  organizationId: sandbox().getOrganization("payments").id,
  at: clock.now(),
});
const exchangeWith = async (changes: Partial<AwsProofOptions> = {}) => {
  const { status, body } = await exchange(sandbox(), await createAwsProof({ ...getOptions(), ...changes }));
  return [status, body.errors?.[0]];
};

describe("a request with the signature of AWS's library is exchanged", () => {
  test.each<[string, Partial<AwsProofOptions>]>([
    ["to the global address", {}],
    ["to the address of a region", { host: "sts.eu-west-1.amazonaws.com", region: "eu-west-1" }],
    ["with an address that has no path", { url: "https://sts.amazonaws.com" }],
    ["with further headers and spaces", { headers: { "x-other": "  a   b ", "content-length": "43" } }],
  ])("%s", async (_, changes) => {
    mapRole();
    expect(await exchangeWith(changes)).toEqual([200, undefined]);
  });

  test("and names of headers in any case, as Datadog's Go client sends them", async () => {
    mapRole();
    const parts = (await createAwsProof(getOptions())).split("|");
    const headers = JSON.parse(Buffer.from(parts[1] ?? "", "base64").toString()) as Record<string, [string]>;
    const renamed = Object.fromEntries(
      Object.entries(headers).map(([name, [value]]) => [
        name.replaceAll(/(?<=^|-)[a-z]/g, (x) => x.toUpperCase()),
        value,
      ]),
    );
    const body = Buffer.from(parts[0] ?? "", "base64").toString();
    const proof = formatAwsProof(body, renamed, "POST", "https://sts.amazonaws.com");
    expect((await exchange(sandbox(), proof)).status).toBe(200);
  });
});

describe("401", () => {
  test.each<[string, Partial<AwsProofOptions>, string]>([
    ["another secret", { credentials: { secretAccessKey: "other" } }, "not that of known AWS credentials"],
    ["an unknown access key", { credentials: { accessKeyId: "ASIAOTHER" } }, "not that of known"],
    ["another session", { credentials: { sessionToken: "other" } }, "not that of known"],
    [
      "an organization that was changed after the signature",
      { headersAfter: { "x-ddog-org-id": UNKNOWN_ID } },
      "not that of known",
    ],
    [
      "an organization that is not in the signature",
      { headers: { "x-ddog-org-id": undefined }, headersAfter: { "x-ddog-org-id": UNKNOWN_ID } },
      "does not include the header x-ddog-org-id",
    ],
    ["no organization", { headers: { "x-ddog-org-id": undefined } }, "the header x-ddog-org-id"],
    ["an unknown organization", { organizationId: UNKNOWN_ID }, "x-ddog-org-id names no organization"],
    ["another host", { host: "sts.example.com" }, "the host is not that of AWS STS"],
    ["another address than the header", { url: "https://sts.eu-west-1.amazonaws.com/" }, "the host is not"],
    [
      "another address of the same region",
      { url: "https://sts.us-east-1.amazonaws.com/" },
      "the host is not",
    ],
    ["another service", { service: "iam" }, "the host is not that of AWS STS"],
    ["the global address with another region", { region: "eu-west-1" }, "the host is not that of AWS STS"],
    ["another request", { body: "Action=GetSessionToken&Version=2011-06-15" }, "is not GetCallerIdentity"],
    ["another method", { method: "GET" }, "is not GetCallerIdentity"],
    ["another path", { path: "/other" }, "is not GetCallerIdentity"],
    ["an address without TLS", { url: "http://sts.amazonaws.com/" }, "is not a signed AWS request"],
    ["an address with a query", { url: "https://sts.amazonaws.com/?a=b" }, "is not a signed AWS request"],
    ["no address", { url: "sts" }, "is not a signed AWS request"],
    ["another signature", { headersAfter: { authorization: "AWS4-HMAC-SHA256 x" } }, "is not a signed"],
  ])("for %s", async (_, changes, message) => {
    mapRole();
    const [status, error] = await exchangeWith(changes);
    expect([status, error]).toEqual([401, expect.stringContaining(message)]);
    expect(sandbox().requests[0]).not.toHaveProperty("organization");
  });

  test.each([
    ["too few parts", "YQ==|YQ==|POST"],
    ["too many parts", "YQ==|YQ==|POST|YQ==|YQ=="],
    ["a part that is not Base64", "YQ==|%|POST|YQ=="],
    ["headers that are not JSON", "YQ==|YQ==|POST|YQ=="],
    ["headers that are not lists", `YQ==|${Buffer.from('{"a":"b"}').toString("base64")}|POST|YQ==`],
  ])("for a proof with %s", async (_, proof) => {
    const { status, body } = await exchange(sandbox(), proof);
    expect([status, body.errors]).toEqual([401, ["Unauthorized: the proof is not a signed AWS request"]]);
  });

  test("for Base64 without its padding, which Datadog's servers may not decode", async () => {
    mapRole();
    const proof = await createAwsProof(getOptions());
    expect((await exchange(sandbox(), proof)).status).toBe(200);
    expect(proof).toContain("==|");
    expect((await exchange(sandbox(), proof.replace("==|", "|"))).status).toBe(401);
  });

  test("for a disabled organization", async () => {
    mapRole("retired");
    expect((await exchangeWith({ organizationId: sandbox().getOrganization("retired").id }))[0]).toBe(401);
  });

  test("for a signature that is more than five minutes old, or from the future", async () => {
    mapRole();
    const start = clock.now().getTime();
    const exchangeAfter = async (seconds: number) =>
      (await exchangeWith({ at: new Date(start - seconds * 1000) }))[0];
    // The header has no milliseconds, and the clock of the test is half a second after the full one.
    expect(await exchangeAfter(299)).toBe(200);
    expect(await exchangeAfter(301)).toBe(401);
    expect(await exchangeAfter(-301)).toBe(401);
  });

  test("for another time than that of the signature", async () => {
    mapRole();
    const [status] = await exchangeWith({ headersAfter: { "x-amz-date": "20260301T120100Z" } });
    expect(status).toBe(401);
    const [, error] = await exchangeWith({ headersAfter: { "x-amz-date": "yesterday" } });
    expect(error).toContain("x-amz-date is not a time of AWS");
  });
});

test("403 for a role that is mapped in another organization only; the message has its ARN", async () => {
  mapRole("checkout");
  expect(await exchangeWith()).toEqual([403, expect.stringContaining(awsRole.arn)]);
  mapRole();
  expect((await exchangeWith())[0]).toBe(200);
});

test("a mapping to claims does not apply to a role", async () => {
  sandbox().mapIdentity({ organization: "payments", identity: { type: "jwt", claims: {} } });
  expect((await exchangeWith())[0]).toBe(401);
});
