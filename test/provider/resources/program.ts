/** Runs a program with Pulumi's SDK, without an engine, and returns its registrations and errors. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import resource_pb from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { specialSigKey, specialSecretSig, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { resetOptions } from "@pulumi/pulumi/runtime/settings.js";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";

interface Registration {
  name: string;
  inputs: Record<string, unknown>;
}

export interface Run {
  registered: Registration[];
  /** Thrown errors and rejections, which both end a Pulumi program. Each once, as Pulumi reports it. */
  errors: unknown[];
}

/** More than any program needs. */
const TURNS = 2000;

/** Handles rejections like Pulumi's language host, not like the test runner: they end the program. */
export function useProgram(): (program: () => unknown) => Promise<Run> {
  let errors = new Set<unknown>();
  let registered: Registration[] = [];
  const addError = (error: unknown) => void errors.add(error);
  const before = process.listeners("unhandledRejection");
  beforeAll(() => {
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", addError);
  });
  beforeEach(() => {
    const spy = vi.spyOn(MockMonitor.prototype, "registerResource");
    const register = spy.getMockImplementation();
    spy.mockImplementation(async function (this: MockMonitor, request: RegisterResourceRequest, callback) {
      // As the engine receives it.
      const sent = resource_pb.RegisterResourceRequest.deserializeBinary(request.serializeBinary());
      registered.push({ name: sent.getName(), inputs: sent.getObject()?.toJavaScript() ?? {} });
      await register?.call(this, request, callback);
    });
  });
  afterAll(async () => {
    // Rejections of the last turn are reported after it.
    await sleep(10);
    // Removes the mocks of Pulumi, for the other files of the process.
    resetOptions("", "", -1, "", "", false, "");
    process.removeAllListeners("unhandledRejection");
    for (const listener of before) process.on("unhandledRejection", listener);
  });

  return async (program) => {
    [errors, registered] = [new Set(), []];
    // A new monitor is a new run.
    await setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
        call: () => ({}),
      },
      "acme",
      "dev",
    );
    try {
      await program();
    } catch (error) {
      addError(error);
    }
    for (let turn = 0; turn < TURNS && errors.size + registered.length === 0; turn++) await sleep(1);
    // Wait for further registrations and errors.
    await sleep(2);
    return { registered, errors: [...errors] };
  };
}

/** Removes the markers of secrets from a sent value. */
export function removeSecretMarkers(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(removeSecretMarkers);
  const fields = value as Record<string, unknown>;
  if (fields[specialSigKey] === specialSecretSig) return removeSecretMarkers(fields["value"]);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, removeSecretMarkers(field)]));
}

/** Whether a sent value is unknown. */
export const isUnknown = (value: unknown): boolean => JSON.stringify(value ?? null).includes(unknownValue);
