const jwt = ["test/core/identity/jwt.test.ts"];
const github = ["test/core/identity/github.test.ts"];
const oidc = ["test/core/identity/oidc.test.ts"];
const aws = ["test/core/identity/aws.test.ts"];
const gcp = ["test/core/identity/gcp.test.ts"];

/** The proofs of workload identities. @type {readonly import("./index.mjs").Mutant[]} */
export const proofs = [
  {
    name: "proof: a token for any audience is sent",
    file: "jwt.ts",
    find: "audience.toLowerCase() === expected.toLowerCase()",
    replace: "audience !== expected || audience === expected",
    tests: jwt,
  },
  {
    name: "proof: a token for several organizations is sent",
    file: "jwt.ts",
    find: "hasExpected && new Set(datadogAudiences.map((audience) => audience.toLowerCase())).size === 1",
    replace: "hasExpected && datadogAudiences.length !== 0",
    tests: jwt,
  },
  {
    name: "proof: an expired token is sent",
    file: "jwt.ts",
    find: "if (jwt.expiresAt > now()) return jwt;",
    replace: "if (jwt.expiresAt > now() - 1) return jwt;",
    tests: jwt,
  },
  {
    name: "proof: the audience of a token is quoted at any length",
    file: "jwt.ts",
    find: '`"${encodeText(audience, 100)}"`',
    replace: '`"${audience}"`',
    tests: jwt,
  },
  {
    name: "proof: a token of any length is sent",
    file: "jwt.ts",
    find: "if (token.length > MAX_TOKEN_LENGTH) {",
    replace: "if (false) {",
    tests: jwt,
  },
  {
    name: "proof: the request token of GitHub is sent without TLS",
    file: "github.ts",
    find: 'url?.protocol === "http:" && isLoopback(url.hostname)',
    replace: 'url?.protocol === "http:"',
    tests: github,
  },
  {
    name: "proof: a response of the issuer of any size is read",
    file: "http.ts",
    find: "{ url, maxContentLength: MAX_TOKEN_RESPONSE_BYTES }",
    replace: "{ url }",
    tests: github,
  },
  {
    name: "proof: a failure of the issuer is repeated without end",
    file: "get-json.ts",
    find: "attempt < MAX_ATTEMPTS && ",
    replace: "attempt < MAX_ATTEMPTS + 1 && ",
    tests: github,
  },
  {
    name: "proof: a chosen tag falls back to another token",
    file: "hcp.ts",
    find: "(tag === undefined ? readVariable(context, TOKEN_VARIABLE) : undefined)",
    replace: "readVariable(context, TOKEN_VARIABLE)",
    tests: ["test/core/identity/hcp.test.ts"],
  },
  {
    name: "proof: the issuer of a Terraform Enterprise is not marked",
    file: "hcp.ts",
    find: "issuer === undefined || HCP_ISSUERS.includes(issuer)",
    replace: "issuer !== HCP_ISSUERS[2]",
    tests: ["test/core/identity/hcp.test.ts"],
  },
  {
    name: "proof: the static keys of an AWS user are used",
    file: "aws.ts",
    find: 'if (credentials.sessionToken !== undefined && credentials.sessionToken !== "") return credentials;',
    replace: 'if (credentials.accessKeyId !== "") return credentials;',
    tests: aws,
  },
  {
    name: "proof: the AWS signature does not include the organization",
    file: "aws.ts",
    find: "await signer.sign(request, { signingDate: new Date(now()) });",
    replace:
      'await signer.sign(request, { signingDate: new Date(now()), unsignableHeaders: new Set(["x-ddog-org-id"]) });',
    tests: aws,
  },
  {
    name: "proof: the message of a cloud's library is shown",
    file: "library-failure.ts",
    find: "detail: `(${findErrorName(error)})`",
    replace: "detail: String(error)",
    tests: gcp,
  },
  {
    name: "proof: a library of a cloud may take any time",
    file: "gcp.ts",
    find: "runWithin(context.timeoutMs, request)",
    replace: "runWithin(600_000, request)",
    tests: gcp,
  },
  {
    name: "proof: a token comes from something that is not a file",
    file: "read-token-file.ts",
    find: 'if (!(await stat(path)).isFile()) return { problem: "is not a file" };',
    replace: "await stat(path);",
    tests: oidc,
  },
  {
    name: "proof: a command does not get the audience",
    file: "run-token-command.ts",
    find: "env: { ...env, [AUDIENCE_VARIABLE]: audience }",
    replace: "env: audience === '' ? { [AUDIENCE_VARIABLE]: audience } : { ...env }",
    tests: oidc,
  },
  {
    name: "proof: a command may run without end",
    file: "run-token-command.ts",
    find: "    timeout: timeoutMs,\n",
    replace: "    timeout: timeoutMs * 1000,\n",
    tests: oidc,
  },
  {
    name: "proof: a command may print without end",
    file: "run-token-command.ts",
    find: "maxBuffer: 4 * MAX_TOKEN_LENGTH",
    replace: "maxBuffer: 4000 * MAX_TOKEN_LENGTH",
    tests: oidc,
  },
  {
    name: "proof: a variable for all comes before that of the organization",
    file: "proof-context.ts",
    find: "readVariable(context, formatVariable(context, name)) ?? readVariable(context, name)",
    replace: "readVariable(context, name) ?? readVariable(context, formatVariable(context, name))",
    tests: gcp,
  },
];
