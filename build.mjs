// Builds what Azure and the local host load, and the programs that run on a laptop, into dist/.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
};

// What the report page is made of beside its templates. It is a program of its own, because the tests run it as well.
await build({
  ...common,
  entryPoints: { 'build/assets': 'build/assets.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  packages: 'external',
});
const { assets } = await import('./dist/build/assets.mjs');

/** Makes `asset:styles` and its like something that can be imported. */
const assetPlugin = {
  name: 'assets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^asset:/ }, ({ path }) => ({
      path: path.slice('asset:'.length),
      namespace: 'asset',
    }));
    onLoad({ filter: /./, namespace: 'asset' }, ({ path }) => ({
      contents: JSON.stringify(assets[path]()),
      loader: 'json',
    }));
  },
};
common.plugins = [assetPlugin];

await Promise.all([
  // The app. Application Insights takes longer to load than all the rest together, so it is a file of its own
  // that is loaded when there is something to send.
  build({
    ...common,
    entryPoints: { main: 'src/functions/index.ts' },
    outdir: 'dist',
    minify: true,
    keepNames: true,
    external: ['@azure/functions-core', '*/applicationinsights.js', '*/zod-openapi.js'],
  }),
  build({
    ...common,
    entryPoints: {
      applicationinsights: 'src/lib/telemetry/applicationinsights.ts',
      'zod-openapi': 'src/lib/http/zod-openapi.ts',
    },
    outdir: 'dist',
    minify: true,
    keepNames: true,
  }),
  build({
    ...common,
    entryPoints: {
      'local/start': 'local/start.ts',
      'local/host': 'local/host/main.ts',
      'bench/bench': 'bench/bench.ts',
      'bench/quick-azurite': 'bench/quick-azurite.ts',
    },
    outdir: 'dist',
    packages: 'external',
  }),
  // The command line: one file with all that it needs inside, so that its package installs nothing else.
  build({
    ...common,
    entryPoints: { 'cli/syncwarden': 'src/cli/main.ts' },
    outdir: 'dist',
    minify: true,
    keepNames: true,
    banner: { js: '#!/usr/bin/env node' },
  }),
]);
