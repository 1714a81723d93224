import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import * as z from 'zod';
import { isWrite } from '../../../local/simulator';
import { demoTargets, federatedAppId, homeTenantId, identityClientId } from '../../../local/simulator/demo';
import { startStack, type Stack } from '../../../local/stack';
import { control as controlOf } from '../../../src/lib/controls';
import { Finding } from '../../../src/lib/model/finding';
import { AgreedPlan } from '../../../src/lib/remediation/plan';
import { Target } from '../../../src/lib/model/target';
import { controlIds } from '../../../src/lib/model/verdict';
import { profile } from '../../../src/lib/profiles';
import { CliFolder } from '../../support/cli-folder';
import { runCli } from '../../support/cli-io';
import { tenantEnvironment } from '../../support/cli-process';
import { applicationOf, azureCli } from '../../support/cli-sign-in';
import { complaintsAbout } from '../../support/contract';
import { grantWhatIsNew } from '../../support/grants';
import { root } from '../../support/simulated-tenant';
import { startTelemetrySink } from '../../support/telemetry-sink';

jest.setTimeout(60_000);

const [contoso = {}, fabrikam = {}, woodgrove = {}] = demoTargets(root);
const fabrikamId = String(fabrikam.tenantId);
const contosoReader = applicationOf(homeTenantId, identityClientId);
const fabrikamReader = applicationOf(fabrikamId, federatedAppId);
const woodgroveReader = applicationOf(String(woodgrove.tenantId), federatedAppId);

let stack: Stack;
let work: CliFolder;
let cli: { run(args: readonly string[], env?: Record<string, string>): ReturnType<typeof runCli> };
const trusted = getCACertificates('default');
const complaints: string[] = [];

beforeAll(async () => {
  stack = await startStack(root);
  setDefaultCACertificates([...trusted, stack.certificate.ca]);
  work = new CliFolder();
  const files = {
    'contoso.json': work.file('contoso.json', contoso),
    'fabrikam.json': work.file('fabrikam.json', fabrikam),
    'woodgrove.json': work.file('woodgrove.json', woodgrove),
  };
  const base = { ...tenantEnvironment(stack), PATH: work.searchPath };
  const inFolder = (arg: string) => (arg in files ? files[arg as keyof typeof files] : arg);
  cli = { run: (args, env = {}) => runCli(args.map(inFolder), { env: { ...base, ...env } }) };
});
beforeEach(() => {
  grantWhatIsNew(
    [homeTenantId, fabrikamId, String(woodgrove.tenantId)].map((id) => stack.simulator.tenant(id)),
  );
});
afterEach(() => {
  complaints.push(...complaintsAbout(stack.simulator.requests));
  stack.simulator.reset();
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await stack.stop();
  work.remove();
  expect(complaints).toEqual([]);
});

/** A table with each run of blanks as one. */
const flat = (out: string) => out.replaceAll(/ +/g, ' ');
const Findings = z.strictObject({ findings: z.array(Finding) });
const verdicts = (out: string) =>
  Object.fromEntries(
    Findings.parse(JSON.parse(out)).findings.map(({ control, verdict }) => [control, verdict]),
  );

describe('syncwarden audit', () => {
  it('ends with 0 for a tenant in which all is well', async () => {
    const { code, out } = await cli.run(['audit', 'contoso.json'], contosoReader);
    expect(code).toBe(0);
    expect(out.match(/✔ compliant/g)).toHaveLength(controlIds.length);
  });

  it('ends with 1 for violations, and says how far it is in lines of their own', async () => {
    const { code, out, err } = await cli.run(['audit', 'fabrikam.json'], fabrikamReader);
    expect(code).toBe(1);
    expect(out).toContain('license.exchangePlanDisabled');
    expect(err).toMatch(/^Read fabrikam-rooms: license is nonCompliant$/m);
    expect(err).toMatch(
      /^\d+ controls with \d+ requests: 5 not compliant, 0 unknown, \d+ compliant, 2 not applicable\.$/m,
    );
    expect(err).toContain(`\n${controlIds.length} controls with `);
    expect(out + err).not.toContain('\u001b');
  });

  it('ends with 2 for what cannot be read, and with 1 when something is wrong besides', async () => {
    const chosen = ['--control', 'account', '--control', 'license'];
    const { code, out } = await cli.run(['audit', 'woodgrove.json', '--json', ...chosen], woodgroveReader);
    expect(code).toBe(2);
    expect(verdicts(out)).toEqual({ account: 'compliant', license: 'unknown' });
    expect((await cli.run(['audit', 'woodgrove.json'], woodgroveReader)).code).toBe(1);
  });

  describe('of a scope that names a group, with no permission on the whole directory', () => {
    const name = 'CN=Condeco rooms20260112,OU=contoso.onmicrosoft.com';
    const auditWith = async (...roles: string[]) => {
      const tenant = stack.simulator.tenant(homeTenantId);
      const needed = [
        'User.Read.All',
        'Application.Read.All',
        'Place.Read.All',
        'RoleManagement.Read.Exchange',
      ];
      for (const application of tenant.applications) application.roles = [...needed, ...roles];
      for (const scope of tenant.customAppScopes)
        scope.customAttributes = { Exclusive: false, RecipientFilter: `MemberOfGroup -eq '${name}'` };
      const scopeGroups = { [name]: 'condeco-rooms@contoso.com' };
      const file = work.file('grouped.json', { ...contoso, exchangeReader: 'graph', scopeGroups });
      const { out } = await cli.run(['audit', file, '--control', 'impersonation', '--json'], contosoReader);
      return Findings.parse(JSON.parse(out)).findings[0];
    };

    it.each([[['GroupMember.Read.All']], [['Group.ReadBasic.All', 'GroupMember.ReadBasic.All']]])(
      'is whole with %j',
      async (roles) => {
        expect((await auditWith(...roles))?.verdict).toBe('compliant');
      },
    );

    it.each([[[]], [['GroupMember.ReadBasic.All']]])(
      'is unknown with %j, and asks for one that the tenant has',
      async (roles: string[]) => {
        expect(await auditWith(...roles)).toMatchObject({
          verdict: 'unknown',
          reasons: expect.arrayContaining([
            expect.objectContaining({
              code: 'unreadable.permission',
              expected: 'Group.ReadBasic.All or GroupMember.Read.All',
            }) as object,
          ]) as object,
        });
      },
    );
  });

  it('says what failed that nobody has foreseen, and goes on with the other controls', async () => {
    const spy = jest.spyOn(controlOf('license'), 'evaluate').mockImplementation(() => {
      throw new TypeError('A fault.\u001b[2J');
    });
    const { code, out, err } = await cli.run(['audit', 'contoso.json', '--json'], contosoReader);
    const planned = await cli.run(['plan', 'contoso.json', '--control', 'license'], contosoReader);
    spy.mockRestore();
    expect(code).toBe(2);
    expect(verdicts(out)).toMatchObject({ account: 'compliant', license: 'unknown', consent: 'compliant' });
    expect(err).toMatch(/^A control failed unexpectedly .*TypeError: A fault\./m);
    expect(err).not.toContain('\u001b');
    expect(planned).toMatchObject({ code: 2, out: expect.stringContaining('license is unknown') as string });
  });

  it('is not fine when nothing applies', async () => {
    const { code } = await cli.run(['audit', 'fabrikam.json', '--control', 'rooms'], fabrikamReader);
    expect(code).toBe(2);
  });

  it('gives the findings of the API, and nothing else where they are data', async () => {
    const { out } = await cli.run(['audit', 'fabrikam.json', '--json'], fabrikamReader);
    const { findings } = Findings.parse(JSON.parse(out));
    expect(findings.map(({ control }) => control)).toEqual(controlIds);
    expect(findings[2]).toMatchObject({
      targetId: 'fabrikam-rooms',
      tenantId: fabrikamId,
      verdict: 'nonCompliant',
      waived: false,
      waiver: null,
      runId: expect.stringMatching(/^manual-/) as string,
    });
  });

  it('reads once for all controls what several need', async () => {
    await cli.run(['audit', 'fabrikam.json'], fabrikamReader);
    const users = stack.simulator.requests.filter(({ url }) => url.startsWith('/v1.0/users/svc-condeco'));
    expect(users).toHaveLength(1);
  });

  it('changes nothing in the tenant', async () => {
    await cli.run(['audit', 'fabrikam.json'], fabrikamReader);
    const { requests } = stack.simulator;
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter(isWrite)).toEqual([]);
  });

  it('writes a page that needs nothing beside itself, with what would repair it', async () => {
    const args = ['audit', 'fabrikam.json', '--html', work.path('report.html')];
    const { code, err } = await cli.run(args, fabrikamReader);
    expect(code).toBe(1);
    expect(err).toContain(`Wrote ${work.path('report.html')}.`);
    const page = work.read('report.html');
    expect(page).toContain('fabrikam-rooms');
    expect(page).toContain('Switch Exchange Online on in the licence ENTERPRISEPACK');
    expect(page).toContain('room-fir@fabrikam.com');
    expect(page).not.toMatch(/<(script|img|iframe|link)\b[^>]*\s(src|href)="?https?:/i);
    expect(page).not.toMatch(/<(form|button)\b/);
  });

  it('says that a page cannot be written', async () => {
    const args = ['audit', 'fabrikam.json', '--html', work.path('no/such/folder.html')];
    const { code, err } = await cli.run(args, fabrikamReader);
    expect(code).toBe(3);
    expect(err).toContain('The report cannot be written');
  });

  it('shows names from a tenant as text, on the terminal, in JSON and on the page', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u001b]0;x\u0007\u202E';
    const { servicePrincipals, rooms } = stack.simulator.tenant(fabrikamId);
    for (const object of [...servicePrincipals, ...rooms]) object.displayName = hostile;
    const args = ['audit', 'fabrikam.json', '--html', work.path('hostile.html')];
    const { out, err } = await cli.run(args, fabrikamReader);
    const { out: json } = await cli.run(['audit', 'fabrikam.json', '--json'], fabrikamReader);
    expect(out).toContain('<img src=x');
    for (const text of [out, err, json]) {
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u202E');
    }
    const { findings } = Findings.parse(JSON.parse(json));
    expect(JSON.stringify(findings)).toContain(JSON.stringify(hostile).slice(1, -1));
    const page = work.read('hostile.html');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toContain('<img');
  });

  it('is one sentence when nobody can sign in, and no verdict', async () => {
    const stranger = applicationOf(fabrikamId, '00000000-0000-4000-8000-00000000dead');
    const { code, out, err } = await cli.run(['audit', 'fabrikam.json', '--json'], stranger);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/Could not sign in through the application in AZURE_CLIENT_ID: .*AADSTS700016/);
    expect(err).not.toContain('a-secret-of-the-test');
  });
});

describe('signed in through Azure CLI', () => {
  beforeEach(() => {
    const { authorityUrl, url } = stack.simulator;
    work.program('az', azureCli(authorityUrl, url, federatedAppId));
  });
  const directory = ['account', 'password-expiry', 'license', 'consent'];
  const byExchange = ['sign-in', 'impersonation', 'rooms', 'ews-access'];
  const audit = (...args: string[]) => cli.run(['audit', 'fabrikam.json', '--json', ...args]);

  it('the controls of the directory are read, and the others said to be unknown', async () => {
    const { code, out, err } = await audit();
    expect(code).toBe(1);
    expect(verdicts(out)).toMatchObject({
      account: 'nonCompliant',
      'password-expiry': 'nonCompliant',
      license: 'nonCompliant',
      consent: 'nonCompliant',
      'sign-in': 'unknown',
      impersonation: 'unknown',
      rooms: 'notApplicable',
      'ews-access': 'notApplicable',
    });
    const [, served = ''] = /these controls only: (.+)\.$/m.exec(err) ?? [];
    expect(served.split(', ')).toEqual(expect.arrayContaining(directory));
    expect(served.split(', ').filter((id) => byExchange.includes(id))).toEqual([]);
    const { findings } = Findings.parse(JSON.parse(out));
    expect(findings.find(({ control }) => control === 'impersonation')).toMatchObject({
      requests: 0,
      reasons: [{ code: 'unreadable.permission', level: 'unknown' }],
    });
  });

  it('a tenant in which all is well is not fine as a whole, for Exchange was not read', async () => {
    work.program('az', azureCli(stack.simulator.authorityUrl, stack.simulator.url, identityClientId));
    const args = ['audit', 'contoso.json', '--exchange-reader', 'graph', '--json'];
    const { code, out } = await cli.run(args);
    expect(code).toBe(2);
    expect(verdicts(out)).toMatchObject({
      account: 'compliant',
      consent: 'compliant',
      impersonation: 'unknown',
    });
    const chosen = directory.flatMap((id) => ['--control', id]);
    expect((await cli.run([...args, ...chosen])).code).toBe(0);
  });

  it('what only Exchange could tell is unknown', async () => {
    work.program('az', azureCli(stack.simulator.authorityUrl, stack.simulator.url, identityClientId));
    const args = ['audit', 'contoso.json', '--json', '--control', 'account', '--control', 'rooms'];
    const { code, out } = await cli.run(args);
    expect(code).toBe(2);
    expect(verdicts(out)).toEqual({ account: 'unknown', rooms: 'unknown' });
  });

  it('it counts only where it is wanted, or nothing else is there', async () => {
    const { err } = await cli.run(['audit', 'fabrikam.json'], fabrikamReader);
    expect(err).not.toContain('Azure CLI');
    const { err: wanted } = await cli.run(['audit', 'fabrikam.json', '--az-login'], fabrikamReader);
    expect(wanted).toContain('Azure CLI');
  });

  it('a person who has not signed in is told so', async () => {
    work.program('az', "console.error('ERROR: Please run az login to setup account.'); process.exit(1);");
    const { code, out, err } = await audit();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/Could not sign in through Azure CLI: .*az login/);
  });

  it('a plan is not made of what was not read', async () => {
    const args = ['plan', 'fabrikam.json', '--control', 'impersonation', '--json'];
    expect(await cli.run(args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('impersonation is unknown') as string,
    });
  });

  it('the doctor says what is missing', async () => {
    const args = ['doctor', 'fabrikam.json', '--exchange-reader', 'admin-api', '--json'];
    const { code, out } = await cli.run(args);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      permissions: expect.arrayContaining([
        expect.objectContaining({
          permission: expect.objectContaining({ name: 'Exchange.ManageAsApp' }) as object,
          state: 'missing',
        }) as object,
      ]) as object,
    });
  });
});

describe('syncwarden plan, of a tenant that is read from here', () => {
  const plan = (...args: string[]) => cli.run(['plan', 'fabrikam.json', ...args], fabrikamReader);

  it('shows what would be changed, and ends with 1', async () => {
    const { code, out } = await plan('--control', 'license');
    expect(code).toBe(1);
    expect(out).toMatch(/^✘ license is nonCompliant: /);
    expect(out).toContain('1. Switch Exchange Online on in the licence ENTERPRISEPACK');
    expect(out).toMatch(/^planHash [0-9a-f]{64}$/m);
  });

  it('takes on more when that is wanted', async () => {
    const planned = async (...more: string[]) => {
      const { out } = await plan('--control', 'consent', '--json', ...more);
      return AgreedPlan.parse(JSON.parse(out));
    };
    const revokes = ({ changes }: AgreedPlan) =>
      changes.some(({ description }) => description.startsWith('Revoke '));
    const [less, more] = [await planned(), await planned('--include', 'revocations')];
    expect([revokes(less), revokes(more)]).toEqual([false, true]);
    expect(less.planHash).not.toBe(more.planHash);
  });

  it('ends with 0 when the control is compliant', async () => {
    const args = ['plan', 'contoso.json', '--control', 'license'];
    const { code, out } = await cli.run(args, contosoReader);
    expect(code).toBe(0);
    expect(out).toContain('Nothing that Syncwarden could change.');
  });

  it('ends with 2 when nothing is planned because nothing could be read', async () => {
    const args = ['plan', 'woodgrove.json', '--control', 'license'];
    const { code, out } = await cli.run(args, woodgroveReader);
    expect(code).toBe(2);
    expect(out).toMatch(/^\? license is unknown: /);
  });
});

describe('syncwarden doctor', () => {
  it('finds nothing missing where all is granted, with Exchange itself and storage and telemetry', async () => {
    const sink = await startTelemetrySink(stack.certificate);
    const { code, out } = await cli.run(['doctor', 'contoso.json'], {
      ...contosoReader,
      AzureWebJobsStorage: stack.azurite.connectionString,
      APPLICATIONINSIGHTS_CONNECTION_STRING: sink.connectionString,
    });
    await sink.close();
    expect(code).toBe(0);
    for (const line of [
      /sign-in .*✔ fine .*as an application: 5cba4def/,
      /clock .*✔ fine/,
      /storage: tables .*✔ fine/,
      /storage: queues .*✔ fine/,
      /telemetry .*✔ fine/,
      /Exchange\.ManageAsApp .*✔ held/,
      /rooms .*✔ served/,
    ])
      expect(out).toMatch(line);
    expect(out).not.toMatch(/✘|\?/);
  });

  it('tells a permission that Exchange lacks from one that it does not know of yet', async () => {
    const exchange = async (file: string, env: Record<string, string>) => {
      const { out } = await cli.run(['doctor', file, '--exchange-reader', 'admin-api'], env);
      return out.split('\n').find((line) => line.includes('Exchange.ManageAsApp'));
    };
    expect(await exchange('fabrikam.json', fabrikamReader)).toMatch(/✘ missing .*not in the token; .*401/);
    stack.simulator.fail({ match: /adminapi/, status: 401 });
    expect(await exchange('contoso.json', contosoReader)).toMatch(/\? not known .*in the token; .*401/);
  });

  it('says of each control what is missing, proved by a request', async () => {
    const { code, out } = await cli.run(['doctor', 'woodgrove.json'], woodgroveReader);
    expect(code).toBe(1);
    expect(out).toMatch(/LicenseAssignment\.Read\.All .*✘ missing .*not in the token; GET \/subscribedSkus/);
    expect(out).toMatch(/license .*✘ not served/);
    expect(out).toMatch(/account .*✔ served/);
    expect(out).toMatch(/rooms .*- needs nothing/);
  });

  it('writes nothing, and tries each permission once', async () => {
    await cli.run(['doctor', 'fabrikam.json'], fabrikamReader);
    const urls = stack.simulator.requests.map(({ method, url }) => `${method} ${url}`);
    expect(urls).toHaveLength(13);
    expect(new Set(urls).size).toBe(13);
    expect(urls.every((url) => url.startsWith('GET '))).toBe(true);
  });

  it('counts what serves in place of the two that a tenant may not publish', async () => {
    const { code, out } = await cli.run(['doctor', 'fabrikam.json'], fabrikamReader);
    expect(code).toBe(0);
    for (const name of ['Group.ReadBasic.All', 'GroupMember.ReadBasic.All'])
      expect(flat(out)).toMatch(
        new RegExp(`│ ${name} │ ✔ held │ GroupMember.Read.All is in the token, which serves as well; GET`),
      );
    expect(out).toMatch(/impersonation .*✔ served/);
    const { out: json } = await cli.run(['doctor', 'fabrikam.json', '--json'], fabrikamReader);
    const { controls } = JSON.parse(json) as { controls: { control: string; has: string[] }[] };
    const has = controls.find(({ control }) => control === 'impersonation')?.has ?? [];
    expect(has.filter((name) => name.startsWith('Group'))).toEqual(['GroupMember.Read.All']);
  });

  it('says which of two to grant when neither is there', async () => {
    const { applications } = stack.simulator.tenant(fabrikamId);
    for (const each of applications)
      each.roles = each.roles.filter(
        (role) => !['GroupMember.Read.All', 'Directory.Read.All'].includes(role),
      );
    const { code, out } = await cli.run(['doctor', 'fabrikam.json', '--json'], fabrikamReader);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      controls: expect.arrayContaining([
        expect.objectContaining({
          control: 'impersonation',
          lacks: [
            'Group.ReadBasic.All or GroupMember.Read.All',
            'GroupMember.ReadBasic.All or GroupMember.Read.All',
          ],
        }) as object,
      ]) as object,
    });
  });

  it('does not take the date of a tenant for readable where it is not shown', async () => {
    stack.simulator.tenant(fabrikamId).createdDateTime = null;
    const { code, out } = await cli.run(['doctor', 'fabrikam.json'], fabrikamReader);
    expect(code).toBe(1);
    expect(out).toMatch(/Organization\.Read\.All .*✘ missing/);
    expect(out).toMatch(/password-expiry .*✘ not served/);
  });

  it('does not take a request that failed for a permission that is missing', async () => {
    stack.simulator.fail({ match: /GET \/v1.0\/domains/, status: 503 });
    const { code, out } = await cli.run(['doctor', 'fabrikam.json'], fabrikamReader);
    expect(code).toBe(2);
    expect(out).toMatch(/Domain\.Read\.All .*\? not known .*answered 503/);
    expect(out).toMatch(/password-expiry .*\? not known/);
  });

  it('does not take a token for the permission', async () => {
    stack.simulator.fail({ match: /GET \/v1.0\/domains/, status: 403 });
    const { code, out } = await cli.run(['doctor', 'fabrikam.json'], fabrikamReader);
    expect(code).toBe(1);
    expect(out).toMatch(/Domain\.Read\.All .*✘ missing .*in the token; GET \/domains answered 403/);
  });

  it('finds storage that does not answer, without showing its key', async () => {
    const gone =
      'DefaultEndpointsProtocol=http;AccountName=gone;AccountKey=Z3VhcmRlZA==;TableEndpoint=http://127.0.0.1:1/gone;QueueEndpoint=http://127.0.0.1:1/gone';
    const { code, out, err } = await cli.run(['doctor', 'fabrikam.json'], {
      ...fabrikamReader,
      AzureWebJobsStorage: gone,
    });
    expect(code).toBe(1);
    expect(out).toMatch(/storage: tables .*✘ wrong/);
    expect(out).toMatch(/storage: queues .*✘ wrong/);
    expect(out + err).not.toContain('Z3VhcmRlZA');
  });

  it('still looks at the rest when nobody can sign in, and asks the tenant nothing', async () => {
    const stranger = applicationOf(fabrikamId, '00000000-0000-4000-8000-00000000dead');
    const { code, out } = await cli.run(['doctor', 'fabrikam.json'], {
      ...stranger,
      AzureWebJobsStorage: stack.azurite.connectionString,
    });
    expect(code).toBe(2);
    expect(out).toMatch(/sign-in .*\? not known/);
    expect(out).toMatch(/storage: tables .*✔ fine/);
    expect(out).toMatch(/User\.Read\.All .*\? not known .*there is no token/);
    expect(stack.simulator.requests).toEqual([]);
  });
});

describe('syncwarden onboard --check with a product', () => {
  const published = profile('zoom-rooms-application').clientAppId ?? '';
  const first = '7e57ab1e-0000-4000-8000-0000000000a1';

  /** An application of that name and id, beside those of the tenant. */
  function addApplication(displayName: string, appId: string): void {
    const { servicePrincipals } = stack.simulator.tenant(fabrikamId);
    servicePrincipals.push({ ...servicePrincipals[0], id: appId, appId, displayName });
  }
  const product = async (...args: string[]) => {
    const { out } = await cli.run(['onboard', fabrikamId, '--check', '--json', ...args], fabrikamReader);
    return (JSON.parse(out) as { product?: { applications?: unknown[]; target: unknown; remark: string } })
      .product;
  };

  it('finds the application by the id that the vendor publishes, and leaves it out of the target', async () => {
    const args = ['--profile', 'zoom-rooms-application'];
    expect(await product(...args)).toMatchObject({
      applications: [],
      remark: expect.stringContaining(published) as string,
    });
    addApplication('Zoom', published);
    const found = await product(...args);
    expect(found).toMatchObject({ applications: [{ appId: published, displayName: 'Zoom' }] });
    const target = {
      targetId: 'zoom-rooms-application',
      tenantId: fabrikamId,
      profile: 'zoom-rooms-application',
    };
    expect(found?.target).toEqual(target);
    expect(Target.parse(found?.target)).toMatchObject({ clientAppId: published });
  });

  it('finds it by its name, which is no proof', async () => {
    addApplication('Joan 365', first);
    const found = await product('--profile', 'joan');
    expect(found).toMatchObject({ applications: [{ appId: first }], target: { clientAppId: first } });
    expect(found?.remark).toContain('anybody may call one so');
    addApplication("Joan's garden", '7e57ab1e-0000-4000-8000-00000000dead');
    expect((await product('--profile', 'joan'))?.target).not.toMatchObject({ clientAppId: first });
  });

  it('says why, where applications cannot be read', async () => {
    stack.simulator.fail({ match: /servicePrincipals/, status: 403 });
    const found = await product('--profile', 'joan');
    expect(found?.applications).toBeUndefined();
    expect(found?.remark).toContain("Could not read the vendor's application");
  });

  it('asks for the product and the way on a terminal', async () => {
    addApplication('Zoom', published);
    const { out, questions } = await runCli(['onboard', fabrikamId, '--check'], {
      env: { ...tenantEnvironment(stack), ...fabrikamReader },
      choices: ['Zoom Rooms', 'as an application'],
    });
    expect(questions).toHaveLength(2);
    expect(out).toContain('Zoom Rooms, as an application (zoom-rooms-application)');
    expect(out).toContain(published);
    expect(out).toContain('"profile": "zoom-rooms-application"');
  });

  it('asks nobody in a pipe, and for the application that writes', async () => {
    expect(await product()).toBeUndefined();
    expect(await product('--identity', 'write', '--profile', 'joan')).toBeUndefined();
  });
});

describe('syncwarden onboard --check', () => {
  const check = (tenantId: string, env: Record<string, string>, ...args: string[]) =>
    cli.run(['onboard', tenantId, '--check', '--json', ...args], env);

  const accessTo = (out: string, id: string) => {
    const { controls } = JSON.parse(out) as {
      controls: { control: string; has: string[]; lacks: string[] }[];
    };
    return controls.find(({ control }) => control === id);
  };

  it('ends with 0 when the token carries all that is needed, or what serves in its place', async () => {
    const { code, out } = await check(fabrikamId, fabrikamReader);
    expect(code).toBe(0);
    const has = accessTo(out, 'impersonation')?.has.filter((name) => name.startsWith('Group'));
    expect(has).toEqual(['GroupMember.Read.All']);
    expect((await check(homeTenantId, contosoReader, '--client-id', identityClientId)).code).toBe(0);
  });

  it('ends with 1 and says which of two to grant when neither is there', async () => {
    for (const each of stack.simulator.tenant(fabrikamId).applications)
      each.roles = each.roles.filter(
        (role) => role !== 'GroupMember.Read.All' && role !== 'Organization.Read.All',
      );
    const { code, out } = await check(fabrikamId, fabrikamReader);
    expect(code).toBe(1);
    expect(accessTo(out, 'impersonation')?.lacks).toEqual([
      'Group.ReadBasic.All or GroupMember.Read.All',
      'GroupMember.ReadBasic.All or GroupMember.Read.All',
    ]);
    // Whoever may read the whole directory may read that.
    expect(accessTo(out, 'password-expiry')).toMatchObject({
      has: expect.arrayContaining(['Directory.Read.All']) as string[],
      lacks: [],
    });
  });

  it('ends with 1 and says what was not granted', async () => {
    const { code, out } = await check(String(woodgrove.tenantId), woodgroveReader);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      controls: expect.arrayContaining([
        expect.objectContaining({ control: 'account', verdict: 'compliant' }) as object,
        expect.objectContaining({ control: 'license', lacks: ['LicenseAssignment.Read.All'] }) as object,
        expect.objectContaining({ control: 'rooms', verdict: 'notApplicable' }) as object,
      ]) as object,
    });
  });

  it('knows what the application that writes needs, which the one that reads does not hold', async () => {
    const { code, out } = await check(fabrikamId, fabrikamReader, '--identity', 'write');
    expect(code).toBe(1);
    expect(out).toContain('AppRoleAssignment.ReadWrite.All');
  });

  it('ends with 2 when there is no token, or it is of another application', async () => {
    stack.simulator.tenant(fabrikamId).applications.splice(0);
    expect(await check(fabrikamId, fabrikamReader)).toMatchObject({ code: 2, out: '' });
    const other = { ...woodgroveReader, FEDERATED_APP_CLIENT_ID: '00000000-0000-4000-8000-00000000dead' };
    const { code, err } = await check(String(woodgrove.tenantId), other);
    expect(code).toBe(2);
    expect(err).toContain(`The token is of the application ${federatedAppId}`);
  });
});
