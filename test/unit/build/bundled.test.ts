import { bundledPackages } from '../../../build/bundled';
import { ProjectFolder } from '../../support/packages';

let project: ProjectFolder;
beforeEach(() => (project = new ProjectFolder()));
afterEach(() => project.remove());

const bundled = async (code: string, external?: string[]) =>
  bundledPackages([await project.bundle(code, external)], project.root);

it('a package that the code imports is in the bundle, with what it says of itself', async () => {
  project.package('near', { manifest: { version: '2.3.4', license: 'ISC' } });
  expect(await bundled("import near from 'near'; console.log(near);")).toEqual([
    { name: 'near', version: '2.3.4', licence: 'ISC', folder: 'node_modules/near', isDirect: true },
  ]);
});

it('a package that only another package imports is in it, too, each version for itself', async () => {
  project.package('@scope/far');
  project.package('@scope/far', { within: 'node_modules/near', manifest: { version: '2.0.0' } });
  project.package('near', { code: "import far from '@scope/far'; export default far;" });
  project.package('next', { code: "import far from '@scope/far'; export default far;" });
  const found = await bundled("import near from 'near'; import next from 'next'; console.log(near, next);");
  expect(found.map(({ folder, version, isDirect }) => [folder, version, isDirect])).toEqual([
    ['node_modules/@scope/far', '1.0.0', false],
    ['node_modules/near/node_modules/@scope/far', '2.0.0', false],
    ['node_modules/near', '1.0.0', true],
    ['node_modules/next', '1.0.0', true],
  ]);
});

it('a package that the bundle asks for when it runs is not in it', async () => {
  project.package('near');
  expect(await bundled("import near from 'near'; console.log(near);", ['near'])).toEqual([]);
});

it('a package that is imported by name within a package of this name is the inner one', async () => {
  project.package('near', {
    code: "export default require('./dist/inner');",
    files: { LICENSE: 'Near.', 'dist/inner.js': '', 'dist/package.json': '{ "type": "commonjs" }' },
  });
  expect(await bundled("import near from 'near'; console.log(near);")).toMatchObject([
    { name: 'near', folder: 'node_modules/near' },
  ]);
});

it('several bundles together have each package once', async () => {
  project.package('near');
  project.package('next');
  const first = await project.bundle("import near from 'near'; console.log(near);");
  const second = await project.bundle(
    "import near from 'near'; import next from 'next'; console.log(near, next);",
  );
  expect(bundledPackages([first, second], project.root).map(({ name }) => name)).toEqual(['near', 'next']);
});
