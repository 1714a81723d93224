import { counted, grouped } from '../../counted';
import { verdicts, type Verdict } from '../../model/verdict';
import type { ResourceReport, TargetReport } from '../model';
import { coverage } from './coverage';
import { pager, select } from './filter-form';
import { type Frame, queryHref } from './frame';
import { html, type Markup } from './markup';
import { emptyRow, rowsTable } from './rows-table';
import { rowTitles, words } from './words';

/** Which rows of rooms are shown. The model has them chosen already; the form shows what was asked for. */
export interface RowsQuery {
  verdict?: Verdict | undefined;
  /** Text in the address or name. */
  q?: string | undefined;
}

/** Rooms and the mailboxes that are none, control by control, with one search for all. Nothing without any. */
export function roomsSection(model: TargetReport, frame: Frame, query: RowsQuery): Markup | false {
  const { resources, targetId } = model;
  if (resources.length === 0) return false;
  const live = frame.viewer !== null;
  return html`<section class="rooms" id="all-rooms" aria-labelledby="all-rooms-title" data-rooms>
    <h2 id="all-rooms-title">Room by room</h2>
    ${live && rowsForm(targetId, query)} ${resources.map((report) => resourceSection(report, targetId, live))}
    ${live && html`${rowPages(model, query)} ${emptyRow()}`}
  </section>`;
}

function rowsForm(targetId: string, { q, verdict }: RowsQuery): Markup {
  return html`<form class="filter" action="#all-rooms" data-rows-filter role="search">
    <input type="hidden" name="targetId" value="${targetId}" />
    <label>Room or mailbox <input type="search" name="rq" value="${q ?? ''}" maxlength="200" /></label>
    ${select('Verdict', 'resources', verdict, [
      ['', 'Any'],
      ...verdicts.map((one) => [one, words[one]] as const),
    ])}
    <button type="submit">Show</button>
  </form>`;
}

function resourceSection(report: ResourceReport, targetId: string, live: boolean): Markup {
  const { control, rows, matching } = report;
  return html`<section class="resources" aria-labelledby="${control}-rows">
    <h3 id="${control}-rows">${rowTitles[control] ?? control} <code>${control}</code></h3>
    ${coverage(report)}
    <p class="count" data-rows-count="${control}" aria-live="polite">${rowCount(report)}</p>
    ${rowsTable(report, live ? targetId : undefined)}
    <p data-rows-none="${control}" ${rows.length > 0 && html`hidden`}>
      ${matching === 0 ? 'No row is like that.' : 'There are no more rows of this control.'}
    </p>
    ${!live && !report.complete && html`<p class="note">The other rows are not in this file.</p>`}
  </section>`;
}

function rowCount({ rows, matching }: ResourceReport): string {
  return rows.length === matching
    ? counted(matching, 'row')
    : `${grouped(rows.length)} of ${counted(matching, 'row')}`;
}

/** One pager for all tables: most rooms stand in each of them. */
function rowPages({ resources, targetId }: TargetReport, { q, verdict }: RowsQuery): Markup | false {
  const page = Math.max(...resources.map((report) => report.page));
  const pages = Math.max(...resources.map(({ matching, pageSize }) => Math.ceil(matching / pageSize)));
  const href = (to: number) => `${queryHref({ targetId, resources: verdict, rq: q, rpage: to })}#all-rooms`;
  const links = pager('Pages of rooms', page, pages, href);
  return links !== false && html`<div data-rows-pages>${links}</div>`;
}
