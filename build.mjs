// Builds what Azure and the local host load, and the programs that run on a laptop, into dist/.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { oneAtATime } from './build/one-at-a-time.mjs';

await oneAtATime();

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: true,
  // The licences are in a file of their own, whole.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

// What the report page is made of beside its templates, and what is known of the packages in the bundles. They are
// programs of their own, because the tests run them as well.
const tools = await build({
  ...common,
  entryPoints: ['assets', 'bundled', 'cli-package', 'notices', 'site-main'].map((name) => ({
    in: `build/${name}.ts`,
    out: `build/${name}`,
  })),
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  packages: 'external',
});
const { assets, assetMetafiles } = await import('./dist/build/assets.mjs');
const { bundledPackages } = await import('./dist/build/bundled.mjs');
const { notices } = await import('./dist/build/notices.mjs');
const { writeCliPackage } = await import('./dist/build/cli-package.mjs');

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

/**
 * What a library takes when it happens to be there, and here would be there by chance, because a program for development
 * brings it: `debug` would colour its lines with the `supports-color` of Jest.
 */
const absentPlugin = {
  name: 'absent',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^supports-color$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: '' }));
  },
};
common.plugins = [assetPlugin, absentPlugin];

const [app, parts, commandLine, programs] = await Promise.all([
  // The app: its main file registers the functions, and loads what they do at the first invocation. Application Insights
  // takes longer to load than all the rest together, so it is a file of its own that is loaded when there is something to
  // send.
  build({
    ...common,
    entryPoints: { main: 'src/functions/index.ts', app: 'src/functions/app.ts' },
    outdir: 'dist',
    minify: true,
    keepNames: true,
    external: [
      '@azure/functions-core',
      '*/app.js',
      '*/applicationinsights.js',
      '*/xlsx-writer.js',
      '*/zod-openapi.js',
    ],
  }),
  build({
    ...common,
    entryPoints: {
      applicationinsights: 'src/lib/telemetry/applicationinsights.ts',
      'xlsx-writer': 'src/lib/report/export/xlsx-writer.ts',
      'zod-openapi': 'src/lib/http/zod-openapi.ts',
    },
    outdir: 'dist',
    minify: true,
    keepNames: true,
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
  build({
    ...common,
    entryPoints: {
      'build/screenshot': 'build/screenshot.ts',
      'local/start': 'local/start.ts',
      'local/host': 'local/host/main.ts',
      'bench/bench': 'bench/bench.ts',
      'bench/quick-azurite': 'bench/quick-azurite.ts',
    },
    outdir: 'dist',
    packages: 'external',
  }),
]);

// What is given away carries its papers, or is not made at all.
const packages = {
  app: bundledPackages([app.metafile, parts.metafile, ...assetMetafiles]),
  cli: bundledPackages([commandLine.metafile, ...assetMetafiles]),
};
writeFileSync('dist/build/packages.json', JSON.stringify(packages, null, 2));
const papers = {
  'dist/THIRD-PARTY-NOTICES': notices(packages.app),
  'dist/cli/THIRD-PARTY-NOTICES': notices(packages.cli),
};
const complaints = new Set(Object.values(papers).flatMap((each) => each.complaints));
if (complaints.size > 0) {
  rmSync('dist', { recursive: true });
  console.error([...complaints].join('\n'));
  process.exit(1);
}
for (const [file, { text }] of Object.entries(papers)) writeFileSync(file, text);
writeCliPackage('dist/cli');

// What an earlier build has left goes last, and not first: an app that was started from here may load its parts any moment.
const made = [tools, app, parts, commandLine, programs].flatMap(({ metafile }) =>
  Object.keys(metafile.outputs),
);
for (const folder of ['dist', 'dist/bench', 'dist/build', 'dist/cli', 'dist/local'])
  for (const name of readdirSync(folder)) {
    const file = `${folder}/${name}`;
    if (/\.(m?js|map)$/.test(name) && !made.includes(file)) rmSync(file);
  }
