import type { Overview, Row } from '../model';
import { actionButton, statusLine } from './actions';
import { betterSection } from './changes';
import { concernsSection } from './concerns';
import { filterForm, gridCount, gridPages, select } from './filter-form';
import { type Frame, may, queryHref } from './frame';
import { grid, rowLook } from './grid';
import { chooseRows, type GridQuery } from './grid-query';
import { documentOf, type Rendered } from './layout';
import { html, type Markup } from './markup';
import { verdictMark } from './marks';
import { sharesSection } from './shares';
import { targetForm } from './target-form';
import { percent, trendChart } from './trend';
import { counted, grouped } from '../../counted';
import { type Look, needsAttention, words } from './words';

/** The page about all targets: what needs somebody, what has become better, then how each of them stands. */
export function overviewPage(model: Overview, frame: Frame, query: GridQuery = {}): Rendered {
  const active = model.rows.filter(({ paused }) => !paused);
  const headline = headlineOf(active);
  return documentOf(frame, {
    title: headline,
    page: 'overview',
    customer: model.customer,
    generatedAt: model.generatedAt,
    home: frame.viewer === null ? undefined : queryHref({}),
    main: html`<div class="opening">
        ${model.customer === undefined ? customers(model.rows, frame) : customerLine(model.customer, frame)}
        <h1>${headline}</h1>
        ${counts(model.rows, active)} ${model.rows.length > 0 && actions(frame, model.customer)}
      </div>
      ${model.rows.length === 0 ? noTargets(frame) : allOf(model, frame, query)}`,
  });
}

function allOf(model: Overview, frame: Frame, query: GridQuery): Markup {
  const { concerns, rows, generatedAt, customer, better, betterCount } = model;
  return html`<div class="columns">
      <div>
        ${concernsSection(concerns, rows, frame, generatedAt, customer)}
        ${betterSection(better, betterCount, frame, generatedAt)}
      </div>
      ${scoreSection(model, frame)}
    </div>
    ${gridSection(model, frame, query)}`;
}

/** Whose targets these are, and the ways on. */
function customerLine(customer: string, frame: Frame): Markup {
  const file = queryHref({ customer, download: '1' });
  return html`<p class="back">
    Customer
    <b>${customer}</b
    >${frame.viewer !== null && html`: <a href="${file}">a file to hand out</a>, or <a href="${queryHref({})}">all targets</a>`}
  </p>`;
}

/** The way to the targets of one customer, where there are customers. */
function customers(rows: readonly Row[], frame: Frame): Markup | false {
  const all = [...new Set(rows.flatMap(({ customer }) => customer ?? []))].sort();
  if (all.length === 0 || frame.viewer === null) return false;
  return html`<form class="customers">
    ${select('Customer', 'customer', undefined, [['', 'All'], ...all.map((one) => [one, one] as const)])}
    <button type="submit">Show</button>
  </form>`;
}

/** The one sentence that has to be right. Nothing stale or unknown is fine. */
function headlineOf(active: readonly Row[]): string {
  const open = active.filter((row) => needsAttention(rowLook(row))).length;
  if (active.length === 0) return 'Nothing is watched';
  if (open > 0) {
    return `${grouped(open)} of ${counted(active.length, 'target')} ${open === 1 ? 'needs' : 'need'} attention`;
  }
  // Where nothing applies nothing was proved.
  if (active.some((row) => rowLook(row) !== 'compliant')) return 'No target needs attention';
  const all = active.length === 1 ? 'The target is' : `All ${grouped(active.length)} targets are`;
  const accepted = acceptedRisks(active);
  return `${all} compliant${accepted > 0 ? `, with ${counted(accepted, 'accepted risk')}` : ''}`;
}

function acceptedRisks(active: readonly Row[]): number {
  return active.flatMap(({ cells }) => cells).filter(({ waived }) => waived).length;
}

const tallied: readonly Look[] = ['nonCompliant', 'unknown', 'stale', 'compliant', 'notApplicable'];

/** How many targets stand how, and what they have that is easily overlooked. */
function counts(rows: readonly Row[], active: readonly Row[]): Markup {
  const count = (look: Look) => active.filter((row) => rowLook(row) === look).length;
  const parts = tallied.flatMap((look) => {
    const targets = count(look);
    return targets === 0
      ? []
      : [html`<li>${verdictMark(look, `${grouped(targets)} ${words[look].toLowerCase()}`)}</li>`];
  });
  const accepted = acceptedRisks(active);
  const paused = rows.length - active.length;
  return html`<ul class="counts">
    ${parts} ${accepted > 0 && html`<li>${counted(accepted, 'accepted risk')}</li>`}
    ${paused > 0 && html`<li>${grouped(paused)} paused, not watched</li>`}
  </ul>`;
}

/** What is about all targets stands on the page about all of them; what comes of any action is said here, whose place may be gone. */
function actions(frame: Frame, customer: string | undefined): Markup | false {
  if (!may(frame, 'Syncwarden.Audit')) return false;
  const isAll = customer === undefined;
  return html`<div class="actions">
    ${isAll && actionButton(frame, { name: 'audit', text: 'Audit all targets now' })} ${statusLine(frame)}
    ${isAll && may(frame, 'Syncwarden.Admin') && html`<a href="${queryHref({ form: 'new' })}">Add a target</a>`}
  </div>`;
}

function scoreSection({ score, trend, generatedAt, rows, customer }: Overview, frame: Frame): Markup {
  return html`<section class="score" aria-labelledby="score">
    <h2 id="score">Score</h2>
    <p class="figure">${score === undefined ? 'No control applies' : percent(score)}</p>
    <p class="note">
      The share of applicable controls that are compliant or accepted, as the mean of all targets; the last 90
      days.
    </p>
    ${customer === undefined && trendChart(trend, generatedAt)} ${sharesSection(rows, frame, customer)}
  </section>`;
}

function gridSection(model: Overview, frame: Frame, query: GridQuery): Markup {
  // A file has no server to ask for more.
  const page = chooseRows(model.rows, query, frame.viewer === null ? Infinity : undefined);
  const isComplete = page.rows.length === model.rows.length;
  return html`<section aria-labelledby="targets">
    <h2 id="targets">Targets</h2>
    ${frame.viewer !== null && filterForm(query, model, isComplete)} ${gridCount(page, model.rows.length)}
    ${grid(page.rows, frame, model.generatedAt)}
    <p data-none ${page.rows.length > 0 && html`hidden`}>No target is like that.</p>
    ${frame.viewer !== null && gridPages(page, query)}
  </section>`;
}

function noTargets(frame: Frame): Markup {
  if (!may(frame, 'Syncwarden.Admin'))
    return html`<p>
      There is no target yet. Somebody with the app role Syncwarden.Admin adds the first one.
    </p>`;
  return html`<section aria-labelledby="first">
    <h2 id="first">Add the first target</h2>
    ${targetForm()}
  </section>`;
}
