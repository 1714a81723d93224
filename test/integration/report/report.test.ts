import { demoTargets } from '../../../local/simulator/demo';
import { TestApp } from '../../support/app';
import { attributes, bodyOf, part, textOf } from '../../support/page';
import { root } from '../../support/simulated-tenant';

jest.setTimeout(120_000);

const authTenant = '0a0a0a0a-0000-4000-8000-0000000000a1';
const audience = 'api://syncwarden';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startHost({
    ...{ AUTH_MODE: 'entra', AUTH_TENANT_ID: authTenant, AUTH_AUDIENCE: audience },
    AUTH_AUTHORITY: app.stack.simulator.authorityUrl,
  });
  for (const target of demoTargets(root)) {
    const { targetId } = target as { targetId: string };
    const headers = { authorization: await bearer('Syncwarden.Admin') };
    expect((await app.call('PUT', `targets/${targetId}`, target, headers)).status).toBe(201);
    expect((await app.call('POST', `targets/${targetId}/audits`, undefined, headers)).status).toBe(200);
  }
});
afterAll(() => app.stop());

async function bearer(role: string): Promise<string> {
  const claims = { tenantId: authTenant, audience, roles: [role] };
  return `Bearer ${await app.stack.simulator.mintUserToken(claims)}`;
}

/** The page as somebody with this role gets it. */
async function get(query = '', role = 'Syncwarden.Read') {
  const response = await fetch(`${app.url}/api/report${query}`, {
    headers: role === '' ? {} : { authorization: await bearer(role) },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: bodyOf(text) };
}

const targetsOf = (body: string) => attributes(part(body, 'table', 'data-grid'), 'data-target');

it('is a page that nobody keeps, with a policy that lets in its own parts alone', async () => {
  const { status, headers, text } = await get();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(text).toMatch(/^<!doctype html>/);
});

it('says how many targets need attention, and what has changed', async () => {
  const { body } = await get();
  expect(textOf(part(body, 'h1', ''))).toBe('3 of 4 targets need attention');
  expect(textOf(part(body, 'section', 'class="attention"'))).toMatch(
    /Not compliant fabrikam-rooms account critical .* Sign-in is blocked .* account\.signInBlocked/,
  );
  expect(targetsOf(body)).toHaveLength(4);
});

it('chooses and sorts without a script', async () => {
  expect(targetsOf((await get('?sort=target')).body)).toEqual([
    'contoso-rooms',
    'fabrikam-rooms',
    'woodgrove-rooms',
    'zava-rooms',
  ]);
  expect(targetsOf((await get('?q=FAB&verdict=&control=&sort=worst')).body)).toEqual(['fabrikam-rooms']);
  expect(targetsOf((await get('?control=license&verdict=unknown')).body)).toEqual([
    'woodgrove-rooms',
    'zava-rooms',
  ]);
  expect(targetsOf((await get('?verdict=compliant')).body)).toEqual(['contoso-rooms']);
});

it('shows one target with what is wrong and the permission that is missing', async () => {
  const { status, body } = await get('?targetId=woodgrove-rooms');
  expect(status).toBe(200);
  expect(textOf(part(body, 'section', 'data-control="license"'))).toMatch(
    /^license Unknown high for .* It could not be read since .* Probably missing: the permission LicenseAssignment\.Read\.All\./,
  );
});

it('finds rooms of one target without a script', async () => {
  const rows = async (query: string) =>
    // The last one is the empty row that the script fills.
    attributes((await get(`?targetId=fabrikam-rooms${query}`)).body, 'data-text').slice(0, -1);
  const all = await rows('');
  const wrong = await rows('&resources=nonCompliant&rq=');
  expect(all.length).toBeGreaterThan(wrong.length);
  expect(wrong.length).toBeGreaterThan(0);
  const [first = ''] = wrong;
  const address = first.split(' ')[0] ?? '';
  expect(await rows(`&rq=${encodeURIComponent(address.toUpperCase())}`)).toEqual([first]);
  expect(await rows('&rq=nowhere')).toEqual([]);
});

it.each([
  ['Syncwarden.Read', ['plan']],
  ['Syncwarden.Audit', ['audit', 'plan']],
  ['Syncwarden.Remediate', ['apply', 'audit', 'plan']],
])('offers %s what that role may do', async (role, actions) => {
  const { body } = await get('?targetId=fabrikam-rooms', role);
  expect([...new Set(attributes(body, 'data-action'))].sort()).toEqual(actions);
});

it('offers to audit all targets to whoever may', async () => {
  expect(attributes((await get('', 'Syncwarden.Audit')).body, 'data-action')).toEqual(['audit']);
  expect(attributes((await get()).body, 'data-action')).toEqual([]);
});

it('is for those who may read alone', async () => {
  expect(await get('', '')).toMatchObject({ status: 401 });
  expect(await get('', 'Other.Read')).toMatchObject({ status: 403 });
});

it.each([
  ['a target that there is not', '?targetId=nobody', 404, 'notFound'],
  ['a parameter that there is not', '?tenant=x', 400, 'input.invalid'],
  ['rooms of all targets', '?rq=amber', 400, 'input.invalid'],
])('refuses %s', async (_case, query, status, code) => {
  const { headers, text, ...answer } = await get(query);
  expect(answer.status).toBe(status);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ status, code });
});

it('is about one customer alone, as a page and as a file to hand out', async () => {
  const headers = { authorization: await bearer('Syncwarden.Admin') };
  const named = demoTargets(root).map((target, index) => ({
    ...(target as { targetId: string; tenantId: string; serviceAccount: string }),
    displayName: `Rooms of number ${index}`,
    customer: `customer-${index}`,
    tags: [`tag-${index}`],
  }));
  for (const target of named)
    expect((await app.call('PUT', `targets/${target.targetId}`, target, headers)).status).toBe(200);
  const [mine, ...others] = named;
  for (const query of [`?customer=${mine?.customer}`, `?customer=${mine?.customer}&download=1`]) {
    const { status, text } = await get(query);
    expect(status).toBe(200);
    expect(text).toContain(mine?.displayName);
    for (const { targetId, tenantId, serviceAccount, displayName, customer, tags } of others)
      for (const foreign of [
        targetId,
        tenantId,
        serviceAccount,
        displayName,
        `${customer}<`,
        `"${customer}"`,
        ...tags,
      ])
        expect(text).not.toContain(foreign);
  }
  const file = await get(`?customer=${mine?.customer}&download=1`);
  expect(file.headers.get('content-disposition')).toMatch(
    /^attachment; filename="syncwarden-customer-0-\d{4}-\d\d-\d\d\.html"$/,
  );
  expect(file.body).not.toMatch(/<button|<form|<a href="\?/);
  expect((await get('?customer=nobody')).status).toBe(404);
  expect((await get('?customer=No%20Body')).status).toBe(400);
});

it.each([
  ['?targetId=nobody', 'Syncwarden.Read', 404, 'Not found', 'There is no target nobody.'],
  ['?targetId=No%20Body', 'Syncwarden.Read', 400, 'The input cannot be used', 'targetId must be 1 to 63'],
  ['?colour=blue', 'Syncwarden.Read', 400, 'The input cannot be used', 'colour'],
  ['', '', 401, 'Sign in', ''],
])(
  'is a page also where it cannot be shown, for a browser: %s',
  async (query, role, status, title, words) => {
    const ask = async (accept: string) =>
      fetch(`${app.url}/api/report${query}`, {
        headers: { accept, ...(role === '' ? {} : { authorization: await bearer(role) }) },
      });
    const response = await ask('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    const body = bodyOf(await response.text());
    expect(textOf(part(body, 'h1', ''))).toBe(title);
    expect(textOf(body)).toContain(words);
    expect(attributes(part(body, 'main', ''), 'href')).toEqual(['?']);
    for (const accept of ['*/*', 'application/json']) {
      const told = await ask(accept);
      expect([told.status, told.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    }
  },
);
