// The declarations of every benchmark program: BENCH_COUNT connections of BENCH_WORKLOAD, all with the same
// types. bench/server.mjs has an organization for each.

const hub = "aaaaaaaa-0001-4000-8000-000000000001";

/** Lists the connections that the variables declare, each with the keys of its source organization. */
exports.listConnections = (env) =>
  Array.from({ length: Number(env.BENCH_COUNT) }, (_, index) => {
    const number = index + 1;
    return env.BENCH_WORKLOAD === "one-source"
      ? {
          name: `to-${number}`,
          source: undefined, // the default credentials
          sinkOrgId: `aaaaaaaa-1000-4000-8000-${number.toString(16).padStart(12, "0")}`,
          apiKey: env.DD_API_KEY,
          appKey: env.DD_APP_KEY,
        }
      : {
          name: `from-${number}`,
          source: `source-${number}`,
          sinkOrgId: hub,
          apiKey: env[`DD_API_KEY__SOURCE_${number}`],
          appKey: env[`DD_APP_KEY__SOURCE_${number}`],
        };
  });

exports.connections = exports.listConnections(process.env);
exports.types = (process.env.BENCH_TYPES ?? "").split(",");
