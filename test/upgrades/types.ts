import {
  PLUGIN_SET_TYPE,
  PLUGIN_SINGLE_TYPE,
  SET_TYPE,
  SINGLE_TYPE,
} from "../../core/src/host/type-tokens.js";

/** The types of resources of both hosts. */
export const TYPES = [SINGLE_TYPE, SET_TYPE, PLUGIN_SINGLE_TYPE, PLUGIN_SET_TYPE];
