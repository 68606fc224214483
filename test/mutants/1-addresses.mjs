const resolveBaseUrl = "test/core/credentials/resolve-base-url.test.ts";
const site = "test/core/credentials/site.test.ts";
const precedence = "test/core/credentials/precedence.test.ts";
const lookup = "test/cli/commands/review/command-lookup.test.ts";
const doctor = "test/cli/commands/doctor/command.test.ts";
const doctorNetwork = "test/cli/commands/doctor/command-network.test.ts";
const pluginConfiguration = "test/plugin/configuration.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const addresses = {
  "1-address": [
    {
      name: "credentials: an address from another place is used",
      file: "base-url.ts",
      find: "if (!isSamePlace && !isDatadogUrl(url))",
      replace: "if (!isSamePlace && !isDatadogUrl(url) && url === names.label)",
      test: resolveBaseUrl,
    },
    {
      name: "credentials: a site from another place is used",
      file: "base-url.ts",
      find: "if (!isSamePlace && !isDatadogSite(site))",
      replace: "if (!isSamePlace && !isDatadogSite(site) && site === names.label)",
      test: resolveBaseUrl,
    },
    {
      name: "credentials: all places are one",
      file: "base-url.ts",
      find: "level.fromConfig === hasConfigCredentials(credentialLevel)",
      replace:
        "level.fromConfig === hasConfigCredentials(credentialLevel) || hasConfigCredentials(credentialLevel)",
      test: resolveBaseUrl,
    },
    {
      name: "credentials: a site that ends like Datadog's belongs to Datadog",
      file: "base-url.ts",
      find: "/^([a-z0-9-]+\\.)*(datadoghq",
      replace: "/(datadoghq",
      test: site,
    },
    {
      name: "credentials: an address with a port belongs to Datadog",
      file: "base-url.ts",
      find: "/^https:\\/\\/api\\.([^/:@?#]+)\\/$/",
      replace: "/^https:\\/\\/api\\.([^/:@?#]+)(?::\\d+)?\\/$/",
      test: site,
    },
  ],
  "1-own-organization": [
    {
      name: "credentials: a named organization falls back to the default keys",
      file: "levels.ts",
      find: "return [environment, createLevel(readProperty, { fromConfig: true })];",
      replace:
        "return [environment, createLevel(readProperty, { fromConfig: true }), ...getLevels(undefined, { config, env })];",
      test: precedence,
    },
    {
      name: "credentials: a level with one key is ignored",
      file: "credential-kinds.ts",
      find: "settings.some((name) => isSet(level[name]))",
      replace: "settings.every((name) => isSet(level[name]))",
      test: precedence,
    },
    {
      name: "credentials: names with the same suffix are accepted",
      file: "resolve.ts",
      find: "  refuseSharedSuffix(source, names);\n",
      replace: "",
      test: precedence,
    },
    {
      name: "identity: a named organization inherits the keys and the token next to it",
      file: "levels.ts",
      find: ": [level[name][0], undefined]",
      replace: ": level[name]",
      test: "test/core/credentials/identity.test.ts",
    },
    {
      name: "keys of a lower level are used instead of an identity",
      file: "levels.ts",
      find: "listKinds(level).length > 0",
      replace: "hasStoredCredentials(level)",
      cells: "create with an identity that is not mapped / no fault",
    },
    {
      name: "names: credentials are the same without their address",
      file: "resolve.ts",
      find: "JSON.stringify([baseUrl,",
      replace: "JSON.stringify([baseUrl.length > 0,",
      test: "test/core/credentials/organization-names.test.ts",
    },
    {
      name: "sessions: two names with the same variables are accepted",
      file: "sessions.ts",
      find: "    if (!isOnlyInState) this.refuseSharedSuffix(credentials);\n",
      replace: "",
      test: "test/core/operation/sessions.test.ts",
    },
    {
      name: "identity: two organizations share a session",
      file: "credential-kinds.ts",
      find: "    authentication.organizationId,\n",
      replace: "",
      test: "test/core/credentials/identity-identifier.test.ts",
    },
  ],
  "1-reviewed-file": [
    {
      name: "review: keys are read from the preview",
      file: "preview-config.ts",
      find: "const organizationSchema = v.object(",
      replace: "const organizationSchema = v.looseObject(",
      test: lookup,
    },
    {
      name: "review: an address in the preview is ignored",
      file: "preview-config.ts",
      find: "  url: v.optional(v.string()),\n",
      replace: "",
      test: lookup,
    },
    {
      name: "review: hidden organizations are treated as none",
      file: "preview-config.ts",
      find: "namedLookupProblem: organizations || environmentSetsAddress ? undefined : namedLookupProblem,",
      replace: "",
      test: lookup,
    },
    {
      name: "review: a site in the preview takes precedence over an address in the environment",
      file: "preview-config.ts",
      find: "environmentSetsAddress ? { id: parsed.output.id } : parsed.output",
      replace: "parsed.output",
      test: lookup,
    },
  ],
  "1-proof": [
    {
      name: "identity: one in the stack's configuration is proven to an address in it",
      file: "levels.ts",
      find: "level.fromConfig && listKinds(level).every(({ isStored }) => isStored);",
      replace: "level.fromConfig;",
      test: "test/core/credentials/identity-address.test.ts",
    },
    {
      name: "identity: any text is a region, and so a part of a host name",
      file: "identity-schema.ts",
      find: "region: createSettingSchema(/^[a-z]{2}(-[a-z]+)+-\\d{1,2}$/,",
      replace: "region: createSettingSchema(/^[a-z]{2}(-[a-z]+)+-\\d{1,2}/,",
      test: "test/core/credentials/identity-settings.test.ts",
    },
    {
      name: "proof: a token for any audience is sent",
      file: "jwt.ts",
      find: "audience.toLowerCase() === expected.toLowerCase()",
      replace: "audience !== expected || audience === expected",
      test: "test/core/identity/jwt.test.ts",
    },
    {
      name: "proof: the AWS signature does not include the organization",
      file: "aws.ts",
      find: "await signer.sign(request, { signingDate: new Date(now()) });",
      replace:
        'await signer.sign(request, { signingDate: new Date(now()), unsignableHeaders: new Set(["x-ddog-org-id"]) });',
      test: "test/core/identity/aws.test.ts",
    },
    {
      name: "the proof is sent with other calls",
      file: "authentication.ts",
      find: "Authorization: `Bearer ${token}`",
      replace: "Authorization: `Delegated ${token}`",
      cells: "refresh with an identity / no fault",
    },
  ],
  "1-https": [
    {
      name: "credentials: http is accepted for every host",
      file: "base-url.ts",
      find: '!(url.protocol === "http:" && isLoopback(url.hostname))',
      replace: 'url.protocol !== "http:"',
      test: site,
    },
    {
      name: "credentials: a host name that starts like loopback is loopback",
      file: "base-url.ts",
      find: "/^127(\\.\\d{1,3}){3}$/.test(host)",
      replace: '/^127\\./.test(host) || host.startsWith("localhost")',
      test: site,
    },
    {
      name: "proof: the request token of GitHub is sent without TLS",
      file: "github.ts",
      find: 'url?.protocol === "http:" && isLoopback(url.hostname)',
      replace: 'url?.protocol === "http:"',
      test: "test/core/identity/github.test.ts",
    },
    {
      name: "http: a proxy is used for loopback",
      file: "http.ts",
      find: "!isTls && { proxy: false as const }",
      replace: "false",
      test: "test/core/api/proxy.test.ts",
    },
  ],
  "1-redirect": [
    {
      name: "http: redirects are followed",
      file: "http.ts",
      find: "maxRedirects: 0",
      replace: "maxRedirects: 5",
      test: "test/core/api/no-response.test.ts",
      cells: "delete / request 2 (DELETE) / redirect",
    },
  ],
  "1-try-sites": [
    {
      name: "doctor: other sites get the API key without --try-sites",
      file: "diagnose-organization.ts",
      find: "isApiKeyRefused(calls) ? options.trySites : undefined",
      replace: 'isApiKeyRefused(calls) ? (options.trySites ?? ["http://127.0.0.1:9"]) : undefined',
      test: doctor,
    },
    {
      name: "doctor: other sites get a valid key",
      file: "diagnose-organization.ts",
      find: "isApiKeyRefused(calls) ? options.trySites : undefined",
      replace: "options.trySites",
      test: doctor,
    },
    {
      name: "doctor: the first request has the application key",
      file: "key-checks.ts",
      find: 'await openCalls(credentials, { kind: "api-key", apiKey, keyLocation })',
      replace: "await openCalls(credentials, arguments[1] as KeyPair)",
      test: doctorNetwork,
    },
    {
      name: "doctor: a host that is not from Datadog gets the application key",
      file: "diagnose-organization.ts",
      find: 'if (host.verdict !== "ok") return [settings, host];',
      replace: "",
      test: doctorNetwork,
    },
    {
      name: "doctor: other sites get the application key",
      file: "key-checks.ts",
      find: "await callWithApiKey({ ...credentials, baseUrl: site }, keys)",
      replace:
        'await (await openCalls({ ...credentials, baseUrl: site }, keys))({ route: "validateApiKey" }, parseAny)',
      test: doctor,
    },
  ],
  "1-provider-arguments": [
    {
      name: "plugin: a declared provider uses the keys of the environment",
      file: "provider-settings.ts",
      find: "env: omitReplacedVariables(getValue, env)",
      replace: "env",
      test: pluginConfiguration,
    },
    {
      name: "plugin: a provider without a known name is the default one",
      file: "provider-arguments.ts",
      find: '  if (name === undefined) return "(unnamed)";\n',
      replace: "  if (name === undefined) return undefined;\n",
      test: pluginConfiguration,
    },
    {
      name: "plugin: a declared provider with the name of the default one may have other keys",
      file: "service.ts",
      find: "[...checkArguments(args), ...refuseDefaultName(checkedName, args, stackConfiguration)]",
      replace: "[...checkArguments(args)]",
      test: pluginConfiguration,
    },
    {
      name: "plugin: half a configuration is used",
      file: "provider-settings.ts",
      find: "if (known.length < given.length)",
      replace: "if (known.length > given.length)",
      test: pluginConfiguration,
    },
  ],
};
