import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const sources = ["{core,provider,sandbox,cli}/src/**/*.ts"];

export default tseslint.config(
  // The examples of other languages need a generated SDK. Their test compiles them.
  {
    ignores: [
      "**/dist/",
      "**/node_modules/",
      ".local/",
      "examples/other-languages/",
      "test/upgrades/recordings/",
    ],
  },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: sources,
    rules: { "no-console": "error" },
  },
  {
    // The scripts of the page are concatenated in one scope. cli/src/commands/map/page/tsconfig.json checks
    // their types.
    files: ["cli/src/commands/map/page/*.js"],
    languageOptions: { sourceType: "script" },
    rules: { "no-undef": "off", "no-unused-vars": "off" },
  },
  {
    files: ["**/*.mjs", "bench/programs/*.cjs", "test/upgrades/programs/*/*.cjs", "examples/**/*.js"],
    languageOptions: {
      globals: {
        AbortController: "readonly",
        AbortSignal: "readonly",
        process: "readonly",
        console: "readonly",
        performance: "readonly",
        URL: "readonly",
        fetch: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
      },
    },
  },
);
