import { request } from 'node:http';
import { demoTargets, homeTenantId } from '../../local/simulator/demo';
import { auditQueueName, poisonQueueName } from '../../src/lib/storage/queue-names';
import { controlIds } from '../../src/lib/model/verdict';
import { TestApp } from '../support/app';
import { contractFolder } from '../support/contract';
import { root } from '../support/simulated-tenant';

jest.setTimeout(60_000);

const [contoso = {}, fabrikam = {}, woodgrove = {}] = demoTargets(root);
const message = (targetId: string, control = 'account') =>
  JSON.stringify({ targetId, control, runId: '2026-11-23' });

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
  await app.startHost({ QUEUE_LOCK_SECONDS: '2' });
});
beforeEach(() => app.stack.simulator.reset());
afterEach(async () => {
  for (const { targetId } of await app.targets()) await app.call('DELETE', `targets/${targetId}`);
});
afterAll(() => app.stop());

if (contractFolder === undefined) {
  process.stderr.write(
    'GRAPH_CONTRACT_DIR is not set: requests are not compared with Microsoft’s description.\n',
  );
}

async function put(...targets: Record<string, unknown>[]): Promise<void> {
  for (const target of targets) {
    const { status } = await app.call('PUT', `targets/${String(target.targetId)}`, target);
    expect(status).toBe(201);
  }
}

describe('the whole app', () => {
  it('audits every target through the queue, and keeps what it finds', async () => {
    await put(contoso, fabrikam, woodgrove);
    expect(await app.call('POST', 'audits')).toMatchObject({ status: 202, body: { enqueued: 3 } });
    await app.until('the queue is done', async () => {
      const { body } = await app.call('GET', 'audits');
      return (body as { waiting: number }).waiting === 0;
    });
    await app.until(
      'every control has been heard',
      async () => (await app.findings()).length === 3 * controlIds.length,
    );

    const codes = (await app.findings()).map(({ targetId, control, verdict, reasons }) =>
      `${targetId} ${control} ${verdict} ${reasons.map(({ code }) => code).join(' ')}`.trim(),
    );
    expect(codes).toHaveLength(3 * controlIds.length);
    for (const finding of [
      'contoso-rooms account compliant',
      'contoso-rooms consent compliant',
      'contoso-rooms ews-access compliant ews.retiring',
      'contoso-rooms impersonation compliant impersonation.tenantWideGrant',
      'contoso-rooms license compliant',
      'contoso-rooms password-expiry compliant',
      'contoso-rooms rooms compliant',
      'contoso-rooms sign-in compliant',
      'fabrikam-rooms account nonCompliant account.signInBlocked',
      'fabrikam-rooms consent nonCompliant consent.assignmentRequired consent.excess consent.lookalike consent.wrongPrincipal',
      'fabrikam-rooms ews-access notApplicable',
      'fabrikam-rooms impersonation nonCompliant impersonation.excessRole impersonation.roomNotCovered impersonation.strayMailbox',
      'fabrikam-rooms license nonCompliant license.exchangePlanDisabled',
      'fabrikam-rooms password-expiry nonCompliant password.expires',
      'fabrikam-rooms rooms notApplicable',
      // The target is younger than the silence.
      'fabrikam-rooms sign-in compliant signin.reportOnly signin.silent',
      'woodgrove-rooms account compliant',
      'woodgrove-rooms consent unknown unreadable.permission',
      'woodgrove-rooms ews-access notApplicable',
      'woodgrove-rooms impersonation nonCompliant impersonation.roleRetired impersonation.tenantWideGrant',
      'woodgrove-rooms license unknown unreadable.permission',
      'woodgrove-rooms password-expiry compliant',
      'woodgrove-rooms rooms notApplicable',
      'woodgrove-rooms sign-in unknown unreadable.permission unreadable.permission unreadable.permission unreadable.permission',
    ])
      expect(codes).toContain(finding);
    const targets = await app.targets();
    expect(targets.map(({ targetId, worstVerdict }) => [targetId, worstVerdict])).toEqual([
      ['contoso-rooms', 'compliant'],
      ['fabrikam-rooms', 'nonCompliant'],
      ['woodgrove-rooms', 'nonCompliant'],
    ]);
    expect(await app.call('GET', 'health')).toMatchObject({ status: 200 });
  });

  it('sends no more requests than it has to', async () => {
    await put({ ...contoso, exchangeReader: 'graph' });
    const sent = async (controls: string[]) => {
      app.stack.simulator.clearRequests();
      await app.call('POST', 'targets/contoso-rooms/audits', { controls });
      return app.stack.simulator.requests.filter(({ batched }) => !batched).length;
    };
    const all = ['account', 'password-expiry', 'license', 'consent'];
    await sent(all);
    expect(await sent(['account'])).toBeLessThanOrEqual(1);
    expect(await sent(['password-expiry'])).toBeLessThanOrEqual(2);
    expect(await sent(['license'])).toBeLessThanOrEqual(1);
    expect(await sent(['consent'])).toBeLessThanOrEqual(3);
    expect(await sent(all)).toBeLessThanOrEqual(2);
    expect(await sent(['impersonation'])).toBeLessThanOrEqual(4);
    expect(await sent(['sign-in'])).toBeLessThanOrEqual(4);
    expect(await sent(['rooms', 'ews-access'])).toBe(0);
  });

  it('follows an account from one night to the next', async () => {
    await put({ ...contoso, targetId: 'nightly' });
    const account = async () => {
      const { body } = await app.call('POST', 'targets/nightly/audits', { controls: ['account'] });
      return (body as { findings: { verdict: string; since: string; verifiedAt: string }[] }).findings[0];
    };
    const healthy = await account();
    Object.assign(app.stack.simulator.tenant(homeTenantId).users[0] ?? {}, { accountEnabled: false });
    const blocked = await account();
    app.stack.simulator.fail({ match: /users/, status: 403, times: 1 });
    const unread = await account();
    const again = await account();
    expect([healthy, blocked, unread, again].map((finding) => finding?.verdict)).toEqual([
      'compliant',
      'nonCompliant',
      'unknown',
      'nonCompliant',
    ]);
    expect(unread?.verifiedAt).toBe(blocked?.verifiedAt);
    expect(again?.since).toBe(blocked?.since);
    const transitions = (await app.history('nightly')).map(
      ({ previousVerdict, verdict, resumed }) => `${String(previousVerdict)} ${verdict} ${String(resumed)}`,
    );
    expect(transitions).toEqual([
      'unknown nonCompliant true',
      'nonCompliant unknown false',
      'compliant nonCompliant false',
      'null compliant false',
    ]);
  });

  it('keeps the history of a target that was deleted, and not its findings', async () => {
    await put(contoso);
    await app.call('POST', 'targets/contoso-rooms/audits', { controls: ['account'] });
    const before = (await app.history('contoso-rooms')).length;
    expect(await app.call('DELETE', 'targets/contoso-rooms')).toMatchObject({ status: 204 });
    expect(await app.findings('targetId=contoso-rooms')).toEqual([]);
    expect(await app.history('contoso-rooms')).toHaveLength(before);
    expect(await app.call('GET', 'targets/contoso-rooms')).toMatchObject({ status: 404 });
  });

  it('shows a finding room by room when it is asked to', async () => {
    await put(fabrikam);
    await app.call('POST', 'targets/fabrikam-rooms/audits', { controls: ['impersonation'] });
    const finding = 'targets/fabrikam-rooms/findings/impersonation';
    const { body } = await app.call('GET', finding);
    expect(body).not.toHaveProperty('resources');
    const wrong = await app.call('GET', `${finding}?resources=all&verdict=nonCompliant`);
    expect(wrong.body).toEqual({
      ...(body as object),
      resources: {
        items: [
          expect.objectContaining({ resource: 'kim@fabrikam.com', kind: 'mailbox' }),
          expect.objectContaining({ resource: 'room-fir@fabrikam.com', kind: 'room' }),
        ],
      },
    });
    expect(await app.call('GET', `${finding}?verdict=nonCompliant`)).toMatchObject({
      status: 400,
      body: { code: 'input.invalid', errors: [{ path: 'verdict' }] },
    });
  });

  it('accepts a risk, shows it, and takes it back', async () => {
    await put(fabrikam);
    const waiver = 'targets/fabrikam-rooms/waivers/consent';
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const body = { reason: 'The vendor needs it until March.', expiresAt };
    const accepted = await app.call('PUT', waiver, body);
    expect(accepted).toMatchObject({ status: 201, body: { ...body, by: 'local developer', pinned: 4 } });
    const consent = async () => (await app.findings('targetId=fabrikam-rooms&control=consent'))[0];
    const shown = { by: 'local developer', ...body };
    expect(await consent()).toMatchObject({ verdict: 'nonCompliant', waived: true, waiver: shown });
    const list = await app.call('GET', 'targets/fabrikam-rooms/waivers');
    expect(list).toMatchObject({ status: 200, body: { items: [accepted.body] } });
    expect(await app.call('PUT', waiver, body)).toMatchObject({ status: 200 });
    expect(await app.call('DELETE', waiver)).toMatchObject({ status: 204 });
    expect(await consent()).toMatchObject({ verdict: 'nonCompliant', waived: false, waiver: null });
    const consents = (await app.history('fabrikam-rooms')).filter(({ control }) => control === 'consent');
    expect(consents.slice(0, 2).map(({ waived }) => waived)).toEqual([false, true]);
    expect(await app.call('DELETE', waiver)).toMatchObject({ status: 404, body: { code: 'notFound' } });
    expect(await app.call('PUT', 'targets/fabrikam-rooms/waivers/rooms', body)).toMatchObject({
      status: 409,
      body: { code: 'waiver.nothingToAccept' },
    });
  });

  it('reads on after a 429, to the end of the second page', async () => {
    await put(contoso);
    app.stack.simulator.tenant(homeTenantId).pageSize = 1;
    app.stack.simulator.fail({ match: /domains/, status: 429, retryAfter: 1, times: 1 });
    const { body } = await app.call('POST', 'targets/contoso-rooms/audits');
    expect((body as { findings: { verdict: string }[] }).findings.map(({ verdict }) => verdict)).toEqual(
      controlIds.map(() => 'compliant'),
    );
    expect(app.stack.simulator.requests.map(({ status }) => status)).toContain(429);
    expect(app.stack.simulator.requests.some(({ url }) => url.includes('$skiptoken'))).toBe(true);
  });
});

describe('the queue', () => {
  const transitionsOf = async (targetId: string) => (await app.history(targetId)).length;

  it('makes one transition of a message that arrives twice', async () => {
    const targetId = 'twice';
    await put({ ...contoso, targetId });
    await Promise.all([app.send(message(targetId)), app.send(message(targetId))]);
    await app.until('both are done', async () => {
      const { approximateMessagesCount } = await app.queue(auditQueueName).getProperties();
      return approximateMessagesCount === 0 && (await app.findings(`targetId=${targetId}`)).length === 1;
    });
    expect(await transitionsOf(targetId)).toBe(1);
  });

  it('takes a message for a target that is gone for done', async () => {
    await app.send(message('gone'));
    await app.until('it is done', async () => {
      const { approximateMessagesCount } = await app.queue(auditQueueName).getProperties();
      return approximateMessagesCount === 0;
    });
    expect((await app.call('GET', 'poison')).body).toMatchObject({ count: 0 });
  });

  it('puts what fails five times aside, shows it, and puts it back', async () => {
    await app.send('{"targetId":"contoso-rooms","control":"weather","runId":"2026-11-23"}');
    await app.until(
      'it is poison',
      async () => ((await app.call('GET', 'poison')).body as { count: number }).count === 1,
    );
    const { body } = await app.call('GET', 'poison');
    expect(body).toMatchObject({
      items: [{ visit: null, text: expect.stringContaining('weather') as string }],
    });
    const [raw] = (await app.queue(poisonQueueName).peekMessages()).peekedMessageItems;
    expect(Buffer.from(raw?.messageText ?? '', 'base64').toString()).toContain('weather');

    expect(await app.call('POST', 'poison/replay')).toMatchObject({ status: 200, body: { replayed: 1 } });
    await app.until(
      'it is poison again',
      async () => ((await app.call('GET', 'poison')).body as { count: number }).count === 1,
    );
    await app.queue(poisonQueueName).clearMessages();
  });

  it('ends in the same state when the process is killed in the middle of an audit', async () => {
    const targetId = 'killed';
    await put({ ...contoso, targetId });
    app.stack.simulator.fail({ match: /users/, delayMs: 5_000, times: 1 });
    await app.send(message(targetId));
    const { simulator } = app.stack;
    await app.until('the audit is on its way', async () => {
      const [peeked] = (await app.queue(auditQueueName).peekMessages()).peekedMessageItems;
      return peeked === undefined && simulator.requests.length === 0;
    });
    await app.kill();
    await app.startHost({ QUEUE_LOCK_SECONDS: '2' });
    await app.until('it was audited', async () => (await app.findings(`targetId=${targetId}`)).length === 1);
    expect(await app.findings(`targetId=${targetId}`)).toMatchObject([{ verdict: 'compliant' }]);
    expect(await transitionsOf(targetId)).toBe(1);
  });
});

describe('bad input', () => {
  const { targetId: _targetId, ...definition } = contoso;
  const with_ = (change: Record<string, unknown>) => ({ ...definition, ...change });
  const { tenantId: _tenantId, ...withoutTenant } = definition;

  it.each([
    ['an unknown profile', with_({ profile: 'other' }), 400, 'input.invalid', 'profile'],
    ['no tenantId', withoutTenant, 400, 'input.invalid', 'tenantId'],
    ['an id that is no GUID', with_({ clientAppId: 'condeco' }), 400, 'input.invalid', 'clientAppId'],
    [
      'an address with spaces',
      with_({ serviceAccount: 'svc condeco@contoso.com' }),
      400,
      'input.invalid',
      'serviceAccount',
    ],
    ['a misspelt property', with_({ pausd: true }), 400, 'input.invalid', 'pausd'],
    [
      'an empty list of mailboxes',
      with_({ rooms: { source: 'mailboxes', mailboxes: [] } }),
      400,
      'input.invalid',
      'rooms.mailboxes',
    ],
    ['another targetId', with_({ targetId: 'other' }), 400, 'input.invalid', 'targetId'],
    ['broken JSON', '{"tenantId": ', 400, 'input.invalid', ''],
    ['no body', undefined, 400, 'input.invalid', ''],
    ['2 MB of JSON', JSON.stringify({ text: 'x'.repeat(2_000_000) }), 413, 'input.tooLarge', undefined],
  ])('is refused: %s', async (_case, body, status, code, field) => {
    const answer = await app.call('PUT', 'targets/bad', body);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status, code } });
    const { errors = [] } = answer.body as { errors?: { path: string; message: string }[] };
    expect(errors.map(({ path }) => path)).toEqual(field === undefined ? [] : [field]);
    expect((await app.call('GET', 'targets')).body).toEqual({ items: [] });
  });

  it.each([
    ['..', 404],
    ['%2E%2E', 404],
    ['a%2Fb', 400],
    ['..%2F..', 400],
    ['a/b', 404],
    ['UPPER', 400],
    ['%00', 400],
    ['-dash', 400],
    ['x'.repeat(64), 400],
  ])('is refused: the targetId %s', async (id, status) => {
    expect(await app.call('PUT', `targets/${id}`, definition)).toMatchObject({
      status,
      type: 'application/problem+json',
    });
    expect((await app.call('GET', 'targets')).body).toEqual({ items: [] });
  });

  it.each([
    ['an unknown control', 'POST', 'targets/contoso-rooms/audits', { controls: ['weather'] }, 400],
    ['an empty list of controls', 'POST', 'targets/contoso-rooms/audits', { controls: [] }, 400],
    ['an unknown target', 'POST', 'targets/nobody/audits', undefined, 404],
    ['an unknown control in the address', 'GET', 'targets/contoso-rooms/findings/weather', undefined, 400],
    ['an unknown verdict', 'GET', 'findings?verdict=fine', undefined, 400],
    ['a limit of zero', 'GET', 'targets?limit=0', undefined, 400],
    ['a continuation that nobody gave out', 'GET', 'findings?continuation=%25%25', undefined, 400],
    ['an unknown parameter', 'GET', 'findings?tenant=x', undefined, 400],
    ['a waiver of an unknown control', 'DELETE', 'targets/contoso-rooms/waivers/weather', undefined, 400],
    ['a waiver without a reason', 'PUT', 'targets/contoso-rooms/waivers/rooms', { expiresAt: 'x' }, 400],
    ['waivers of an unknown target', 'GET', 'targets/nobody/waivers', undefined, 404],
    ['an unknown address', 'GET', 'weather', undefined, 404],
  ])('is refused: %s', async (_case, method, route, body, status) => {
    const answer = await app.call(method, route, body);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
  });
});

describe('on a laptop', () => {
  /** Asks by another name than that of the machine, as a page does that gave its own name this address. */
  const askAs = (host: string, method: string, path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(new URL(path, app.url), { method, headers: { host } }, (answer) => {
        answer.resume().on('end', () => {
          resolve(answer.statusCode);
        });
      })
        .on('error', reject)
        .end();
    });

  it.each([
    ['GET', '/api/targets'],
    ['GET', '/api/report'],
    ['DELETE', '/api/targets/contoso-rooms'],
    ['GET', '/admin/functions'],
    ['POST', '/admin/functions/nightly'],
    ['GET', '/'],
  ])('%s %s answers to names of this machine only', async (method, path) => {
    await put(contoso);
    expect(await askAs('rebind.example.com', method, path)).toBe(403);
    expect(await app.targets()).toHaveLength(1);
  });

  it('the address alone leads to the report', async () => {
    const answer = await fetch(app.url);
    expect({ status: answer.status, path: new URL(answer.url).pathname }).toEqual({
      status: 200,
      path: '/api/report',
    });
  });
});
