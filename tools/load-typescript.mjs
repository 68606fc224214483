import { root } from "./bootstrap.mjs";

/**
 * Loads a TypeScript module of the repository into this process, without a build, and calls `use` with it. Vitest's server
 * compiles it, as it does for tests.
 * @template Result
 * @param {string} file relative to the root
 * @param {(module: any) => Promise<Result>} use
 * @returns {Promise<Result>}
 */
export async function useTypeScript(file, use) {
  // A dynamic import, because this module must load before packages are installed.
  const { createViteServer } = await import("vitest/node");
  const server = await createViteServer({
    configFile: false,
    root,
    logLevel: "error",
    appType: "custom",
    server: { middlewareMode: true, watch: null, ws: false, hmr: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await use(await server.ssrLoadModule(`/${file}`));
  } finally {
    await server.close();
  }
}
