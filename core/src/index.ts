/**
 * The functions that a host calls. A host connects them to an engine. There are two hosts: the dynamic provider (provider/src/host) and the
 * plugin. The functions do not depend on an engine: a host passes an `OperationContext` and converts the results for its engine.
 */
export { check, DELETE_BEFORE_REPLACE } from "./connection/check.js";
export { create } from "./connection/create.js";
export { diff, diffMoved, explainDiff } from "./connection/diff.js";
export { planCreate, planUpdate, markUnknowns } from "./connection/plan.js";
export { findConnectionToImport } from "./connection/import.js";
export { read } from "./connection/read.js";
export { deleteConnection } from "./connection/delete.js";
export { UNKNOWN, type CreateResult, type Inputs, type State } from "./connection/types.js";
export { update } from "./connection/update.js";
export type { OperationContext } from "./operation/operation-context.js";
export { checkSet } from "./connection-set/check.js";
export { compareSet, diffSet, explainSetDiff } from "./connection-set/diff.js";
export { planSet } from "./connection-set/plan.js";
export { findSetToImport, readSet } from "./connection-set/read.js";
export { deleteSet } from "./connection-set/sync.js";
export { syncSet } from "./connection-set/sync.js";
export { PartialFailure, type SetState, type SetInputs } from "./connection-set/types.js";
