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

await Promise.all([
  // The app. Application Insights takes longer to load than all the rest together, so it is a file of its own
  // that is loaded when there is something to send.
  build({
    ...common,
    entryPoints: { main: 'src/functions/index.ts' },
    outdir: 'dist',
    minify: true,
    keepNames: true,
    external: ['@azure/functions-core', '*/applicationinsights.js'],
  }),
  build({
    ...common,
    entryPoints: { applicationinsights: 'src/lib/telemetry/applicationinsights.ts' },
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
      'cli/permissions': 'src/cli/permissions.ts',
    },
    outdir: 'dist',
    packages: 'external',
  }),
]);
