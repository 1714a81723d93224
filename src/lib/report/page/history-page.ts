import { sayUnreadable } from '../../model/unreadable';
import { controlIds } from '../../model/verdict';
import type { HistoryReport } from '../history-report';
import { cameFrom, codeList } from './changes';
import { select } from './filter-form';
import { type Frame, queryHref, targetHref } from './frame';
import { documentOf, type Rendered } from './layout';
import { severityMark, verdictMark } from './marks';
import { html, type Markup, name } from './markup';
import { moment } from './time';
import { lookOfCell, titleOf } from './words';

/** All that has changed on a target, newest first. */
export function historyPage(model: HistoryReport, frame: Frame): Rendered {
  const { targetId, isGone, changes, unreadable, control, continuation } = model;
  const older = queryHref({ targetId, history: 'all', control, continuation });
  return documentOf(frame, {
    title: `${titleOf(model)}: history`,
    page: 'history',
    targetId,
    generatedAt: model.generatedAt,
    home: queryHref({}),
    main: html`<p class="back">
        <a href="${queryHref({})}">All targets</a
        >${!isGone && html`, <a href="${targetHref(frame, targetId)}">this target</a>`}
      </p>
      <div class="opening">
        <h1>${name(titleOf(model))}</h1>
        <p class="lead">
          Everything that has changed, newest first.${isGone && ' The target is gone; its history is kept.'}
        </p>
        ${choice(model)}
      </div>
      ${unreadable.map((kept) => html`<p class="notice" data-look="unknown">${name(sayUnreadable(kept))}</p>`)}
      ${changes.length === 0 && html`<p>Nothing has changed.</p>`}
      <ul class="changes">
        ${changes.map(item)}
      </ul>
      ${continuation !== undefined && html`<nav class="pages" aria-label="Pages of the history"><a href="${older}" rel="next">Older changes</a></nav>`}`,
  });
}

function choice({ targetId, control }: HistoryReport): Markup {
  return html`<form class="filter">
    <input type="hidden" name="targetId" value="${targetId}" />
    <input type="hidden" name="history" value="all" />
    ${select('Control', 'control', control, [['', 'Any'], ...controlIds.map((id) => [id, id] as const)])}
    <button type="submit">Show</button>
  </form>`;
}

function item(change: HistoryReport['changes'][number]): Markup {
  const { control, severity, verdict, waived, summary, codes, at } = change;
  return html`<li>
    ${verdictMark(lookOfCell({ verdict, waived, stale: false }))}
    <p class="what"><b>${control}</b> ${severityMark(severity)}</p>
    <p class="when">${moment(at)}</p>
    <p class="how">${cameFrom(change)}</p>
    <p class="summary">${summary}</p>
    ${codes.length > 0 && html`<p class="codes">${codeList(codes)}</p>`}
  </li>`;
}
