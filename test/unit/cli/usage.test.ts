import { exitCodes } from '../../../src/cli/exit';
import { runCli } from '../../support/cli-io';

const target = [
  ...['--tenant-id', 'c0170507-0000-4000-8000-000000000001', '--profile', 'condeco-exchange-sync'],
  ...['--service-account', 'svc@contoso.com', '--client-app-id', '7e57ab1e-0000-4000-8000-00000000c0de'],
];
const local = ['--app', 'http://127.0.0.1:1'];

describe('help', () => {
  it('is data, and says what the exit codes mean', async () => {
    const { code, out, err } = await runCli(['--help']);
    expect({ code, err }).toEqual({ code: exitCodes.compliant, err: '' });
    for (const word of ['Exit codes:', '0  compliant', '1  violations', '2  unknown', '3  usage']) {
      expect(out).toContain(word);
    }
  });

  it('says why repairing takes a deployed app', async () => {
    const { out } = await runCli(['apply', '--help']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'Only through a deployed app: it holds the identity that writes',
    );
  });

  it.each([
    [['plan'], true],
    [['apply'], true],
    [['history'], false],
    [['findings'], false],
    [['waivers', 'accept'], false],
    [['waivers', 'revoke'], false],
  ])('of %j says what --control is there', async (command, isRepair) => {
    const { out } = await runCli([...command, '--help']);
    expect(out).toContain('--control <control>');
    expect(out.replaceAll(/\s+/g, ' ').includes('which control is to be repaired')).toBe(isRepair);
  });

  it('is for whoever says nothing, and that is no success', async () => {
    const { code, out, err } = await runCli([]);
    expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
    expect(err).toContain('Usage: syncwarden');
  });

  it('has the version', async () => {
    expect(await runCli(['--version'])).toMatchObject({
      code: exitCodes.compliant,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});

describe('a command line is refused', () => {
  it.each([
    ['with a command that does not exist', ['repair'], 'repair'],
    ['with an option that does not exist', ['audit', ...target, '--twice'], '--twice'],
    ['with a control that does not exist', ['audit', ...target, '--control', 'licence'], 'license'],
    ['without a control to plan for', ['plan', ...target], '--control'],
    ['with a file and an app', ['plan', 'x.json', '--control', 'license', ...local], 'not both'],
    ['with an app and no target', ['plan', '--control', 'license', ...local], '--target'],
    ['without saying where the app is', ['targets', 'list'], 'SYNCWARDEN_APP'],
    ['with an example of where it may be', ['targets', 'list'], 'http://127.0.0.1:7071 after npm start'],
    [
      'with an app that is neither encrypted nor here',
      ['targets', 'list', '--app', 'http://x.example'],
      'https',
    ],
    [
      'without saying what to ask a token for',
      ['targets', 'list', '--app', 'https://x.example'],
      'SYNCWARDEN_SCOPE',
    ],
    [
      'with a token that would be sent without encryption',
      ['targets', 'list', ...local, '--app-scope', 'api://x/.default'],
      'https only',
    ],
    [
      'when nobody can be asked',
      ['apply', '--target', 'x', '--control', 'license', ...local],
      'Nobody can be asked',
    ],
    [
      'with --yes and no hash',
      ['apply', '--target', 'x', '--control', 'license', '--yes', ...local],
      'go together',
    ],
    [
      'with a hash and no --yes',
      ['apply', '--target', 'x', '--control', 'license', '--plan-hash', 'ab', ...local],
      'go together',
    ],
    ['when nobody can be asked whether to delete', ['targets', 'delete', 'x', ...local], '--yes'],
    ['without a tenant to look at', ['doctor'], 'AZURE_TENANT_ID'],
    ['with a tenant that is no id', ['onboard', 'contoso.com'], 'GUID'],
    [
      'without a place to go after consent',
      [
        'onboard',
        'c0170507-0000-4000-8000-000000000001',
        '--client-id',
        '5cba4def-0000-4000-8000-000000000002',
      ],
      '--redirect-uri',
    ],
    [
      'without an application to consent to',
      ['onboard', 'c0170507-0000-4000-8000-000000000001', '--redirect-uri', 'https://x.example'],
      'FEDERATED_APP_CLIENT_ID',
    ],
    [
      'when a person is to be checked as if an application',
      ['onboard', 'c0170507-0000-4000-8000-000000000001', '--check'],
      'signs in as the application',
    ],
  ])('%s', async (_why, args, word) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: exitCodes.usage, out: '' });
    expect(err).toContain(word);
  });

  it('when an application is only half described', async () => {
    const { code, err } = await runCli(['audit', ...target], { env: { AZURE_CLIENT_SECRET: 'guarded' } });
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('AZURE_TENANT_ID must be set as well');
    expect(err).not.toContain('guarded');
  });

  it('when a setting is wrong, in one line that names it', async () => {
    const { code, err } = await runCli(['audit', ...target], { env: { GRAPH_ENDPOINT: 'http://x' } });
    expect(code).toBe(exitCodes.usage);
    expect(err).toMatch(/^GRAPH_ENDPOINT must be an https address[^\n]*\n$/);
  });
});

it('a question that is answered with no deletes nothing', async () => {
  const { code, err, questions } = await runCli(['targets', 'delete', 'x', ...local], { answer: false });
  expect({ code, err }).toEqual({ code: exitCodes.violations, err: 'Nothing was deleted.\n' });
  expect(questions).toEqual(['Delete x with its findings and accepted risks?']);
});

describe('the commands for permissions', () => {
  it('are printed for both identities', async () => {
    const { code, out } = await runCli(['permissions']);
    expect(code).toBe(exitCodes.compliant);
    expect(out).toContain('# The identity that reads');
    expect(out).toContain('# The identity that writes');
    expect(out).toContain('User.Read.All');
  });
});

describe('the link for consent', () => {
  const tenant = 'FAB11CA3-0000-4000-8000-000000000002';
  const common = ['onboard', tenant, '--redirect-uri', 'https://portal.example.com', '--json'];
  const env = {
    FEDERATED_APP_CLIENT_ID: '5cba4def-0000-4000-8000-000000000002',
    FEDERATED_REMEDIATION_APP_CLIENT_ID: '5cba4def-0000-4000-8000-000000000004',
  };
  const onboard = async (...more: string[]) => {
    const { out } = await runCli([...common, ...more], { env });
    return JSON.parse(out) as { tenantId: string; clientId: string; state: string; links: string[] };
  };

  it('is for the application that reads, at Microsoft Graph', async () => {
    const { tenantId, clientId, links } = await onboard('--state', 'mine');
    expect({ tenantId, clientId }).toEqual({
      tenantId: tenant.toLowerCase(),
      clientId: env.FEDERATED_APP_CLIENT_ID,
    });
    expect(links).toEqual([
      `https://login.microsoftonline.com/${tenantId}/v2.0/adminconsent?client_id=${clientId}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&redirect_uri=https%3A%2F%2Fportal.example.com&state=mine`,
    ]);
  });

  it('is for the application that writes when that is wanted', async () => {
    expect((await onboard('--identity', 'write')).clientId).toBe(env.FEDERATED_REMEDIATION_APP_CLIENT_ID);
  });

  it('is one for each service with the admin API', async () => {
    const { links } = await onboard('--exchange-reader', 'admin-api');
    expect(links.map((link) => new URL(link).searchParams.get('scope'))).toEqual([
      'https://graph.microsoft.com/.default',
      'https://outlook.office365.com/.default',
    ]);
  });

  it('has a state that nobody can guess', async () => {
    const states = [(await onboard()).state, (await onboard()).state];
    expect(new Set(states).size).toBe(2);
    expect(states[0]).toMatch(/^[0-9a-f-]{36}$/);
  });
});
