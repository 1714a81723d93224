import { type Reason, type ResourceRow, controlIds } from '../../../../src/lib/model/verdict';
import type { ControlReport, RepairReport, TargetReport } from '../../../../src/lib/report/model';
import { type Frame, type RowsQuery, targetPage } from '../../../../src/lib/report/page';
import { productReport } from '../../../../src/lib/report/product';
import { attributes, bodyOf, part, textOf } from '../../../support/page';
import {
  before,
  cellOf,
  changeOf,
  controlReportOf,
  never,
  now,
  resourcesOf,
  roomRows,
  targetReportOf,
} from '../../../support/report-models';

const as = (...roles: string[]): Frame => ({ viewer: { name: 'Adele Vance', roles } });
const reader = as('Syncwarden.Read');
const file: Frame = { viewer: null };

const page = (model: Partial<TargetReport> = {}, frame = reader, query: RowsQuery = {}) =>
  bodyOf(targetPage(targetReportOf(model), frame, query).html);
const section = (report: ControlReport, frame = reader) =>
  part(page({ controls: [report] }, frame), 'section', 'data-finding');
const reason = (code: string, change: Partial<Reason> = {}): Reason => ({
  code,
  level: 'violation',
  message: `What is wrong: ${code}.`,
  ...change,
});
const broken = (reasons: Reason[], change: Partial<ControlReport> = {}) =>
  controlReportOf(
    'consent',
    {
      verdict: 'nonCompliant',
      since: before(72),
      summary: 'Something is wrong.',
      reasons,
      counts: { resources: 0, violations: reasons.length },
    },
    change,
  );

describe('the opening', () => {
  const lead = (controls: ControlReport[]) => textOf(part(page({ controls }), 'p', 'class="lead"'));
  const all = targetReportOf().controls;
  const withOne = (report: ControlReport) =>
    all.map((one) => (one.control === report.control ? report : one));

  it('says that all is well when it is', () => {
    expect(lead([...all])).toBe('Every control that applies is compliant.');
  });

  it.each([
    ['is not compliant', broken([])],
    ['is unknown', controlReportOf('consent', { verdict: 'unknown' })],
    ['is stale', controlReportOf('consent', {}, { cell: cellOf('consent', { stale: true }) })],
    ['never ran', controlReportOf('consent', {}, { cell: cellOf('consent', never), finding: undefined })],
  ])('does not say so when one %s', (_case, report) => {
    expect(lead(withOne(report))).toBe(`1 of ${controlIds.length} controls needs attention.`);
  });

  it('tells an accepted risk', () => {
    const report = controlReportOf('consent', { verdict: 'nonCompliant', waived: true });
    expect(lead(withOne(report))).toBe('Every control that applies is compliant, or its risk accepted (1).');
  });

  it('says what was left out: nothing is known of it', () => {
    expect(lead(all.slice(0, 2))).toBe(
      `Every control that applies is compliant; ${controlIds.length - 2} were left out.`,
    );
    expect(lead(all.slice(0, -1))).toContain('; 1 was left out.');
  });

  it('does not say so where nothing applies', () => {
    const report = controlReportOf('rooms', { verdict: 'notApplicable' });
    expect(lead([report])).toBe(`No control applies; ${controlIds.length - 1} were left out.`);
  });

  it('says that a paused target is not audited at night, and has no score', () => {
    const text = textOf(page({ paused: true, score: undefined, trend: [] }));
    expect(text).toContain('Paused: it is not audited at night.');
    expect(text).toContain('Score None while paused No score yet.');
  });

  it('tells the product with its way and page, and why something of it is not known', () => {
    const text = page({ profile: 'joan', product: productReport('joan') });
    expect(textOf(text)).toContain('the account as a delegate of each room');
    expect(text).toContain('href="https://support.getjoan.com/knowledge/delegate-permissions-in-office-365"');
    expect(textOf(text)).toContain('The pages do not say whether the account needs a licence.');
    expect(textOf(page({ product: productReport('zoom-rooms-account') }))).toContain(
      'Zoom Rooms, with an account',
    );
    expect(textOf(page())).not.toContain('Not known');
  });

  it('tells what the night has cost, and what the target is about', () => {
    const text = textOf(page({ requests: 21 }));
    expect(text).toContain('Requests 21 requests to Microsoft 365 in its last audits');
    expect(text).toContain('Service account svc-condeco@fabrikam.com');
    expect(text).toContain('Tenant 11111111-1111-1111-1111-111111111111');
  });
});

describe('the controls in short', () => {
  const stale = { stale: true, verifiedAt: before(70) };
  const html = page({
    controls: [
      controlReportOf('account'),
      controlReportOf('license', { verdict: 'unknown', since: before(5), summary: 'Not read.' }),
      controlReportOf('rooms', { verdict: 'notApplicable' }),
      broken([]),
      controlReportOf('impersonation', { verdict: 'nonCompliant', waived: true }),
      controlReportOf('password-expiry', {}, { cell: cellOf('password-expiry', stale) }),
      controlReportOf('ews-access', {}, { cell: cellOf('ews-access', never), finding: undefined }),
    ],
  });
  const rows = (part(html, 'table', '').match(/<tr>.*?<\/tr>/gs) ?? []).map(textOf);

  it('come the worst first, each with its severity, age and summary', () => {
    expect(rows).toEqual([
      'Control Verdict Since In short',
      'consent high Not compliant 3 days Something is wrong.',
      'ews-access critical Unknown – It has never run.',
      'license high Unknown 5 hours Not read.',
      'password-expiry high Stale 30 days Not verified for 2 days. All is as it should be.',
      'impersonation critical Accepted 30 days All is as it should be.',
      'account critical Compliant 30 days All is as it should be.',
      'rooms medium Not applicable 30 days All is as it should be.',
    ]);
  });

  it('lead to the sections, which stand in the same order', () => {
    const links = attributes(part(html, 'table', ''), 'href');
    expect(attributes(html, 'id').filter((id) => links.includes(`#${id}`))).toEqual(
      links.map((link) => link.slice(1)),
    );
  });
});

describe('a finding', () => {
  it('says what is required, how it stands, how bad it is, and for how long', () => {
    expect(textOf(section(broken([])))).toMatch(
      /^consent Not compliant high for 3 days Required: The vendor's application .* Something is wrong\./,
    );
  });

  it('groups its reasons by code, with what was expected and what was found', () => {
    const html = section(
      broken([
        reason('consent.missing', { resource: 'User.Read', expected: 'granted', actual: 'not granted' }),
        reason('consent.missing', { resource: 'EWS.AccessAsUser.All' }),
        reason('consent.excess'),
      ]),
    );
    const [missing = '', excess = ''] = html.split('data-level="violation"').slice(1);
    expect(textOf(missing)).toMatch(
      /consent\.missing violation × 2 About Found Expected Actual User\.Read What is wrong: consent\.missing\. granted not granted EWS\.AccessAsUser\.All What is wrong: consent\.missing\. – – What to do/,
    );
    expect(textOf(excess)).toMatch(
      /consent\.excess violation Found What is wrong: consent\.excess\. What to do/,
    );
  });

  it('tells violations of a code from what is only worth knowing of it', () => {
    const html = section(
      broken([reason('rooms.calendarSetting'), reason('rooms.calendarSetting', { level: 'notice' })]),
    );
    expect(attributes(html, 'data-level')).toEqual(['violation', 'notice']);
    const ids = attributes(html, 'id');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('explains each code: what to do in the open, what it means behind a click', () => {
    const html = section(broken([reason('consent.missing')]));
    expect(textOf(html)).toContain('What to do Grant admin consent again, or grant this one permission.');
    expect(textOf(part(html, 'details', 'class="meaning"'))).toContain(
      'A required permission is not granted.',
    );
  });

  it('shows a code that it cannot explain without an explanation', () => {
    const text = textOf(section(broken([reason('consent.fromTheFuture'), reason('constructor')])));
    expect(text).toContain('consent.fromTheFuture violation');
    expect(text).not.toContain('What to do');
  });

  it('puts what goes beyond ten behind a click, and says how many there are in all', () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      reason('consent.excess', { resource: `p${index}` }),
    );
    const report = broken(many);
    const html = section({
      ...report,
      finding: report.finding && { ...report.finding, counts: { resources: 0, violations: 312 } },
    });
    expect(textOf(html)).toContain(' 40 more ');
    expect(textOf(html)).toContain('50 of 312 violations are listed; a finding keeps 50 of each code.');
    expect(html.match(/<tr>/g)?.length).toBe(52);
  });

  it('leads to the documentation where that is known', () => {
    const docs = (frame: Frame) =>
      attributes(section(broken([reason('consent.missing')]), frame), 'href').filter((href) =>
        href.startsWith('https://docs.example/'),
      );
    expect(docs({ ...reader, docsUrl: 'https://docs.example/' })).toEqual([
      'https://docs.example/src/lib/controls/consent/README.md#consentmissing',
      'https://docs.example/src/lib/controls/consent/README.md',
    ]);
    expect(docs(reader)).toEqual([]);
  });

  it('shows its last transitions, the newest first', () => {
    const transitions = [
      changeOf({ at: before(6), summary: 'Broken.' }),
      changeOf({ at: before(500), previousVerdict: null, verdict: 'compliant', summary: 'All well.' }),
    ];
    const html = section(broken([], { transitions }));
    expect(textOf(part(html, 'details', 'class="history"'))).toBe(
      'Last changes (2) 6 hours ago Not compliant was compliant. Broken. 20 days ago Compliant first audit. All well. Whole history',
    );
    expect(html).toContain('href="?targetId=fabrikam-rooms&amp;history=all&amp;control=consent"');
  });

  it('says when it was looked at and what that cost', () => {
    const report = controlReportOf('consent', {
      checkedAt: before(6),
      verifiedAt: before(60),
      requests: 1,
    });
    expect(textOf(section(report))).toContain(
      'Last attempt 6 hours ago, with 1 request; verified 2 days ago.',
    );
    const unread = controlReportOf('consent', { verdict: 'unknown', verifiedAt: null });
    expect(textOf(section(unread))).toContain('; never verified.');
  });
});

describe('what is not known', () => {
  const denied = (permission: string) =>
    reason('unreadable.permission', { level: 'unknown', expected: permission });
  const notice = (report: ControlReport) => textOf(part(section(report), 'p', 'class="notice"'));

  it('is said with the missing permissions, each once, and since when', () => {
    const reasons = [denied('Directory.Read.All'), denied('User.Read.All'), denied('User.Read.All')];
    const report = controlReportOf('consent', { verdict: 'unknown', since: before(50), reasons });
    expect(notice(report)).toBe(
      'It could not be read since 2026-11-22 06:00:00 UTC (2 days). Probably missing: the permission Directory.Read.All, User.Read.All.',
    );
  });

  it('is told from what cannot be decided', () => {
    const reasons = [reason('impersonation.scopeUnresolved', { level: 'unknown' })];
    expect(notice(controlReportOf('impersonation', { verdict: 'unknown', reasons }))).toMatch(
      /^It cannot be decided since /,
    );
  });

  it('does not make a violation less certain', () => {
    const reasons = [reason('consent.missing'), denied('Directory.Read.All')];
    expect(notice(broken(reasons))).toBe(
      'Not all of it could be read. What is said below holds whatever the rest would say. Probably missing: the permission Directory.Read.All.',
    );
  });

  it('is said of what is stale', () => {
    const stale = (verifiedAt: string | null) =>
      notice(controlReportOf('consent', {}, { cell: cellOf('consent', { stale: true, verifiedAt }) }));
    expect(stale(before(72))).toBe(
      'Stale. It was last verified on 2026-11-21 08:00:00 UTC, 3 days ago. What is shown may no longer be true.',
    );
    expect(stale(null)).toBe('Stale. It was never verified. What is shown may no longer be true.');
  });

  it('is said of what never ran', () => {
    const report = controlReportOf('consent', {}, { cell: cellOf('consent', never), finding: undefined });
    expect(textOf(section(report))).toMatch(
      /^consent Never audited high Required: .* This control has never run on this target\. Nothing is known\./,
    );
  });
});

describe('an accepted risk', () => {
  const waiver = { by: 'Adele Vance', reason: 'Until the migration.', expiresAt: '2026-12-31T00:00:00Z' };
  const shown = (change: { inForce: boolean; expiresAt?: string }, verdict: 'nonCompliant' | 'unknown') => {
    const found = { verdict, waived: change.inForce };
    return textOf(
      part(
        section(controlReportOf('consent', found, { waiver: { ...waiver, ...change } })),
        'p',
        'class="notice"',
      ),
    );
  };

  it('says who, why, and until when', () => {
    expect(shown({ inForce: true }, 'nonCompliant')).toBe(
      'The risk is accepted by Adele Vance: Until the migration. That ends on 2026-12-31 00:00:00 UTC, in 36 days.',
    );
  });

  it('says why it is no longer in force', () => {
    expect(shown({ inForce: false }, 'nonCompliant')).toMatch(
      /^A risk was accepted by .* in 36 days\. It does not cover all that is found now\.$/,
    );
    expect(shown({ inForce: false }, 'unknown')).toMatch(
      /in 36 days\. Whether it still covers what is there is not known\.$/,
    );
    expect(shown({ inForce: false, expiresAt: before(48) }, 'nonCompliant')).toMatch(
      /That ended on 2026-11-22 08:00:00 UTC, 2 days ago\.$/,
    );
  });
});

describe('actions', () => {
  const names = (report: ControlReport, frame: Frame) => attributes(section(report, frame), 'data-action');

  it('are there as far as the role goes', () => {
    const report = broken([reason('consent.excess')]);
    expect(names(report, reader)).toEqual(['plan']);
    expect(names(report, as('Syncwarden.Audit'))).toEqual(['plan', 'audit']);
    expect(names(report, as('Syncwarden.Remediate'))).toEqual(['plan', 'apply', 'audit']);
    expect(names(report, as('Syncwarden.Admin'))).toEqual(['plan', 'apply', 'audit', 'accept']);
    expect(names(report, as())).toEqual([]);
    expect(names(report, file)).toEqual([]);
  });

  it('offer no plan where there is nothing to repair', () => {
    expect(names(controlReportOf('consent'), as('Syncwarden.Admin'))).toEqual(['audit']);
    expect(names(controlReportOf('rooms', { verdict: 'notApplicable' }), as('Syncwarden.Admin'))).toEqual([
      'audit',
    ]);
    const unrun = controlReportOf('consent', {}, { cell: cellOf('consent', never), finding: undefined });
    expect(names(unrun, as('Syncwarden.Admin'))).toEqual(['audit']);
  });

  it('are hidden until the script shows them, and an agreement cannot be clicked before its plan', () => {
    const html = section(broken([]), as('Syncwarden.Admin'));
    const buttons = html.match(/<button[^>]*>/g) ?? [];
    expect(buttons).toHaveLength(4);
    for (const button of buttons) {
      expect(button).toMatch(/ hidden /);
      expect(button).toContain('data-target="fabrikam-rooms" data-control="consent"');
    }
    expect(buttons.filter((button) => button.includes('disabled'))).toHaveLength(1);
    expect(html).toMatch(/<button[^>]* data-action="apply"[^>]* disabled/);
    expect(html).toContain('<div data-plan></div>');
    expect(html).toMatch(
      /<label hidden data-needs-script *>\s*<input type="checkbox" data-include="revocations"/,
    );
  });
});

describe('the buttons of a target', () => {
  const opening = (frame: Frame, paused = false) => part(page({ paused }, frame), 'div', 'class="opening"');
  const actions = (frame: Frame, paused = false) => attributes(opening(frame, paused), 'data-action');

  it('are there for whoever may press them', () => {
    expect(actions(reader)).toEqual([]);
    expect(actions(as('Syncwarden.Audit'))).toEqual(['audit']);
    expect(actions(as('Syncwarden.Remediate'))).toEqual(['audit']);
    expect(actions(as('Syncwarden.Admin'))).toEqual(['audit', 'pause', 'delete']);
    expect(actions(as('Syncwarden.Admin'), true)).toEqual(['audit', 'resume', 'delete']);
    expect(actions(file)).toEqual([]);
  });

  it('stand beside the way to its settings', () => {
    expect(attributes(opening(as('Syncwarden.Admin')), 'href')).toEqual([
      '?targetId=fabrikam-rooms&amp;form=edit',
    ]);
    expect(attributes(opening(as('Syncwarden.Remediate')), 'href')).toEqual([]);
  });
});

describe('the repairs', () => {
  const made: RepairReport = {
    ...{
      remediationId: 'r-1',
      control: 'consent',
      status: 'verified',
      startedAt: before(5),
      by: 'Grace <b>',
    },
    ...{ changes: ['Grant User.Read.'], outcome: 'The tenant was seen to comply.' },
    ...{ canUndo: true, isUndone: false },
  };
  const repairs = (all: RepairReport[], frame = as('Syncwarden.Remediate')) =>
    part(page({ repairs: all }, frame), 'section', 'class="repairs"');

  it('say what was done, by whom and when, and can be put back', () => {
    const html = repairs([made]);
    expect(textOf(html)).toContain(
      'Repair of consent: verified, 1 change. 5 hours ago, by Grace <b> The tenant was seen to comply. What was changed Grant User.Read.',
    );
    expect(html).toMatch(
      /data-action="undo"\s+data-target="fabrikam-rooms"\s+data-control="consent"\s+data-remediation="r-1"/,
    );
  });

  it('say beside each button how it goes, also that it was refused', () => {
    const html = repairs([made, { ...made, remediationId: 'r-2' }]);
    const places = html.match(/<div class="actions">.*?<\/div>/gs) ?? [];
    expect(places).toHaveLength(2);
    for (const place of places) expect(place).toMatch(/<button.* data-status>/s);
  });

  it('have no button where there is no way back, for whoever may not, and in a file', () => {
    expect(repairs([{ ...made, canUndo: false, isUndone: true }])).not.toContain('<button');
    expect(textOf(repairs([{ ...made, canUndo: false, isUndone: true }]))).toContain('Undone since.');
    expect(repairs([made], as('Syncwarden.Audit'))).not.toContain('<button');
    expect(repairs([made], file)).not.toContain('<button');
    expect(
      textOf(repairs([{ ...made, undoes: 'r-0', changes: [], status: 'failed', outcome: 'No.' }])),
    ).toContain('Undoing of a repair of consent: failed, nothing was changed.');
  });

  it('are no section where nothing was ever repaired', () => {
    expect(page()).not.toContain('class="repairs"');
  });
});

describe('a plan that was read with the finding', () => {
  const change = {
    id: '1-grant',
    description: 'Grant <b>User.Read</b>.',
    request: { method: 'POST', url: '/v1.0/x' } as const,
    before: undefined,
    after: { scope: 'User.Read' },
    permission: 'DelegatedPermissionGrant.ReadWrite.All',
  };

  it('is shown as text: before, after, the permission, and what only a person can do', () => {
    const plan = {
      changes: [change, { ...change, id: '2', undo: { method: 'DELETE', url: '/v1.0/x' } as const }],
      manualSteps: [{ description: 'Consent again.', link: 'https://learn.microsoft.com/x' }],
    };
    const html = section(broken([], { plan }), file);
    expect(textOf(part(html, 'div', 'class="plan"'))).toBe(
      'Grant <b>User.Read</b>. Before nothing After {"scope":"User.Read"} Permission DelegatedPermissionGrant.ReadWrite.All It cannot be undone. ' +
        'Grant <b>User.Read</b>. Before nothing After {"scope":"User.Read"} Permission DelegatedPermissionGrant.ReadWrite.All By hand Consent again. Open',
    );
    expect(html).toContain('<a href="https://learn.microsoft.com/x" rel="noreferrer">Open</a>');
  });

  it('says when there is nothing to change, and shortens what is very long', () => {
    const plan = { changes: [], manualSteps: [] };
    expect(textOf(section(broken([], { plan }), file))).toContain(
      'What would repair it There is nothing that Syncwarden can change here.',
    );
    const long = { changes: [{ ...change, after: 'x'.repeat(5000) }], manualSteps: [] };
    expect(textOf(section(broken([], { plan: long }), file))).toContain('x … (shortened)');
  });

  it('never makes a link of what is no web address', () => {
    const plan = { changes: [], manualSteps: [{ description: 'Do it.', link: 'javascript:alert(1)' }] };
    expect(section(broken([], { plan }), file)).not.toContain('javascript:');
  });
});

describe('rooms', () => {
  const stray: ResourceRow = {
    resource: 'ceo@fabrikam.com',
    kind: 'mailbox',
    displayName: '<i>CEO</i>',
    verdict: 'nonCompliant',
    codes: ['impersonation.strayMailbox'],
    path: 'Application Calendars.ReadWrite',
    scope: 'Synced rooms',
    detail: 'A remark.',
  };
  const rooms = (resources: TargetReport['resources'], frame = reader, query: RowsQuery = {}) =>
    part(page({ resources }, frame, query), 'section', 'data-rooms');

  it('are not there for a target without any', () => {
    expect(page()).not.toContain('data-rooms');
  });

  it('are summed up in words', () => {
    const html = rooms([resourcesOf([...roomRows(20), stray])]);
    expect(textOf(part(html, 'figcaption', ''))).toBe(
      '16 of 20 rooms compliant 2 not compliant 2 unknown 1 mailbox within a scope that is no room',
    );
  });

  it('stand in a table with codes, what reaches them, and remarks', () => {
    const html = rooms([resourcesOf([stray])]);
    const row = part(part(html, 'tbody', ''), 'tr', 'data-resource');
    expect(textOf(row)).toBe(
      '<i>CEO</i> no room ceo@fabrikam.com Not compliant impersonation.strayMailbox Application Calendars.ReadWrite, within Synced rooms A remark.',
    );
    expect(row).toContain('data-text="ceo@fabrikam.com &lt;i&gt;ceo&lt;/i&gt;"');
  });

  it('have what the script goes by', () => {
    const table = (html: string) => /<table[^>]*data-resources[^>]*>/.exec(html)?.[0] ?? '';
    const html = rooms([resourcesOf(roomRows(250))]);
    expect(table(html)).toContain('data-control="impersonation" data-page-size="100"');
    expect(attributes(table(html), 'data-source')).toEqual([
      'targets/fabrikam-rooms/findings/impersonation?resources=all&amp;limit=1000',
    ]);
    expect(table(html)).not.toContain('data-complete');
    expect(table(rooms([resourcesOf(roomRows(20))]))).toContain('data-complete');
    const fields = attributes(part(html, 'template', 'data-resource-template'), 'data-field');
    expect(fields).toEqual(['name', 'kind', 'resource', 'verdict', 'codes', 'reach', 'detail']);
  });

  it('can be searched and paged without a script', () => {
    const report = resourcesOf(roomRows(250), { page: 2 });
    const html = rooms([report], reader, { q: 'Room "2"', verdict: 'unknown' });
    const form = part(html, 'form', 'data-rows-filter');
    expect(form).toContain('name="targetId" value="fabrikam-rooms"');
    expect(form).toContain('name="rq" value="Room &quot;2&quot;"');
    expect(form).toMatch(/<option value="unknown" selected/);
    expect(textOf(html)).toContain('100 of 250 rows');
    expect(attributes(part(html, 'nav', ''), 'href')).toEqual([
      '?targetId=fabrikam-rooms&amp;resources=unknown&amp;rq=Room+%222%22#all-rooms',
      '?targetId=fabrikam-rooms&amp;resources=unknown&amp;rq=Room+%222%22&amp;rpage=3#all-rooms',
    ]);
  });

  it('have one pager for the tables of all controls', () => {
    const html = rooms([resourcesOf(roomRows(250)), resourcesOf(roomRows(90), { control: 'rooms' })]);
    expect(html.match(/<nav/g)).toHaveLength(1);
    expect(textOf(html)).toContain('Page 1 of 3 Next');
    expect(textOf(html)).toMatch(/Which rooms are reached impersonation .* How rooms are set up rooms /);
  });

  it('say when nothing was found, and when one table has ended', () => {
    const none = { rows: [], matching: 0, complete: false };
    expect(textOf(rooms([resourcesOf(roomRows(9), none)]))).toContain('0 rows');
    expect(rooms([resourcesOf(roomRows(9), none)])).toMatch(
      /<p data-rows-none="impersonation" *>\s*No row is like that\./,
    );
    const ended = { rows: [], matching: 9, complete: false, page: 2 };
    expect(textOf(rooms([resourcesOf(roomRows(9), ended)]))).toContain(
      'There are no more rows of this control.',
    );
  });

  it('have neither form nor pager in a file, which says when some are missing', () => {
    const html = rooms([resourcesOf(roomRows(250))], file);
    for (const mark of ['<form', '<nav', '<template', 'data-source']) expect(html).not.toContain(mark);
    expect(textOf(html)).toContain('The other rows are not in this file.');
    expect(textOf(rooms([resourcesOf(roomRows(20))], file))).not.toContain('not in this file');
  });

  it('stay below 300 KB when there are ten thousand', () => {
    const resources = [
      resourcesOf(roomRows(10_000, 300)),
      resourcesOf(roomRows(10_000), { control: 'rooms' }),
    ];
    expect(Buffer.byteLength(page({ resources }, as('Syncwarden.Admin')))).toBeLessThan(200_000);
  });
});

it('escapes whatever somebody else has named', () => {
  const evil = '"><img src=x onerror=alert(1)>\u202E';
  const html = page(
    {
      serviceAccount: evil,
      controls: [
        broken([reason('consent.missing', { message: evil, resource: evil, expected: evil, actual: evil })], {
          waiver: { by: evil, reason: evil, expiresAt: now, inForce: false },
          transitions: [changeOf({ summary: evil })],
        }),
        controlReportOf('license', {
          verdict: 'unknown',
          summary: evil,
          reasons: [reason('unreadable.permission', { level: 'unknown', expected: evil })],
        }),
      ],
      resources: [
        resourcesOf([
          {
            resource: evil,
            kind: 'room',
            displayName: evil,
            verdict: 'unknown',
            codes: [evil],
            scope: evil,
            detail: evil,
          },
        ]),
      ],
    },
    { viewer: { name: evil, roles: ['Syncwarden.Admin'] } },
    { q: evil },
  );
  expect(html).not.toContain('<img');
  expect(html).not.toContain('\u202E');
  expect(html.split('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\uFFFD').length).toBeGreaterThan(15);
});
