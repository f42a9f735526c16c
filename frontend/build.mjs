// Bundles every script directly in src/ into one file of the same name that the pages load; shared parts live in folders.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const scripts = readdirSync(`${here}src`).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));

await build({
  absWorkingDir: here,
  entryPoints: scripts.map((name) => `src/${name}`),
  outdir: "../contact_hub/web/static/built",
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: ["es2022"],
  legalComments: "linked",
  logLevel: "warning",
});
