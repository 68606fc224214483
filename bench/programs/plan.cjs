// What every program of the benchmark declares: so many connections of one organization, all with the same types.

/** How many. */
exports.count = Number(process.env.BENCH_COUNT);
exports.types = (process.env.BENCH_TYPES ?? "").split(",");
/** UUID of the destination of that number: bench/server.mjs knows an organization of it. */
exports.sink = (number) => `aaaaaaaa-1000-4000-8000-${(number + 1).toString(16).padStart(12, "0")}`;
exports.numbers = Array.from({ length: exports.count }, (_, number) => number);
