import * as plugin from "../../plugin/src/type-tokens.js";
import * as dynamic from "../../provider/src/type-tokens.js";

/** The types of resources of both hosts. */
export const TYPES = [dynamic.SINGLE_TYPE, dynamic.SET_TYPE, plugin.SINGLE_TYPE, plugin.SET_TYPE];
