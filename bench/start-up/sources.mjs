import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Variants of a program with three connections, from destination BENCH_FIRST on. */
export const sources = [
  { key: "js", title: "JavaScript", typescript: false },
  { key: "ts", title: "TypeScript", typescript: true },
  { key: "whole", title: "JavaScript that loads the whole SDK too", typescript: false },
];

const connections = `const first = Number(process.env.BENCH_FIRST ?? 1);
for (const index of [first, first + 1, first + 2]) {
  const sinkOrgId = \`aaaaaaaa-1000-4000-8000-\${index.toString(16).padStart(12, "0")}\`;
  new OrgConnection(\`to-\${index}\`, { sinkOrgId, connectionTypes: ["logs"] });
}
`;

/** @param {string} folder @param {string} key of {@link sources} */
export function writeProgram(folder, key) {
  const typescript = key === "ts";
  const main = typescript ? "index.ts" : "index.js";
  writeFileSync(join(folder, "package.json"), `{ "name": "bench", "main": "${main}" }\n`);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: bench\nruntime:\n  name: nodejs\n  options:\n    typescript: ${typescript}\n`,
  );
  const first = typescript
    ? 'import { OrgConnection } from "pulumi-datadog-org-connections";\n'
    : 'const { OrgConnection } = require("pulumi-datadog-org-connections");\n';
  const before = key === "whole" ? 'require("@pulumi/pulumi");\n' : "";
  writeFileSync(join(folder, main), before + first + connections);
  if (!typescript) return;
  const compilerOptions = {
    strict: true,
    target: "es2022",
    module: "commonjs",
    moduleResolution: "node",
    esModuleInterop: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), `${JSON.stringify({ compilerOptions })}\n`);
}
