import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { profile, profileIds } from '../../../src/lib/profiles';
import { accessKindOf, Profile } from '../../../src/lib/profiles/profile';
import { root } from '../../support/simulated-tenant';

const folder = path.join(root, 'src/lib/profiles');
const schemaFile = path.join(folder, 'profile.schema.json');
const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as unknown;

/** What may be written: editors know this draft best. */
const schema = z.toJSONSchema(Profile, { target: 'draft-7', io: 'input' });
// `UPDATE_SCHEMA=1 npx jest test/unit/profiles-schema.test.ts && npm run format` writes it anew.
if (process.env.UPDATE_SCHEMA) writeFileSync(schemaFile, JSON.stringify(schema));

const ajv = addFormats(new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }));

/** Every property of a schema, however deep it stands. */
function propertiesOf(part: unknown): { name: string; description?: string }[] {
  if (typeof part !== 'object' || part === null) return [];
  const { properties = {} } = part as { properties?: Record<string, { description?: string }> };
  const own = Object.entries(properties).map(([name, { description }]) => ({
    name,
    ...(description === undefined ? {} : { description }),
  }));
  return [...own, ...Object.values(part).flatMap(propertiesOf)];
}

describe('the page about profiles', () => {
  const page = readFileSync(path.join(root, 'docs/profiles.md'), 'utf8');

  it('names every profile, with its page', () => {
    for (const id of profileIds) {
      expect(page).toContain(`| \`${id}\``);
      expect(page).toContain(`(${profile(id).source})`);
    }
  });

  it('explains every property', () => {
    for (const { name } of propertiesOf(schema)) expect(page).toContain(name);
  });
});

describe('the schema of profiles for editors', () => {
  it('is what profiles are parsed with', () => {
    expect(read('profile.schema.json')).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('explains every property', () => {
    const properties = propertiesOf(schema);
    expect(properties.length).toBeGreaterThan(25);
    expect(properties.filter(({ description }) => description === undefined)).toEqual([]);
  });

  it('is named by every profile, and every profile of the folder is registered', () => {
    const files = readdirSync(folder).filter(
      (file) => file.endsWith('.json') && file !== 'profile.schema.json',
    );
    expect(files.map((file) => path.basename(file, '.json'))).toEqual([...profileIds].sort());
    for (const file of files) expect(read(file)).toMatchObject({ $schema: './profile.schema.json' });
  });

  it.each(profileIds)('accepts %s', (id) => {
    const validate = ajv.compile(schema);
    expect({ isValid: validate(read(`${id}.json`)), errors: validate.errors }).toEqual({
      isValid: true,
      errors: null,
    });
  });

  it.each([
    ['a misspelt property', { usesEWS: true }],
    ['an account that is left out', { serviceAccount: undefined }],
    ['a plan that does not exist', { serviceAccount: { minimumExchangePlan: 3 } }],
    ['a source that is no address', { source: 'the vendor' }],
  ])('marks %s, as the app does', (_case, changes) => {
    const written = JSON.parse(
      JSON.stringify({ ...(read('condeco-exchange-sync.json') as object), ...changes }),
    ) as unknown;
    expect(ajv.compile(schema)(written)).toBe(false);
    expect(Profile.safeParse(written).success).toBe(false);
  });
});

describe('what a profile says of access', () => {
  const account = { minimumExchangePlan: null };
  const written = (changes: object, applicationRoles: string[] = []) => {
    const condeco = read('condeco-exchange-sync.json') as { impersonation: object };
    return { ...condeco, impersonation: { ...condeco.impersonation, applicationRoles }, ...changes };
  };
  const complaint = (profile: unknown) =>
    Profile.safeParse(profile).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  const roles = ['Application Calendars.ReadWrite'];

  it.each([
    [written({}, roles), 'role'],
    [written({}), 'none'],
    [written({ access: { kind: 'role' } }, roles), 'role'],
    [written({ access: { kind: 'fullAccess' }, serviceAccount: account }), 'fullAccess'],
    [written({ access: { kind: 'delegate' }, serviceAccount: account }), 'delegate'],
    [written({ access: { kind: 'none' }, serviceAccount: null }), 'none'],
  ])('may be left to its roles, and may be said', (profile, kind) => {
    expect(accessKindOf(Profile.parse(profile))).toBe(kind);
  });

  it.each<[profile: object, message: string]>([
    [
      written({ access: { kind: 'role' } }),
      'impersonation.applicationRoles must name a role, because access.kind is role',
    ],
    ...['fullAccess', 'delegate', 'none'].map((kind): [object, string] => [
      written({ access: { kind } }, roles),
      `impersonation.applicationRoles must be empty, because access.kind is ${kind}`,
    ]),
    ...['fullAccess', 'delegate'].map((kind): [object, string] => [
      written({ access: { kind }, serviceAccount: null }),
      `serviceAccount must be said, because access.kind is ${kind}: rooms are opened to an account`,
    ]),
  ])('must not contradict the rest, and is told where it does: %#', (profile, message) => {
    expect(complaint(profile)).toEqual([message]);
  });
});
