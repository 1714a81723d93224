/** Packages that are published as ES modules only: Jest loads CommonJS, so they are transformed like our own files. */
const esModulesOnly = [
  'jose',
  'croner',
  'p-map',
  'd3-[a-z-]+',
  'internmap',
  'zod-openapi',
  '@seriousme/openapi-schema-validator',
  'ora',
  'marked(-gfm-heading-id)?',
  'github-slugger',
  'hucre',
  'read-excel-file',
].join('|');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulesOnly})/)`],
  // What the build makes for the report page is made when a test asks for it.
  moduleNameMapper: { '^asset:(\\w+)$': '<rootDir>/test/support/assets/$1.ts' },
  // What is built is for the processes that the tests start. The package of the command line has the name of the project.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // One more than there are cores on a small machine: many files wait for processes that they have started.
  maxWorkers: 3,
  // What a file has loaded is not all given back at its end.
  workerIdleMemoryLimit: '600MB',
  // What runs in a browser is tested there.
  collectCoverageFrom: ['src/lib/**/*.ts', '!src/lib/**/*.d.ts', '!src/lib/report/client/**'],
  // Ends only what hangs: on a busy machine, starting a storage emulator beside a simulated tenant took more than thirty seconds.
  testTimeout: 180_000,
  // V8's own is taken of everything that a process ever loaded, after each file: the tests take half as long again with it.
  coverageProvider: 'babel',
  coverageThreshold: { global: { lines: 90, branches: 90 } },
};
