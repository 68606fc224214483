import { expect, test } from "vitest";
import { expectNoTrace } from "../api/harness.js";
import { AUDIENCE, catchProblem, createToken, obtain } from "./harness.js";

const US = createToken({ iss: "https://app.terraform.io" });
const EU = createToken({ iss: "https://app.eu.terraform.io" });
const ENTERPRISE = createToken({ iss: "https://tfe.example.com" });

test("the tokens of HCP Terraform are sent as they are", async () => {
  expect(await obtain({ type: "hcp" }, { TFC_WORKLOAD_IDENTITY_TOKEN_DATADOG: US })).toBe(US);
  expect(await obtain({ type: "hcp" }, { TFC_WORKLOAD_IDENTITY_TOKEN: EU })).toBe(EU);
  const unnamed = createToken({ iss: undefined });
  expect(await obtain({ type: "hcp" }, { TFC_WORKLOAD_IDENTITY_TOKEN: unnamed })).toBe(unnamed);
});

test("those of a Terraform Enterprise are those of any issuer", async () => {
  const env = { TFC_WORKLOAD_IDENTITY_TOKEN_DATADOG: ENTERPRISE };
  expect(await obtain({ type: "hcp" }, env)).toBe(`oidc-${ENTERPRISE}`);
});

test("the token with the tag for Datadog comes before the one without a tag", async () => {
  const env = { TFC_WORKLOAD_IDENTITY_TOKEN_DATADOG: US, TFC_WORKLOAD_IDENTITY_TOKEN: EU };
  expect(await obtain({ type: "hcp" }, env)).toBe(US);
});

test("a configured tag selects exactly one token", async () => {
  const env = { TFC_WORKLOAD_IDENTITY_TOKEN_DATADOG: US, TFC_WORKLOAD_IDENTITY_TOKEN: US };
  expect(await obtain({ type: "hcp", tag: "ORG_A" }, { ...env, TFC_WORKLOAD_IDENTITY_TOKEN_ORG_A: EU })).toBe(
    EU,
  );
  const error = await catchProblem({ type: "hcp", tag: "ORG_A" }, env);
  expect(error.code).toBe("identity-missing");
  expect(error.advice).toContain(
    `TFC_WORKLOAD_IDENTITY_AUDIENCE_ORG_A of the workspace in HCP Terraform to "${AUDIENCE}"`,
  );
});

test("a token for another audience names the variable of the audience", async () => {
  const token = createToken({ aud: "datadog/another" });
  const error = await catchProblem({ type: "hcp" }, { TFC_WORKLOAD_IDENTITY_TOKEN: token });
  expect(error.code).toBe("identity-invalid");
  expect(error.advice).toContain(
    `TFC_WORKLOAD_IDENTITY_AUDIENCE of the workspace in HCP Terraform to "${AUDIENCE}"`,
  );
  expectNoTrace(error, [token]);
});

test("without a token, the error names the variable of the audience", async () => {
  const error = await catchProblem({ type: "hcp" });
  expect(error.code).toBe("identity-missing");
  expect(error.advice).toContain("TFC_WORKLOAD_IDENTITY_AUDIENCE_DATADOG");
});
