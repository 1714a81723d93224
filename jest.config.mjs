/** Packages that are published as ES modules only: Jest loads CommonJS, so they are transformed like our own files. */
const esModulesOnly = ['jose', 'croner', 'p-map'].join('|');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulesOnly})/)`],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  collectCoverageFrom: ['src/lib/**/*.ts'],
  coverageProvider: 'v8',
  coverageThreshold: { global: { lines: 90, branches: 90 } },
};
