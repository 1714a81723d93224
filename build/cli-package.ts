import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is read about the command line by those who have nothing but its package. */
const pages = ['LICENSE', 'README.md', 'docs/cli.md'];

/** What is built: the program, with all libraries inside. */
const program = 'syncwarden.js';

/**
 * Makes a package of the folder in which the command line was built: `npm pack` and `npm publish` take it from there. It
 * has a manifest of its own, because that of the project is about the app in Azure, and about developing.
 */
export function writeCliPackage(folder: string): void {
  const { name, version, description, license, engines } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Record<string, unknown>;
  const manifest = {
    ...{ name, version, description, license, engines },
    bin: { syncwarden: program },
    files: [program, 'THIRD-PARTY-NOTICES', ...pages],
  };
  // Whoever has linked to it once, as npx does, runs it as it is.
  chmodSync(path.join(folder, program), 0o755);
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const page of pages) cpSync(page, path.join(folder, page));
}
