import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../package.json';
import { root } from '../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const code = globSync('powershell/Syncwarden/**/*.ps1', { cwd: root }).map(read).join('\n');

/** The ids of errors that the module itself gives. */
const given = new Set(
  [...code.matchAll(/(?:Stop-Cmdlet \$\w+|New-Record) ["']([a-zA-Z.]+(?:\$status)?)["']/g)].map(
    ([, id = '']) => id.replace('$status', '<status>'),
  ),
);

describe('the page of the PowerShell module', () => {
  const named = [...read('docs/powershell.md').matchAll(/^\| `([a-zA-Z.]+(?:<status>)?)` +\|/gm)].map(
    ([, id = '']) => id,
  );

  it('names every error that the module adds to those of the API, and no other', () => {
    // That one is of the API.
    given.delete('input.invalid');
    expect(given.size).toBeGreaterThan(5);
    expect([...given].sort()).toEqual([...named].sort());
  });
});

it('the module has the version of the project', () => {
  expect(read('powershell/Syncwarden/Syncwarden.psd1')).toContain(`ModuleVersion        = '${version}'`);
});

it('the module calls nothing but the HTTP client that follows no redirect', () => {
  expect(code).not.toMatch(/Invoke-(WebRequest|RestMethod)|Net\.WebClient|Start-BitsTransfer/);
  expect(code.match(/HttpClient\]::new/g)).toHaveLength(1);
  expect(code).toContain('AllowAutoRedirect = $false');
});
