import { existsSync, readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { azLoginControls } from '../../src/cli/reading';
import { controls } from '../../src/lib/controls';
import { acceptableUnknowns, allCodes, controlTable, severityAndCodes } from './codes';
import { code, enumeration } from './markdown';
import { folderOf } from './pages';
import {
  exchangeRolesFunction,
  permissionsFile,
  permissionsFunction,
  permissionsPage,
  readingOnGraph,
} from './permissions';
import {
  type ApiDocument,
  apiDocument,
  exportedFunctions,
  functionTable,
  manifestFile,
  moduleFiles,
} from './powershell';
import { registryFile, registryModule } from './registry';
import { profileSections, profileTable } from './profiles';
import { onOtherPages, onServiceAccountPage } from './requirements';
import { withSection } from './section';
import { sampleSettings, scheduleProperties, scheduleTable } from './settings';

/** Files that are made as a whole, each from its present text. */
const wholes: Readonly<Record<string, (text: string) => string>> = {
  [registryFile]: registryModule,
  'infra/graph/permissions.json': () => permissionsFile(controls),
  'docs/permissions.md': () => permissionsPage(controls),
  'local.settings.sample.json': sampleSettings,
};

/** Parts of files, by the name in their marks. */
const parts: Readonly<Record<string, Readonly<Record<string, (api: ApiDocument) => string>>>> = {
  'README.md': { controls: () => controlTable(controls) },
  'docs/laptop.md': { 'permissions on Microsoft Graph': () => readingOnGraph(controls) },
  'docs/cli.md': { 'controls for Azure CLI': () => `It serves ${enumeration(azLoginControls.map(code))}.` },
  'docs/findings.md': {
    'acceptable unknowns': () => acceptableUnknowns(controls),
    codes: () => allCodes(controls),
  },
  'docs/powershell.md': { functions: functionTable },
  'docs/profiles.md': { profiles: profileTable, 'what each asks for': profileSections },
  'docs/requirements.md': {
    'from the page on the service account': () => onServiceAccountPage(controls),
    'from other pages': () => onOtherPages(controls),
  },
  'docs/settings.md': { schedules: scheduleTable },
  'infra/app/settings.bicep': { schedules: scheduleProperties },
  'infra/scripts/grant.sh': {
    permissions: () => permissionsFunction(controls),
    'roles of Exchange': () => exchangeRolesFunction(controls),
  },
  [manifestFile]: { functions: exportedFunctions },
  ...Object.fromEntries(
    controls.map((control) => [
      `${folderOf(control)}/README.md`,
      { 'severity and codes': () => severityAndCodes(control) },
    ]),
  ),
};

/** A file that is made, or has parts that are made. */
export interface GeneratedFile {
  /** From the root of the project. */
  file: string;
  /** What stands in it; empty when it is not there. */
  before: string;
  /** What has to. */
  after: string;
}

/** Everything that follows from what the controls declare and from the description of the API, as Prettier has it. Nothing is written. @throws when a file lacks its marks. */
export async function generated(): Promise<GeneratedFile[]> {
  const api = await apiDocument();
  return Promise.all([
    ...Object.entries(wholes).map(([file, make]) => made(file, make)),
    ...Object.entries(moduleFiles(api)).map(([file, text]) => made(file, () => text)),
    ...Object.entries(parts).map(([file, sections]) =>
      made(file, (text) =>
        Object.entries(sections).reduce((all, [name, make]) => withSection(file, all, name, make(api)), text),
      ),
    ),
  ]);
}

/** Prettier leaves alone what it does not know: shell, Bicep and PowerShell. */
const unformatted = /\.(sh|bicep|psd?1)$/;

async function made(file: string, make: (text: string) => string): Promise<GeneratedFile> {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = make(before);
  if (unformatted.test(file)) return { file, before, after };
  return { file, before, after: await format(after, { ...(await resolveConfig(file)), filepath: file }) };
}
