import { counted, grouped } from '../../counted';
import { controlIds, severities } from '../../model/verdict';
import type { Overview } from '../model';
import { type GridSort, gridVerdicts } from '../query';
import { queryHref } from './frame';
import type { GridPage, GridQuery } from './grid-query';
import { html, type Markup } from './markup';
import { words } from './words';

const sorts: Readonly<Record<GridSort, string>> = {
  worst: 'Worst first',
  target: 'By name',
  age: 'Longest first',
};

/** Chooses among the targets: by the server, or in place where all of them are on the page. */
export function filterForm(query: GridQuery, { customer, rows }: Overview, isComplete: boolean): Markup {
  const tags = [...new Set(rows.flatMap((row) => row.tags ?? []))].sort();
  return html`<form
    class="filter"
    action="#targets"
    data-filter
    ${isComplete && html`data-complete`}
    role="search"
  >
    ${customer !== undefined && html`<input type="hidden" name="customer" value="${customer}" />`}
    <label
      >Target, tenant or tag <input type="search" name="q" value="${query.q ?? ''}" maxlength="200"
    /></label>
    ${select('Verdict', 'verdict', query.verdict, [
      ['', 'Any'],
      ...gridVerdicts.map((verdict) => [verdict, words[verdict]] as const),
    ])}
    ${select('Control', 'control', query.control, [['', 'Any'], ...controlIds.map((id) => [id, id] as const)])}
    ${select('Severity', 'severity', query.severity, [['', 'Any'], ...severities.map((one) => [one, one] as const)])}
    ${tags.length > 0 && select('Tag', 'tag', query.tag, [['', 'Any'], ...tags.map((tag) => [tag, tag] as const)])}
    ${select('Order', 'sort', query.sort ?? 'worst', Object.entries(sorts))}
    <button type="submit">Show</button>
  </form>`;
}

/** A choice of one of several values, each with what is said for it. */
export function select(
  label: string,
  field: string,
  chosen: string | undefined,
  options: readonly (readonly [value: string, text: string])[],
): Markup {
  const option = ([value, text]: readonly [string, string]) =>
    html`<option value="${value}" ${value === (chosen ?? '') && html`selected`}>${text}</option>`;
  return html`<label
    >${label}
    <select name="${field}">
      ${options.map(option)}
    </select></label
  >`;
}

/** How many targets are shown, of how many. */
export function gridCount({ rows, matching }: GridPage, all: number): Markup {
  const shown =
    rows.length === matching
      ? counted(matching, 'target')
      : `${grouped(rows.length)} of ${counted(matching, 'target')}`;
  const chosen = matching === all ? shown : `${shown}, chosen from ${grouped(all)}`;
  return html`<p class="count" data-count aria-live="polite">${chosen}</p>`;
}

/** Links to the other pages of what was asked for; nothing when there is one page. */
export function gridPages({ page, pages }: GridPage, query: GridQuery): Markup | false {
  const href = (to: number) =>
    `${queryHref({ ...query, sort: query.sort === 'worst' ? undefined : query.sort, page: to })}#targets`;
  return pager('Pages of targets', page, pages, href);
}

/** Previous, where one is, and next. */
export function pager(
  label: string,
  page: number,
  pages: number,
  href: (page: number) => string,
): Markup | false {
  if (pages <= 1) return false;
  return html`<nav class="pages" aria-label="${label}">
    ${page > 1 && html`<a href="${href(Math.min(page - 1, pages))}" rel="prev">Previous</a>`}
    <span>Page ${page} of ${grouped(pages)}</span>
    ${page < pages && html`<a href="${href(page + 1)}" rel="next">Next</a>`}
  </nav>`;
}
