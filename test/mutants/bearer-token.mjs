const token = ["test/core/credentials/bearer-token.test.ts"];
const requests = ["test/core/api/requests.test.ts"];
const plainText = ["test/core/credentials/plain-text-credentials.test.ts"];
const secret = ["test/core/api/keys-stay-secret.test.ts"];
const errors = ["test/core/api/bearer-token.test.ts"];
const doctor = ["test/cli/commands/doctor/bearer-token.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const bearerToken = [
  {
    name: "token: together with keys, it wins silently",
    file: "resolve-authentication.ts",
    find: "  if (!one || !other) return;",
    replace: '  if (!one || !other || one.kind === "a bearer token") return;',
    tests: token,
  },
  {
    name: "token: `auth: query` is ignored",
    file: "resolve-authentication.ts",
    find: '    if (keyLocation === "query") throw createQueryError("bearer token", bearerToken, label);\n',
    replace: "",
    tests: token,
  },
  {
    name: "token: a lower level with keys wins",
    file: "level-credentials.ts",
    find: "[apiKey, appKey, bearerToken].some(isSet)",
    replace: "[apiKey, appKey].some(isSet)",
    tests: token,
  },
  {
    name: "token: it is accepted in plain text",
    file: "setting-names.ts",
    find: '["apiKey", "appKey", "bearerToken"]',
    replace: '["apiKey", "appKey"]',
    tests: plainText,
  },
  {
    name: "token: an organization with only a token is ignored",
    file: "list-sources.ts",
    find: "|BEARER_TOKEN|",
    replace: "|",
    tests: ["test/core/credentials/list-sources.test.ts"],
  },
  {
    name: "token: the request has keys too",
    file: "authentication.ts",
    find: "return { Authorization: `Bearer ${authentication.token}` };",
    replace:
      'return { Authorization: `Bearer ${authentication.token}`, "DD-APPLICATION-KEY": authentication.token };',
    tests: requests,
  },
  {
    name: "token: it is not redacted, and all tokens are the same organization",
    file: "authentication.ts",
    find: "return [authentication.token];",
    replace: "return [];",
    tests: [...secret, ...token],
  },
  {
    name: "token: names with one API key and one token are the same organization",
    file: "format-identifier.ts",
    find: "...listSecrets(authentication)]",
    replace: "listSecrets(authentication)[0]]",
    tests: token,
  },
  {
    name: "token: an expired one is reported as invalid keys",
    file: "explain-refusal.ts",
    find: '  if (kind === "token" || hasTokenAsKey) {\n',
    replace: '  if ((kind === "token" && label === "") || hasTokenAsKey) {\n',
    tests: errors,
  },
  {
    name: "token: in the application key's place, it is not recognized",
    file: "authentication.ts",
    find: 'authentication.kind === "keys" && findTokenOwner(authentication.appKey) !== undefined',
    replace: 'authentication.kind === "keys" && authentication.appKey === ""',
    tests: errors,
  },
  {
    name: "token: a disabled one is reported as disabled cross-organization visibility",
    file: "explain-refusal.ts",
    find: "(key|token|user|account)",
    replace: "(key|user|account)",
    tests: errors,
  },
  {
    name: "doctor: a refused token is reported as accepted",
    file: "token-checks.ts",
    find: "return response?.status === 403 &&",
    replace: "return response !== undefined ||",
    tests: doctor,
  },
  {
    name: "doctor: a token is checked with requests that need keys",
    file: "probe.ts",
    find: 'if (authentication.kind === "token" || hasTokenAsKey(authentication)) {',
    replace: 'if (authentication.kind === "token") {',
    tests: doctor,
  },
];
