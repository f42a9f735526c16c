// Bundles every script and stylesheet directly in src/ into one file of the same name that the pages load; parts live in folders.
// Beside each stands the same compressed, for the hub to send where a browser takes it.
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = "../contact_hub/web/static/built";
const sources = readdirSync(`${here}src`).filter((name) => /\.(ts|css)$/.test(name) && !name.endsWith(".d.ts"));

rmSync(`${here}${built}`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: sources.map((name) => `src/${name}`),
  outdir: built,
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "iife",
  target: ["es2022"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
  legalComments: "linked",
  logLevel: "warning",
});
copyFileSync(`${here}node_modules/@fontsource-variable/source-sans-3/LICENSE`, `${here}${built}/fonts/OFL.txt`);
for (const name of readdirSync(`${here}${built}`).filter((each) => /\.(js|css)$/.test(each))) {
  writeFileSync(`${here}${built}/${name}.gz`, gzipSync(readFileSync(`${here}${built}/${name}`), { level: 9 }));
}
