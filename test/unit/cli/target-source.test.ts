import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError, exitCodes } from '../../../src/cli/exit';
import { asStored, describesTarget, objectIn, targetFrom } from '../../../src/cli/target-source';

const described = {
  targetId: 'contoso-rooms',
  tenantId: 'C0170507-0000-4000-8000-000000000001',
  profile: 'condeco-exchange-sync',
  serviceAccount: 'svc-condeco@contoso.com',
  clientAppId: '7e57ab1e-0000-4000-8000-00000000c0de',
};
const folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-target-'));
const file = path.join(folder, 'target.json');
const write = (text: string) => writeFileSync(file, text);

afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of a target that cannot be used. */
function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    expect(error.exitCode).toBe(exitCodes.usage);
    return error.message;
  }
  throw new Error('There was no complaint.');
}

describe('a target', () => {
  it('is what its file says, with the defaults of the API', () => {
    write(JSON.stringify(described));
    expect(targetFrom(file, {})).toMatchObject({
      targetId: 'contoso-rooms',
      tenantId: 'c0170507-0000-4000-8000-000000000001',
      exchangeReader: 'graph',
      rooms: { source: 'all' },
    });
  });

  it('may be written by an editor that puts a byte order mark in front', () => {
    write(`\ufeff${JSON.stringify(described)}`);
    expect(targetFrom(file, {}).targetId).toBe('contoso-rooms');
  });

  it('is what the options say over the file', () => {
    write(JSON.stringify(described));
    expect(targetFrom(file, { exchangeReader: 'admin-api', target: 'other' })).toMatchObject({
      targetId: 'other',
      exchangeReader: 'admin-api',
      serviceAccount: described.serviceAccount,
    });
  });

  it('needs no file, and no name', () => {
    const { targetId, ...flags } = described;
    expect(targetFrom(undefined, flags)).toMatchObject({ targetId: 'my-target', profile: flags.profile });
  });

  it('needs no name in its file, either', () => {
    const { targetId, ...nameless } = described;
    write(JSON.stringify(nameless));
    expect(targetFrom(file, {}).targetId).toBe('my-target');
    expect(targetFrom(file, { target: targetId }).targetId).toBe(targetId);
  });

  it('is refused with every property that is wrong', () => {
    write(JSON.stringify({ ...described, tenantId: 'contoso', tenantID: '' }));
    const said = complaint(() => targetFrom(file, {}));
    expect(said).toContain(file);
    expect(said).toContain('tenantId must be a GUID');
    expect(said).toContain('tenantID is not a known property');
  });

  it('is refused when it holds half of a character, which JSON can say', () => {
    write(JSON.stringify({ ...described, serviceAccount: '\ud800@contoso.com' }));
    expect(complaint(() => targetFrom(file, {}))).toContain('serviceAccount must be well-formed Unicode');
  });

  it('is refused when something is left out', () => {
    const flags = { profile: 'condeco-exchange-sync' };
    const said = complaint(() => targetFrom(undefined, flags));
    expect(said).toContain('tenantId is required');
    expect(said).toContain('serviceAccount is required');
  });

  it.each([
    ['is not there', undefined],
    ['is not JSON', '{'],
    ['is a list', '[]'],
    ['is nothing', 'null'],
  ])('is refused when its file %s', (_what, text) => {
    if (text === undefined) rmSync(file, { force: true });
    else write(text);
    expect(complaint(() => objectIn(file))).toContain(file);
  });

  it('is as old as the command that reads it', () => {
    const now = new Date('2026-11-24T08:00:00Z');
    const { targetId, ...flags } = described;
    expect(asStored(targetFrom(undefined, flags), now)).toMatchObject({
      createdAt: '2026-11-24T08:00:00.000Z',
      updatedAt: '2026-11-24T08:00:00.000Z',
    });
  });
});

it('a name alone describes no target', () => {
  expect(describesTarget({ target: 'contoso-rooms' })).toBe(false);
  expect(describesTarget({ target: 'contoso-rooms', tenantId: described.tenantId })).toBe(true);
});
