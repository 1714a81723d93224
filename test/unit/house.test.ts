import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '../..');

/**
 * The rooms of the house, the lowest first: a file imports from its own room and from lower ones. A room is a folder of
 * `src` or of `src/lib`, or a file that stands beside those.
 */
const rooms = [
  ...[
    'counted',
    'durations',
    'errors',
    'clock',
    'log',
    'started',
    'input-words',
    'input',
    'profiles',
    'model',
  ],
  ...['microsoft365', 'controls', 'schedule', 'storage', 'telemetry', 'settings', 'audit', 'waivers'],
  ...[
    'remediation',
    'watch',
    'api',
    'http',
    'report',
    'notify',
    'services',
    'last-resort',
    'cli',
    'functions',
  ],
];

/** Those within `src/lib/microsoft365`, likewise; '' stands for the files that are in none. */
const wings = ['wire', 'sign-in', 'graph', 'admin-api', '', 'directory', 'opath', 'exchange'];

const files = globSync('src/**/*.ts', { cwd: root }).map((file) => file.split(path.sep).join('/'));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

it('keeps every file in a room that is known', () => {
  expect(files.filter((file) => !rooms.includes(roomOf(file)))).toEqual([]);
});

it('imports nothing from a higher room', () => {
  expect(upwards(rooms, roomOf)).toEqual([]);
});

it('imports nothing from a higher wing of what talks to Microsoft 365', () => {
  expect(upwards(wings, wingOf)).toEqual([]);
});

it('has no circle of files that import each other', () => {
  expect(circle()).toEqual([]);
});

it('has the tests of a folder in a folder of the same name', () => {
  // What is no part of the product, and what is tested whole.
  const apart = ['build', 'infra', 'simulator'];
  const folders = new Set(globSync('test/unit/**/*.test.ts', { cwd: root }).map(folderOf));
  const astray = [...folders].filter(
    (folder) =>
      !apart.includes(folder.split('/')[0] ?? '') &&
      ![`src/lib/${folder}`, `src/${folder}`].some((known) => existsSync(path.join(root, known))),
  );
  expect(astray).toEqual([]);
});

/** The folder of a test below `test/unit`; empty for one that stands in no folder. */
function folderOf(test: string): string {
  return path.posix.relative('test/unit', path.posix.dirname(test.split(path.sep).join('/')));
}

/** Files of `src` that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return ts
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName))
    .flatMap((stem) =>
      [`${stem}.ts`, `${stem}/index.ts`].filter((known) => existsSync(path.join(root, known))),
    );
}

function roomOf(file: string): string {
  return /^src\/(?:lib\/)?([^/.]+)/.exec(file)?.[1] ?? '';
}

function wingOf(file: string): string | undefined {
  const [, below] = /^src\/lib\/microsoft365\/(.*)$/.exec(file) ?? [];
  return below === undefined ? undefined : (below.split('/').slice(0, -1)[0] ?? '');
}

/** Imports from a place that stands later in the order. Files without a place are passed over. */
function upwards(order: readonly string[], placeOf: (file: string) => string | undefined): string[] {
  const floor = (file: string) => {
    const place = placeOf(file);
    return place === undefined ? undefined : order.indexOf(place);
  };
  return [...imports].flatMap(([file, imported]) =>
    imported
      .filter((other) => (floor(other) ?? -1) > (floor(file) ?? Infinity))
      .map((other) => `${file} imports ${other}`),
  );
}

/** The files of one circle; none where there is none. */
function circle(): string[] {
  const left = new Map(imports);
  // Whoever imports nothing that is left is in no circle.
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [file, imported] of left) if (!imported.some((other) => left.has(other))) left.delete(file);
  }
  const [start] = left.keys();
  const walked: string[] = [];
  for (let at = start; at !== undefined && !walked.includes(at);) {
    walked.push(at);
    at = left.get(at)?.find((other) => left.has(other));
  }
  return walked;
}
