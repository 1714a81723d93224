import { existsSync } from 'node:fs';
import path from 'node:path';
import { controlIds } from '../../../src/lib/model/verdict';

it.each(controlIds)('%s has a table of facts and verdicts', (id) => {
  expect(existsSync(path.join(__dirname, id, 'evaluate.test.ts'))).toBe(true);
});
