/** Valid inputs and states of both resources, of which hostile ones are made. */
import { expect } from "vitest";
import { UNPRINTABLE } from "./arbitraries.js";

const OBSERVABILITY = "aaaaaaaa-0001-4000-8000-000000000001";
const SECURITY = "aaaaaaaa-0002-4000-8000-000000000002";
export const PAYMENTS = "aaaaaaaa-0003-4000-8000-000000000003";
export const single = {
  source: "payments",
  sinkOrgId: OBSERVABILITY,
  connectionTypes: ["logs"],
  adopt: false,
  reason: "x",
};
export const set = {
  source: "payments",
  connections: { [OBSERVABILITY]: ["logs"], [SECURITY]: ["audit", "logs"] },
  exclusive: true,
  adopt: false,
  reason: "x",
};

/** The connection of the states. It does not exist. */
export const ID = "40bbb1c2-0000-4000-8000-000000000001";
export const singleState = {
  ...single,
  sourceOrgId: PAYMENTS,
  sourceOrgName: "Acme Payments",
  sinkOrgName: "Acme Observability",
  createdAt: "2026-03-01T12:00:00Z",
  createdBy: ID,
};
export const setState = {
  ...set,
  members: { [OBSERVABILITY]: { id: ID, createdAt: "2026-03-01T12:00:00Z", sinkOrgName: "Hub" } },
  undeclared: { [SECURITY]: ID },
  sourceOrgId: PAYMENTS,
};

/** Converts hostile JSON to properties, which are an object. */
export const toObject = (value: unknown): object =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : { value };

/** Throws if an error of a host shows control characters, internals or keys. */
export function expectPrintable(error: unknown): void {
  const { message, reasons = [] } = error as { message: string; reasons?: string[] };
  for (const text of [message, ...reasons]) {
    expect(text).not.toMatch(UNPRINTABLE);
    expect(text).not.toContain("internal error");
    expect(text).not.toContain("sandbox-app-key");
  }
}
