import type { HistoryReport } from '../../../../src/lib/report/history-report';
import { type Frame, historyPage } from '../../../../src/lib/report/page';
import { attributes, bodyOf, part, textOf } from '../../../support/page';
import { before, changeOf, now } from '../../../support/report-models';

const reader: Frame = { viewer: { name: 'Ada', roles: ['Syncwarden.Read'] } };

const page = (change: Partial<HistoryReport> = {}) =>
  bodyOf(
    historyPage(
      {
        ...{ generatedAt: now, targetId: 'fabrikam-rooms', isGone: false, control: undefined },
        ...{ changes: [changeOf(), changeOf({ at: before(50), summary: '<i>Older</i>' })] },
        ...{ unreadable: [], continuation: undefined },
        ...change,
      },
      reader,
    ).html,
  );
const main = (change: Partial<HistoryReport> = {}) => part(page(change), 'main', '');

describe('the history of a target', () => {
  it('says each change with its moment, what was before, and why', () => {
    expect(textOf(part(main(), 'ul', 'class="changes"'))).toBe(
      'Not compliant consent high 2026-11-24 02:00:00 UTC was compliant One permission of the vendor’s application is missing. consent.missing ' +
        'Not compliant consent high 2026-11-22 06:00:00 UTC was compliant <i>Older</i> consent.missing',
    );
  });

  it('leads back to the target, and on to what is older, of the same control', () => {
    expect(attributes(main(), 'href')).toEqual(['?', '?targetId=fabrikam-rooms']);
    const more = main({ control: 'consent', continuation: 'next' });
    expect(attributes(more, 'href').at(-1)).toBe(
      '?targetId=fabrikam-rooms&amp;history=all&amp;control=consent&amp;continuation=next',
    );
    expect(more).toMatch(/<option value="consent" selected>/);
  });

  it('says that a target is gone, and leads to no page of it', () => {
    expect(textOf(main({ isGone: true }))).toContain('The target is gone; its history is kept.');
    expect(attributes(main({ isGone: true }), 'href')).toEqual(['?']);
  });

  it('says what cannot be read, and that nothing has changed', () => {
    const kept = { table: 'SyncwardenHistory', partitionKey: 'a', rowKey: 'b', targetId: 'a', errors: [] };
    expect(main({ changes: [], unreadable: [{ kind: 'transition', ...kept } as never] })).toContain(
      'data-look="unknown"',
    );
    expect(textOf(main({ changes: [] }))).toContain('Nothing has changed.');
  });
});
