// Writes what follows from what the controls declare, and from the routes, into all that lists it. With --check it writes nothing, and fails with
// a line for each file that is out of date.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: ['build/generate/registry.ts'],
  outfile: 'dist/generate/registry.mjs',
});
const { registryModule } = await import('./dist/generate/registry.mjs');

/** The registry is generated itself: what follows from it is made from the one that should be there. */
const registryPlugin = {
  name: 'registry',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lib[\\/]controls[\\/]registry\.ts$/ }, () => ({
      contents: registryModule(),
      loader: 'ts',
    }));
  },
};

/** What is generated from the routes needs nothing of what their page inlines. */
const assetPlugin = {
  name: 'assets',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^asset:/ }, ({ path }) => ({ path, namespace: 'asset' }));
    onLoad({ filter: /./, namespace: 'asset' }, () => ({ contents: '""', loader: 'json' }));
  },
};
await build({
  ...common,
  entryPoints: ['build/generate/index.ts'],
  outfile: 'dist/generate/index.mjs',
  plugins: [registryPlugin, assetPlugin],
});
const { generated } = await import('./dist/generate/index.mjs');

const isCheck = process.argv.includes('--check');
const outOfDate = (await generated()).filter(({ before, after }) => before !== after);
for (const { file, after } of outOfDate) {
  if (isCheck) console.error(`${file} is out of date: npm run generate`);
  else {
    writeFileSync(file, after);
    console.log(`Wrote ${file}`);
  }
}
if (isCheck && outOfDate.length > 0) process.exitCode = 1;
