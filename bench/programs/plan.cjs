// The declarations of every benchmark program: BENCH_COUNT connections of one organization, all with the same
// types.

exports.count = Number(process.env.BENCH_COUNT);
exports.types = (process.env.BENCH_TYPES ?? "").split(",");
/** UUID of the destination with an index: bench/server.mjs has an organization with it. */
exports.sink = (number) => `aaaaaaaa-1000-4000-8000-${(number + 1).toString(16).padStart(12, "0")}`;
exports.numbers = Array.from({ length: exports.count }, (_, number) => number);
