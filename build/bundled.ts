import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of which something is in a bundle. */
export interface BundledPackage {
  name: string;
  version: string;
  /** As its package.json says it; the name of a licence by SPDX, where all is well. */
  licence: unknown;
  /** Where it is, from the root of the project. */
  folder: string;
  /** Whether this project's own code imports it, and not only other packages. */
  isDirect: boolean;
}

/** The packages of bundles, by what esbuild says that it put into them. Ordered by name and version, each once. */
export function bundledPackages(metafiles: readonly Metafile[], root = '.'): BundledPackage[] {
  const folders = new Set<string>();
  const direct = new Set<string>();
  for (const { inputs, outputs } of metafiles) {
    for (const file of Object.values(outputs).flatMap((output) => Object.keys(output.inputs))) {
      const folder = folderOf(file);
      if (folder !== undefined) folders.add(folder);
      else for (const folder of foldersImportedBy(inputs[file])) direct.add(folder);
    }
  }
  return [...folders]
    .map((folder) => ({ ...described(path.join(root, folder)), folder, isDirect: direct.has(folder) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version) || compare(a.folder, b.folder));
}

/** The folder of the package that a file is of; packages may have packages of their own within. esbuild writes "/" on every system. */
function folderOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function foldersImportedBy(input: Metafile['inputs'][string] | undefined): string[] {
  return (input?.imports ?? []).flatMap(({ path, external }) =>
    external === true ? [] : (folderOf(path) ?? []),
  );
}

function described(folder: string): Pick<BundledPackage, 'name' | 'version' | 'licence'> {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: unknown;
  };
  return { name: manifest.name, version: manifest.version, licence: manifest.license };
}

/** The same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
