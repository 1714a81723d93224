import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/** A project in a folder of its own, with packages that it may bundle. */
export class ProjectFolder {
  readonly root = mkdtempSync(path.join(tmpdir(), 'syncwarden-project-'));

  file(name: string, text: string): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A package in `node_modules`, or in those of another package. */
  package(
    name: string,
    {
      manifest = {},
      files = { LICENSE: `The licence of ${name}.` },
      code = 'export default 1;',
      within = '',
    }: {
      manifest?: Record<string, unknown>;
      files?: Record<string, string>;
      code?: string;
      within?: string;
    } = {},
  ): void {
    const folder = path.posix.join(within, 'node_modules', name);
    const described = { name, version: '1.0.0', license: 'MIT', main: 'index.js', ...manifest };
    this.file(`${folder}/package.json`, JSON.stringify(described));
    this.file(`${folder}/index.js`, code);
    for (const [file, text] of Object.entries(files)) this.file(`${folder}/${file}`, text);
  }

  /** Bundles `src/main.js` with this code. */
  async bundle(code: string, external: string[] = []): Promise<Metafile> {
    this.file('src/main.js', code);
    const { metafile } = await build({
      absWorkingDir: this.root,
      entryPoints: ['src/main.js'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external,
      metafile: true,
      write: false,
    });
    return metafile;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
