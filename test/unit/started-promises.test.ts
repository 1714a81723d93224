import { Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { startedPromises } from '../../eslint.started-promises.mjs';
import { root } from '../support/simulated-tenant';

const given = `
declare function read(): Promise<number>;
declare function count(): number;
declare function started<P>(promise: P): P;
declare const reads: Map<string, Promise<number>>;
declare let kept: Promise<number> | undefined;
`;
const config: Linter.Config = {
  files: ['**/*.ts'],
  languageOptions: {
    parser,
    parserOptions: { projectService: { allowDefaultProject: ['*.ts'] }, tsconfigRootDir: root },
  },
  plugins: { syncwarden: { rules: { 'started-promises': startedPromises } } },
  rules: { 'syncwarden/started-promises': 'error' },
};

function complaints(code: string): number {
  const messages = new Linter({ cwd: root }).verify(`${given}${code}\nexport {};`, config, 'sample.ts');
  for (const { ruleId, message } of messages) if (ruleId === null) throw new Error(message);
  return messages.length;
}

describe('a promise that is kept is complained about', () => {
  it.each([
    ['in a variable', 'const one = read();'],
    ['for a condition', 'const one = count() > 0 ? read() : undefined;'],
    ['where there is none yet', 'kept ??= read();'],
    ['in a list', 'const all = [1, 2].map(() => read());'],
    ['in a list of its own', 'const all = [read(), count()];'],
    ['in an object', 'const one = { result: read() };'],
    ['in a property', 'class A { one = read(); }'],
    ['in a map', "reads.set('a', read());"],
    ['as it goes on', 'const one = read().then((value) => value + 1);'],
    ['when it is made by hand', 'const one = new Promise(() => undefined);'],
  ])('%s', (_where, code) => {
    expect(complaints(code)).toBe(1);
  });
});

describe('a promise is left alone', () => {
  it.each([
    ['that is started as such', 'const one = started(read()); kept ??= started(read());'],
    ['that is awaited at once', 'const one = await read(); await (kept ??= read());'],
    ['that is awaited with others', 'const all = await Promise.all([read(), read()]);'],
    ['that is only looked up', "const one = reads.get('a'); const other = kept;"],
    ['whose failure is taken care of', 'const one = read().catch(() => 0);'],
    ['that is handed on', 'const one = () => read();'],
    ['that is none', 'const one = count(); const all = [count()].map((value) => value);'],
  ])('%s', (_which, code) => {
    expect(complaints(code)).toBe(0);
  });
});
