import type { LogRow } from '../../../../local/simulator/sign-in/state';
import { SimulatedTenant } from '../../../support/simulated-tenant';

let tenant: SimulatedTenant;
beforeAll(async () => {
  tenant = await SimulatedTenant.start();
});
beforeEach(() => {
  tenant.state.signIn.log = [];
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const accountId = 'c0170507-0000-4000-8000-000000000011';
const clientId = 'c0170507-0000-4000-8000-000000000021';
const clientAppId = '7e57ab1e-0000-4000-8000-00000000c0de';
const audit = (options?: Parameters<SimulatedTenant['audit']>[1]) => tenant.audit('sign-in', options);
const failing = 'violation signin.failing';
const silent = 'violation signin.silent';

/** Something signed in, so many hours ago, or tried to. */
function signedIn(hoursAgo: number, errorCode = 0, change: Partial<LogRow> = {}): void {
  const { log } = tenant.state.signIn;
  log.push({
    id: `row-${log.length}`,
    hoursAgo,
    ...{ userId: accountId, appId: clientAppId, resourceId: clientAppId, isInteractive: false },
    signInEventTypes: ['nonInteractiveUser'],
    status: { errorCode, failureReason: 'Other.', additionalDetails: null },
    ...change,
  });
}

/** The same of the application itself. */
function applicationSignedIn(hoursAgo: number, errorCode = 0): void {
  const types = { userId: '', signInEventTypes: ['servicePrincipal'] };
  signedIn(hoursAgo, errorCode, { ...types, servicePrincipalId: clientId });
}

describe('signin.failing', () => {
  it('says what the code means and since when, and keeps the time out of what is compared', async () => {
    signedIn(100);
    signedIn(50, 50126);
    signedIn(2, 50126);
    const found = await audit();
    expect(found.codes).toEqual([failing]);
    expect(found.summary).toBe(
      'The sign-ins of svc-condeco@contoso.com have failed since 2026-11-21T00:00Z, and none has succeeded after that: 50126, wrong user name or password.',
    );
    expect(found.reasons[0]).toMatchObject({ resource: 'svc-condeco@contoso.com', actual: '50126' });
  });

  it('is about the application as well', async () => {
    signedIn(100);
    applicationSignedIn(2, 7000222);
    const found = await audit();
    expect(found.codes).toEqual([failing]);
    expect(found.reasons[0]).toMatchObject({ resource: clientAppId, actual: '7000222' });
  });

  it.each([
    [50055, 'the password has expired'],
    [53003, 'blocked by a policy of Conditional Access'],
    [999999, 'an error that Microsoft explains'],
  ])('says %i in words', async (code, words) => {
    signedIn(100);
    signedIn(1, code);
    expect((await audit()).summary).toContain(`${code}, ${words}`);
  });

  it('goes by the latest of several errors', async () => {
    signedIn(100);
    signedIn(5, 50126);
    signedIn(2, 50053);
    expect((await audit()).reasons[0]?.actual).toBe('50053');
  });

  it('ends with a later success of either', async () => {
    signedIn(5, 50126);
    signedIn(2);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
    signedIn(1, 50126);
    expect((await audit()).codes).toEqual([failing]);
    applicationSignedIn(0.5);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('does not count failures with another application, nor of somebody else', async () => {
    signedIn(5);
    signedIn(2, 50126, { appId: clientId });
    signedIn(1, 50126, { userId: clientId });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is not said when the application could not be looked at: it may have succeeded', async () => {
    signedIn(100);
    signedIn(2, 50126);
    tenant.simulator.fail({ match: /servicePrincipals/, status: 500 });
    expect((await audit()).codes).toEqual(['unknown unreadable.unavailable']);
  });
});

describe('signin.silent', () => {
  it('is a violation of a target that is old enough', async () => {
    const found = await audit();
    expect(found.codes).toEqual([silent]);
    expect(found.summary).toContain('has not signed in with success for 7 days');
  });

  it.each([
    ['a person', ['interactiveUser']],
    ['a refresh token', ['nonInteractiveUser']],
  ])('is not said after a sign-in with %s', async (_case, signInEventTypes) => {
    signedIn(160, 0, { signInEventTypes });
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it('is not said after a sign-in of the application', async () => {
    applicationSignedIn(160);
    expect(await audit()).toMatchObject({ verdict: 'compliant', codes: [] });
  });

  it.each([
    ['another application', 2, { appId: clientId }],
    ['longer ago', 169, {}],
  ])('does not count a success of %s', async (_case, hoursAgo, change) => {
    signedIn(hoursAgo, 0, change);
    expect((await audit()).codes).toEqual([silent]);
  });

  it('stands beside failures that are the only rows', async () => {
    signedIn(2, 50126);
    expect((await audit()).codes).toEqual([failing, silent]);
  });

  it('is a notice of a target that is younger than that', async () => {
    const found = await audit({ createdAt: '2026-11-20T00:00:00.000Z' });
    expect(found).toMatchObject({ verdict: 'compliant', codes: ['notice signin.silent'] });
  });

  it.each([
    [3, 48, []],
    [3, 100, [silent]],
    [14, 300, []],
    [14, 340, [silent]],
  ])('counts the days of the target: %i days, %i hours ago', async (signInSilentDays, hoursAgo, codes) => {
    signedIn(hoursAgo);
    expect((await audit({ signInSilentDays })).codes).toEqual(codes);
  });

  describe('without the log', () => {
    beforeEach(() => tenant.simulator.fail({ match: /signIns/, status: 500 }));
    const unread = 'unknown unreadable.unavailable';

    it.each([
      ['long ago', { [accountId]: 216 }, [unread, 'notice signin.silent']],
      ['never', {}, [unread, 'notice signin.silent']],
      ['lately', { [accountId]: 3 }, [unread]],
    ])('is a notice at the most: %s', async (_case, hours, codes) => {
      tenant.state.signIn.lastSuccessHoursAgo = hours;
      expect((await audit()).codes).toEqual(codes);
    });

    it('goes by the last sign-in without a person where no success is told', async () => {
      tenant.simulator.fail({
        match: /signInActivity/,
        change: () => ({ signInActivity: { lastNonInteractiveSignInDateTime: '2026-11-23T01:00:00Z' } }),
      });
      expect((await audit()).codes).toEqual([unread]);
    });
  });
});

it('says signin.noLog once in a tenant without the licence, and judges the rest', async () => {
  tenant.state.signIn.premium = false;
  expect(await audit()).toMatchObject({ verdict: 'compliant', codes: ['notice signin.noLog'] });
  tenant.state.signIn.securityDefaults = true;
  expect((await audit()).codes).toEqual(['violation signin.securityDefaults', 'notice signin.noLog']);
});

describe('a log of 5,000 rows', () => {
  const logReads = () => tenant.simulator.requests.filter(({ url }) => url.includes('/signIns'));

  it('is cut at 200, and a success among them counts', async () => {
    for (let index = 0; index < 5000; index++) signedIn(1 + index / 100, index === 150 ? 0 : 50126);
    const found = await audit();
    expect(found.codes).toEqual([failing]);
    expect(found.evidence).toMatchObject({ logCutAt: 200, lastSuccess: '2026-11-22T23:30:00.000Z' });
    expect(found.requests).toBe(4);
    expect(logReads()).toHaveLength(2);
    const rows = logReads().map(({ responseBody }) => (responseBody as { value: unknown[] }).value.length);
    expect(rows.sort()).toEqual([0, 200]);
  });

  it('leaves open whether anything succeeded before the rows that were read', async () => {
    for (let index = 0; index < 5000; index++) signedIn(1 + index / 100, 50126);
    expect((await audit()).codes).toEqual([failing]);
  });

  it('says nothing of older failures in the other log', async () => {
    signedIn(90, 50126);
    for (let index = 0; index < 5000; index++) applicationSignedIn(1 + index / 100, 7000222);
    const found = await audit();
    expect(found.reasons.map(({ resource }) => resource)).toEqual([clientAppId]);
  });
});

it('takes a row without a code for none', async () => {
  signedIn(1);
  tenant.simulator.fail({ match: /signIns/, change: () => ({ value: [{ id: '1', status: null }] }) });
  expect((await audit()).codes).toEqual(['unknown unreadable.malformed']);
});
