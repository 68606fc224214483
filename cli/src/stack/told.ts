import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";

/** In place of a secret in a preview (pulumi/pulumi, pkg/backend/display/json.go). */
const SECRET = "[secret]";
/** The property that a secret in a state has (pulumi/pulumi, sdk/go/common/resource/sig). In two parts: it looks like a key. */
const SIGNATURE = ["4dabf18193072939", "515e22adb298388d"].join("");

/** Whether a preview or a state gives a mark in place of a value: not known before the `up`, or secret. */
export const isUntold = (value: unknown): boolean =>
  value === UNKNOWN ||
  value === SECRET ||
  (typeof value === "object" && value !== null && Object.hasOwn(value, SIGNATURE));

/** A text that a preview or a state tells. */
export const toldText = (value: unknown): string | undefined =>
  typeof value === "string" && !isUntold(value) ? value : undefined;
