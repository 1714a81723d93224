import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { severities } from '../../../../src/lib/model/verdict';
import { root } from '../../../support/simulated-tenant';

const page = path.join(root, 'src/lib/report/page');
const read = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');

const styles = read(path.join(page, 'styles'), '.css');
const templates = `${read(page, '.ts')}\n${read(path.join(page, '../client'), '.ts')}`;

/** The classes that the style sheet speaks of, but for those that are put together: of severities, and of the titles of columns. */
const styled = new Set([...styles.matchAll(/\.([a-z][\w-]*)(?=[^{};]*\{)/g)].map(([, name = '']) => name));
it('every class of the style sheet is that of something', () => {
  const unused = [...styled].filter(
    (name) =>
      !severities.some((severity) => severity === name) &&
      !name.startsWith('col-') &&
      !new RegExp(`\\b${name}\\b`).test(templates),
  );
  expect(unused).toEqual([]);
});
