import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BundledPackage } from './bundled';

/** Licences under which a package may be part of what is given away here: all they ask for is that their text goes with it. */
export const allowedLicences = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-3-Clause', 'ISC', 'MIT'];

/** The texts of packages that were published without one, from where their authors keep them. */
export const keptTexts: Readonly<Record<string, string>> = {
  // https://github.com/nodable/val-parsers/blob/main/LICENSE
  '@nodable/entities': 'build/licences/nodable-entities.txt',
};

export interface Notices {
  /** The file that goes with the bundles. */
  text: string;
  /** Why they must not be given away, one line each. */
  complaints: string[];
}

/** Collects the licences of packages. Packages with the same text share it: some texts are long, and there are many packages. */
export function notices(packages: readonly BundledPackage[], root = '.'): Notices {
  const complaints: string[] = [];
  const titles = new Map<string, Set<string>>();
  for (const each of packages) {
    const title = `${each.name} ${each.version}`;
    if (!allowedLicences.some((licence) => licence === each.licence)) {
      const stated = each.licence === undefined ? 'no licence' : JSON.stringify(each.licence);
      complaints.push(
        `${title} states ${stated}. Allowed are ${allowedLicences.join(', ')}: build/notices.ts.`,
      );
    }
    const texts = textsOf(each, root);
    if (!texts.some(({ isLicence }) => isLicence)) {
      complaints.push(
        `${title} comes without the text of its licence. Add the one of its authors to build/notices.ts.`,
      );
    }
    const text = texts.map((found) => found.text).join('\n\n');
    titles.set(text, (titles.get(text) ?? new Set()).add(`${title} (${String(each.licence)})`));
  }
  const sections = [...titles].map(([text, of]) => [line, ...of, '', text].join('\n'));
  return { text: `${[introduction, ...sections].join('\n\n')}\n`, complaints };
}

const introduction =
  'Syncwarden contains parts of the packages below. Each is under the licence that is printed below its name.';
const line = '='.repeat(80);

interface Text {
  text: string;
  /** Whether it is the licence itself, and not what is to be said beside it. */
  isLicence: boolean;
}

const licenceName = /^(licen[cs]es?|copying)\b/i;
const noticeName = /^(notice|copyright)/i;

function textsOf({ name, folder }: BundledPackage, root: string): Text[] {
  const found = textsIn(path.join(root, folder));
  const kept = keptTexts[name];
  if (found.some(({ isLicence }) => isLicence) || kept === undefined) return found;
  return [{ text: read(path.join(root, kept)), isLicence: true }, ...found];
}

/** Licences come first, in the order of their names; so do those of a folder for what a package took from others. */
function textsIn(folder: string): Text[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const texts = (pattern: RegExp, isLicence: boolean) =>
    entries
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map(({ name }) => name)
      .sort()
      .map((name) => ({ text: read(path.join(folder, name)), isLicence }))
      .filter(({ text }) => text !== '');
  const ofOthers = entries
    .filter((entry) => entry.isDirectory() && licenceName.test(entry.name))
    .flatMap(({ name }) => filesIn(path.join(folder, name)))
    .map((file) => ({ text: read(file), isLicence: false }));
  return [...texts(licenceName, true), ...ofOthers, ...texts(noticeName, false)];
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function read(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();
}
