import { buildSync, type Metafile } from 'esbuild';
import { explanations } from './explanations';

const report = 'src/lib/report';

/** What was put into the bundles within the page: packages there are given away like those of the app. */
export const assetMetafiles: Metafile[] = [];

/** One file with everything that it imports, small, as text. Paths are from the root of the project. */
function bundled(entry: string): string {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: ['chrome120', 'edge120', 'firefox121', 'safari17'],
    format: 'esm',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  assetMetafiles.push(metafile);
  return outputFiles.map(({ text }) => text.trim()).join('\n');
}

/** What the report page is made of beside its templates, by the name after `asset:` under which they import it. */
export const assets = {
  styles: () => bundled(`${report}/page/styles/index.css`),
  script: () => bundled(`${report}/client/main.ts`),
  explanations: () => explanations(),
};
