import { format } from "prettier";
import { buildSchema } from "./build-schema.mjs";

/** Formats the schema as the file of the repository. @param {string} root */
export const formatSchema = (root) =>
  format(JSON.stringify(buildSchema(root)), { parser: "json", printWidth: 110 });
