import { controls } from '../../../../src/lib/controls';
import { controlIds } from '../../../../src/lib/model/verdict';
import type { Row } from '../../../../src/lib/report/model';
import { type Frame, type GridQuery, overviewPage } from '../../../../src/lib/report/page';
import { cameFrom } from '../../../../src/lib/report/page/changes';
import { attributes, bodyOf, part, textOf } from '../../../support/page';
import { before, changeOf, manyRows, never, overviewOf, rowOf } from '../../../support/report-models';

const as = (...roles: string[]): Frame => ({ viewer: { name: 'Adele Vance', roles } });
const reader = as('Syncwarden.Read');
const file: Frame = { viewer: null };

const page = (model: Parameters<typeof overviewOf>[0], frame = reader, query: GridQuery = {}) =>
  bodyOf(overviewPage(overviewOf(model), frame, query).html);
const headline = (rows: Row[]) => textOf(part(page({ rows }), 'h1', ''));
const cell = (row: Row, control: string) =>
  textOf(part(page({ rows: [row] }), 'td', `data-control="${control}"`));

describe('the headline', () => {
  it('counts the targets that need attention', () => {
    expect(textOf(page({}))).toContain('2 of 3 targets need attention ');
    expect(headline([rowOf('a', 'nonCompliant'), rowOf('b')])).toBe('1 of 2 targets needs attention');
  });

  it('says so when all are compliant', () => {
    expect(headline([rowOf('a'), rowOf('b')])).toBe('All 2 targets are compliant');
    expect(headline([rowOf('a')])).toBe('The target is compliant');
  });

  it('names accepted risks', () => {
    const row = rowOf('a', 'compliant', { rooms: { verdict: 'nonCompliant', waived: true } });
    expect(headline([row, rowOf('b')])).toBe('All 2 targets are compliant, with 1 accepted risk');
  });

  it('does not call compliant what has no control that applies', () => {
    expect(headline([rowOf('a', 'notApplicable'), rowOf('b')])).toBe('No target needs attention');
  });

  it.each([
    ['unknown', rowOf('a', 'unknown', { license: { verdict: 'unknown' } })],
    ['stale', rowOf('a', 'compliant', { license: { stale: true, verifiedAt: before(80) } })],
    [
      'stale and not applicable',
      rowOf('a', 'notApplicable', { rooms: { verdict: 'notApplicable', stale: true } }),
    ],
    [
      'stale and accepted',
      rowOf('a', 'compliant', { rooms: { verdict: 'nonCompliant', waived: true, stale: true } }),
    ],
    ['never audited', rowOf('a', 'unknown', { license: never })],
  ])('does not call fine what is %s', (_case, row) => {
    expect(headline([row])).toBe('1 of 1 target needs attention');
  });

  it('leaves paused targets out, and says how many there are', () => {
    const paused = rowOf('a', 'nonCompliant', {}, { paused: true });
    expect(headline([paused, rowOf('b')])).toBe('The target is compliant');
    expect(headline([paused])).toBe('Nothing is watched');
    expect(textOf(page({ rows: [paused, rowOf('b')] }))).toContain('1 paused, not watched');
  });

  it('is the title of the window, too', () => {
    expect(overviewPage(overviewOf(), reader).html).toContain(
      '<title>2 of 3 targets need attention – Syncwarden</title>',
    );
  });

  it('is followed by how many targets stand how', () => {
    const stale = rowOf('s', 'compliant', { license: { stale: true } });
    const rows = [rowOf('a', 'nonCompliant'), stale, rowOf('b'), rowOf('c')];
    expect(textOf(part(page({ rows }), 'ul', 'class="counts"'))).toBe('1 not compliant 1 stale 2 compliant');
    expect(textOf(page({}))).toContain('1 accepted risk ');
  });
});

describe('what is to look after', () => {
  const attention = (rows: Row[], frame = reader) =>
    part(page({ rows }, frame), 'section', 'class="attention"');
  const broken = (id: string, change: Partial<Row['cells'][number]> = {}) =>
    rowOf(id, 'nonCompliant', {
      consent: {
        verdict: 'nonCompliant',
        ...{ since: before(6), changedAt: before(6), codes: ['consent.missing'] },
        summary: 'Calendars.ReadWrite.All is not consented.',
        ...change,
      },
    });

  it('says in words what is wrong, of which target, how bad it is, since when, and what to do first', () => {
    expect(textOf(attention([broken('fabrikam-rooms'), rowOf('b')]))).toBe(
      'To look after Not compliant fabrikam-rooms consent high new since 6 hours Calendars.ReadWrite.All is not consented. ' +
        'Do: Grant admin consent again, or grant this one permission. consent.missing',
    );
  });

  it('is there however old it is, and not called new then', () => {
    const text = textOf(attention([broken('a', { since: before(900), changedAt: before(900) })]));
    expect(text).toContain('since 37 days');
    expect(text).not.toContain(' new ');
  });

  it('leads to the finding, with the exact time at hand', () => {
    const html = attention([broken('fabrikam-rooms')]);
    expect(attributes(html, 'href')).toEqual(['?targetId=fabrikam-rooms#consent']);
    expect(html).toContain('<time datetime="2026-11-24T02:00:00.000Z" title="2026-11-24 02:00:00 UTC">');
  });

  it('names what many have in common once, with some of them and the way to all', () => {
    const rows = Array.from({ length: 37 }, (_row, index) => broken(`t-${String(index).padStart(2, '0')}`));
    const html = attention([...rows, rowOf('fine')]);
    expect(textOf(html)).toContain(
      '37 of 38 targets consent high new the first since 6 hours A permission is missing.',
    );
    expect(textOf(html)).toContain('t-09 and 27 more: all 37');
    expect(attributes(html, 'href').at(-1)).toBe('?control=consent&amp;verdict=nonCompliant#targets');
    const inFile = attention(rows, { viewer: null });
    expect(attributes(inFile, 'href')).toEqual([]);
  });

  it('is nothing when nothing is', () => {
    expect(textOf(attention([rowOf('a')]))).toBe('To look after Nothing.');
  });
});

describe('what became better', () => {
  const better = (changes: Parameters<typeof changeOf>[0][], betterCount = changes.length) =>
    part(page({ better: changes.map(changeOf), betterCount }), 'section', 'class="recent"');
  const repaired = { verdict: 'compliant', previousVerdict: 'nonCompliant' } as const;

  it('is told with what was before', () => {
    expect(textOf(better([repaired]))).toMatch(
      /^Repaired, accepted or new in the last 24 hours \(1\) Compliant fabrikam-rooms consent high 6 hours ago was not compliant /,
    );
  });

  it('is not there when there is nothing of it', () => {
    expect(page({})).not.toContain('class="recent"');
  });

  it('says how many more there are', () => {
    expect(textOf(better([repaired], 3))).toContain('2 more are not listed here');
    expect(textOf(better([repaired], 2))).toContain('1 more is not listed here');
  });

  it('stands folded when it is much, as after a first night', () => {
    const good = controlIds.map(
      (control) => ({ control, verdict: 'compliant', previousVerdict: null }) as const,
    );
    expect(better([...good])).toMatch(/<details *>/);
    expect(better(good.slice(0, 5))).toMatch(/<details open *>/);
  });
});

it.each([
  [{ previousVerdict: null }, 'first audit'],
  [{ previousVerdict: 'unknown', resumed: true }, 'as before it could not be read'],
  [{ previousVerdict: 'nonCompliant' }, 'other violations than before, or no longer accepted'],
  [{ previousVerdict: 'nonCompliant', previousWaived: false }, 'other violations than before'],
  [{ previousVerdict: 'nonCompliant', previousWaived: true }, 'the risk is no longer accepted'],
  [{ previousVerdict: 'unknown', verdict: 'unknown' }, 'changed'],
  [{ waived: true, previousVerdict: 'nonCompliant' }, 'the risk is accepted'],
] as const)('a change says where it came from: %j', (change, words) => {
  expect(cameFrom(changeOf(change))).toBe(words);
});

it('a change of which it was not noted what was before says no more than that', () => {
  expect(cameFrom({ ...changeOf(), previousVerdict: undefined })).toBe('changed');
});

describe('the grid', () => {
  it('has a row for each target and a cell for each control', () => {
    const html = part(page({}), 'table', 'data-grid');
    expect(attributes(part(html, 'tbody', ''), 'data-target')).toEqual([
      'fabrikam-rooms',
      'woodgrove-rooms',
      'contoso-rooms',
    ]);
    expect(attributes(html, 'data-control')).toEqual([...controlIds, ...controlIds, ...controlIds]);
  });

  it('says the severity of each control at its head', () => {
    const head = textOf(part(page({}), 'thead', ''));
    expect(head).toMatch(/^Target account critical sign-in critical password-expiry high /);
    expect(head).toBe(`Target ${controls.map(({ id, severity }) => `${id} ${severity}`).join(' ')}`);
  });

  it.each([
    [
      'a violation with how bad it is and its age',
      { verdict: 'nonCompliant', since: before(72) },
      'Not compliant high, 3 days',
    ],
    ['what is unknown', { verdict: 'unknown', since: before(5) }, 'Unknown 5 hours'],
    ['what is compliant', { since: before(49) }, 'Compliant 2 days'],
    ['what does not apply', { verdict: 'notApplicable' }, 'Not applicable'],
    ['an accepted risk', { verdict: 'nonCompliant', waived: true, since: before(1) }, 'Accepted 1 hour'],
    ['what is stale', { stale: true, verifiedAt: before(72) }, 'Stale Verified 3 days ago'],
    [
      'what was never verified',
      { verdict: 'unknown', stale: true, verifiedAt: null, since: before(72) },
      'Unknown 3 days, never verified',
    ],
    [
      'a violation that is stale',
      { verdict: 'nonCompliant', stale: true, since: before(96), verifiedAt: before(72) },
      'Not compliant high, 4 days, verified 3 days ago',
    ],
    ['what never ran', never, 'Never audited'],
  ] as const)('shows %s', (_case, change, text) => {
    expect(cell(rowOf('a', 'unknown', { license: change }), 'license')).toBe(text);
  });

  it('tells sign and colour apart from the verdict only where they differ', () => {
    const html = page({ rows: [rowOf('a', 'compliant', { license: { stale: true } })] });
    expect(html).toMatch(
      /<td data-control="license" data-verdict="compliant" +data-look="stale" data-severity="high">/,
    );
    expect(html).toMatch(/<td data-control="consent" data-verdict="compliant" *>/);
  });

  it('says of a target that it is stale, or paused', () => {
    const rows = [
      rowOf('a', 'compliant', { license: { stale: true } }),
      rowOf('b', 'compliant', {}, { paused: true }),
    ];
    const grid = part(page({ rows }), 'table', 'data-grid');
    const heads = grid.match(/<th scope="row">.*?<\/th>/gs) ?? [];
    expect(heads.map(textOf)).toEqual(['a Stale', 'b Compliant, paused']);
  });

  it('has what the script goes by', () => {
    const html = page({});
    const row = part(html, 'tr', 'data-row');
    expect(row).toContain('data-target="fabrikam-rooms"');
    expect(row).toContain('data-verdict="nonCompliant"');
    expect(row).toContain('data-rank="0"');
    expect(row).toContain(`data-since="${before(72)}"`);
    expect(html).toMatch(/<form[^>]* data-filter data-complete/);
  });

  it('shows what the form was sent with', () => {
    const html = page({}, reader, { q: 'A"B', verdict: 'unknown', sort: 'age' });
    expect(html).toContain('value="A&quot;B"');
    expect(
      html.match(/<option[^>]*selected[^>]*>/g)?.map((option) => attributes(option, 'value')[0]),
    ).toEqual(['unknown', '', '', 'age']);
    expect(html).not.toMatch(/<form[^>]* data-complete/);
    expect(html).toMatch(/<p data-none *>No target is like that/);
    expect(textOf(html)).toContain('0 targets, chosen from 3');
  });

  it('leads to the other pages with the same choices', () => {
    const html = page({ rows: manyRows(650) }, reader, {
      q: 'customer',
      sort: 'target',
      page: 2,
    });
    expect(attributes(part(html, 'nav', ''), 'href')).toEqual([
      '?q=customer&amp;sort=target#targets',
      '?q=customer&amp;sort=target&amp;page=3#targets',
    ]);
    expect(textOf(html)).toContain('150 of 650 targets');
  });

  it('stays below 300 KB', () => {
    expect(Buffer.byteLength(page({ rows: manyRows(200) }, as('Syncwarden.Admin')))).toBeLessThan(300_000);
    expect(Buffer.byteLength(page({ rows: manyRows(2000) }, as('Syncwarden.Admin')))).toBeLessThan(300_000);
  });

  it('says what to do when there is no target', () => {
    const html = page({ rows: [] });
    expect(textOf(html)).toContain(
      'There is no target yet. Somebody with the app role Syncwarden.Admin adds the first one.',
    );
    expect(html).not.toMatch(/<table|<form|<button/);
    const forAdmins = page({ rows: [] }, as('Syncwarden.Admin'));
    expect(forAdmins).toContain('<form class="target" data-target-form');
    expect(forAdmins).not.toMatch(/<table|data-action/);
  });
});

describe('the foot', () => {
  const links = (html: string) => attributes(part(html, 'footer', 'class="bottom"'), 'href');

  it('leads to the same in other forms, of the customer where the page is about one', () => {
    expect(links(page({}))).toEqual([
      'export/xlsx',
      'export/csv',
      'export/md',
      'export/json',
      'openapi.json',
    ]);
    expect(links(page({ customer: 'acme' }))[0]).toBe('export/xlsx?customer=acme');
    expect(links(page({}, file))).toEqual([]);
  });
});

describe('the shares', () => {
  const rows = [
    rowOf('a', 'nonCompliant', {
      license: { verdict: 'nonCompliant' },
      consent: { stale: true },
      rooms: { verdict: 'notApplicable' },
    }),
    rowOf('b', 'unknown', {
      license: { verdict: 'unknown' },
      consent: { verdict: 'nonCompliant', waived: true },
      rooms: { verdict: 'notApplicable' },
    }),
    rowOf('c', 'nonCompliant', { license: { verdict: 'nonCompliant' } }, { paused: true }),
  ];
  const lines = (frame = reader, customer?: string) =>
    page({ rows, customer }, frame).match(/<table class="shares">.*?<\/table>/gs) ?? [];
  const line = (table: string | undefined, title: string) =>
    (table?.match(/<tr>.*?<\/tr>/gs) ?? []).find((row) => textOf(row).startsWith(title)) ?? '';

  it('count what needs somebody of all that applies, of targets that are not paused', () => {
    const [bySeverity, byControl] = lines();
    expect(textOf(line(byControl, 'license'))).toBe('license high 2 of 2');
    expect(textOf(line(byControl, 'consent'))).toBe('consent high 1 of 2');
    expect(textOf(line(byControl, 'account'))).toBe('account critical none');
    // It applies to nobody that is watched.
    expect(line(byControl, 'rooms')).toBe('');
    expect(textOf(line(bySeverity, 'high'))).toBe('high 3 of 6');
    expect(textOf(line(bySeverity, 'critical'))).toMatch(/^critical none$/);
  });

  it('draw each part as wide as its share, and say it in words', () => {
    const bar = line(lines()[1], 'license');
    expect(attributes(bar, 'aria-label')).toEqual(['1 not compliant, 1 unknown']);
    expect(attributes(bar, 'width')).toEqual(['100', '100']);
    expect(attributes(line(lines()[1], 'consent'), 'aria-label')).toEqual(['1 stale, 1 accepted']);
  });

  it('lead to the targets, of the customer where there is one; in a file they lead nowhere', () => {
    expect(attributes(line(lines(reader, 'acme')[1], 'license'), 'href')).toEqual([
      '?customer=acme&amp;control=license#targets',
    ]);
    expect(attributes(line(lines()[0], 'high'), 'href')).toEqual(['?severity=high#targets']);
    expect(attributes(lines(file).join(''), 'href')).toEqual([]);
  });
});

describe('the first thing to do', () => {
  const page3 = (codes: string[]) =>
    textOf(
      part(
        page({ rows: [rowOf('a', 'nonCompliant', { impersonation: { verdict: 'nonCompliant', codes } })] }),
        'ul',
        'class="concerns"',
      ),
    );

  it('is one step where one thing is wrong', () => {
    expect(page3(['impersonation.roomNotCovered'])).toMatch(/ Do: \S/);
  });

  it('is a step for each thing that is wrong, with what it is about: none passes for all', () => {
    const text = page3([
      'impersonation.excessRole',
      'impersonation.roomNotCovered',
      'impersonation.strayMailbox',
    ]);
    expect(text).not.toContain('Do:');
    expect(text).toMatch(
      /A role is assigned that nobody asked for: .*A room is not reached: .*A mailbox that is no room is within reach: /,
    );
  });

  it('is no list without end', () => {
    const codes = ['excessRole', 'none', 'roomNotCovered', 'strayMailbox', 'unscoped'];
    expect(page3(codes.map((code) => `impersonation.${code}`))).toContain('2 more things on its page.');
  });
});

describe('what many have in common', () => {
  const rows = Array.from({ length: 12 }, (_, index) =>
    rowOf(`t${index}`, 'nonCompliant', { consent: { verdict: 'nonCompliant', codes: ['consent.missing'] } }),
  );

  it('can be accepted for all of them at once by whoever may', () => {
    const [button = ''] =
      page({ rows, customer: 'acme' }, as('Syncwarden.Admin')).match(
        /<button[^>]*accept-all.*?<\/button>/s,
      ) ?? [];
    expect(button).toContain('data-control="consent"');
    expect(button).toContain('data-codes="consent.missing"');
    expect(button).toContain('data-customer="acme"');
    expect(textOf(button)).toBe('Accept the risk for all 12 …');
    for (const frame of [as('Syncwarden.Remediate'), file])
      expect(page({ rows }, frame)).not.toContain('accept-all');
  });
});

describe('the score', () => {
  it('is rounded down, so that only a full one is 100 %', () => {
    expect(textOf(page({ score: 0.9999 }))).toContain('Score 99 %');
    expect(textOf(page({ score: 1 }))).toContain('Score 100 %');
    expect(textOf(page({ score: 0.57 }))).toContain('Score 57 %');
  });

  it('is not made up where no control applies', () => {
    expect(textOf(page({ score: undefined, trend: [] }))).toContain('Score No control applies');
  });
});

describe('actions', () => {
  it('are there for whoever may do them', () => {
    const button = part(page({}, as('Syncwarden.Audit')), 'button', 'data-action="audit"');
    expect(button).toContain(' hidden ');
    expect(button).not.toContain('data-target');
    expect(page({}, as('Syncwarden.Audit'))).toMatch(/<p [^>]*role="status" aria-live="polite" data-status>/);
  });

  it('are not there for others, nor in a file', () => {
    for (const frame of [reader, as(), as('Other.Admin'), file]) {
      expect(page({}, frame)).not.toContain('data-action');
      expect(page({}, frame)).not.toContain('data-status>');
    }
  });
});

describe('a file', () => {
  it('has no form, no page links, and nothing that needs a server', () => {
    const html = page({ rows: manyRows(650) }, file);
    expect(html).not.toContain('<form');
    expect(html).not.toContain('<nav');
    expect(html).not.toContain('data-live>');
    expect(attributes(part(html, 'main', ''), 'href')).toEqual([]);
  });

  it('holds every target: there is no server to ask for more', () => {
    expect(attributes(page({ rows: manyRows(650) }, file), 'data-rank')).toHaveLength(650);
  });

  it('leads to the pages of targets where there are some', () => {
    const frame: Frame = {
      viewer: null,
      targetHref: (id) => (id === 'contoso-rooms' ? 'contoso.html' : undefined),
    };
    expect(attributes(part(page({}, frame), 'main', ''), 'href')).toEqual(['contoso.html']);
  });
});

it('escapes whatever somebody else has named', () => {
  const evil = '"><img src=x onerror=alert(1)>';
  const { html } = overviewPage(
    overviewOf({
      better: [changeOf({ summary: evil, codes: [evil], targetId: evil })],
      rows: [
        rowOf(
          evil,
          'nonCompliant',
          { license: { verdict: 'nonCompliant', summary: evil, codes: [evil] } },
          { tenantId: evil },
        ),
      ],
    }),
    { viewer: { name: evil, roles: ['Syncwarden.Admin'] } },
    { q: evil },
  );
  expect(html).not.toContain('<img');
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
});
