const keysStaySecret = "test/core/api/keys-stay-secret.test.ts";
const tokenSource = "test/core/identity/token-source.test.ts";
const statuses = "test/core/api/statuses.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const secrets = {
  "1-secret": [
    {
      name: "failures: keys in the API's error messages are not redacted",
      file: "failures.ts",
      find: "encodeText(context.redact(text), MAX_QUOTE_LENGTH)",
      replace: "encodeText(text, MAX_QUOTE_LENGTH)",
      test: keysStaySecret,
    },
    {
      name: "failures: keys in the host of a redirect are not redacted",
      file: "failures.ts",
      find: 'context.redact(parseHost(headers["location"], baseUrl))',
      replace: 'parseHost(headers["location"], baseUrl)',
      test: keysStaySecret,
    },
    {
      name: "failures: keys in the content type are not redacted",
      file: "failures.ts",
      find: "context.redact(contentType)",
      replace: "contentType",
      test: keysStaySecret,
    },
    {
      name: "redact: only the first occurrence is redacted",
      file: "escape-text.ts",
      find: "redacted.split(form).join(PLACEHOLDER)",
      replace: "redacted.replace(form, PLACEHOLDER)",
      test: keysStaySecret,
    },
    {
      name: "redact: an encoded key is not redacted",
      file: "escape-text.ts",
      find: "[secret, encodeURIComponent(secret)]",
      replace: "[secret]",
      test: keysStaySecret,
    },
    {
      name: "http: the error contains the request",
      file: "http.ts",
      find: "throw toNoResponseError(error);",
      replace: "throw Object.assign(toNoResponseError(error), { code: 'x' }), error;",
      test: keysStaySecret,
    },
    {
      name: "settings: an invalid value is quoted",
      file: "settings.ts",
      find: "`Each organization can have credentials (",
      replace: "`${String(issues[0]?.input)} Each organization can have credentials (",
      test: "test/core/credentials/settings.test.ts",
    },
    {
      name: "token: it is not redacted",
      file: "authentication.ts",
      find: "listSecrets: (authentication) => [authentication.token]",
      replace: "listSecrets: () => []",
      test: keysStaySecret,
    },
    {
      name: "tokens: they are not redacted",
      file: "token-source.ts",
      find: "      this.secrets.add(token);\n",
      replace: "",
      test: tokenSource,
    },
    {
      name: "tokens: a proof is not redacted in errors of other calls",
      file: "token-source.ts",
      find: "for (const secret of listProofSecrets(proof)) this.secrets.add(secret);",
      replace: "",
      test: tokenSource,
    },
    {
      name: "exchange: the token inside a proof is not redacted",
      file: "access-tokens.ts",
      find: "[proof, ...parts.filter((part) => part.length >= MIN_SECRET_LENGTH)]",
      replace: "[proof]",
      test: tokenSource,
    },
    {
      name: "exchange: the session token inside a signed AWS request is not redacted",
      file: "access-tokens.ts",
      find: "...split, ...split.flatMap(decodeHeaders)",
      replace: "...split",
      test: "test/core/api/exchange.test.ts",
    },
    {
      name: "proof: the message of a cloud's library is shown",
      file: "library.ts",
      find: "detail: `(${findErrorName(error)})`",
      replace: "detail: String(error)",
      test: "test/core/identity/gcp.test.ts",
    },
    {
      name: "doctor: a response that repeats the proof is printed",
      file: "calls.ts",
      find: "text: redact(response.text)",
      replace: "text: response.text",
      test: "test/cli/commands/doctor/workload-identity.test.ts",
    },
    {
      name: "plugin: an internal error shows its message",
      file: "errors.ts",
      find: "(${formatPlace(error)})",
      replace: "(${String(error)})",
      test: "test/plugin/messages.test.ts",
    },
  ],
  "1-url": [
    {
      name: "http: keys are in the query by default",
      file: "authentication.ts",
      find: 'keyLocation === "headers" ? undefined : { api_key: apiKey, application_key: appKey }',
      replace: "({ api_key: apiKey, application_key: appKey })",
      test: "test/core/api/requests.test.ts",
    },
    {
      name: "identity: it is sent as a query parameter",
      file: "resolve.ts",
      find: 'if (keyLocation === "query" && !kind.canBeInQuery)',
      replace: 'if (keyLocation === "query" && !kind.canBeInQuery && kind.isStored)',
      test: "test/core/credentials/identity.test.ts",
    },
  ],
  "1-server-text": [
    {
      name: "failures: control characters are printed",
      file: "failures.ts",
      find: "encodeText(context.redact(text), MAX_QUOTE_LENGTH)",
      replace: "context.redact(text)",
      test: statuses,
    },
    {
      name: "failures: a quoted text has any length",
      file: "failures.ts",
      find: "encodeText(context.redact(text), MAX_QUOTE_LENGTH)",
      replace: "encodeText(context.redact(text), Infinity)",
      test: statuses,
    },
  ],
};
