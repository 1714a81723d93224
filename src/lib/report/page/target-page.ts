import { counted } from '../../counted';
import type { Finding } from '../../model/finding';
import { sayUnreadable } from '../../model/unreadable';
import { controlIds, severities, verdicts } from '../../model/verdict';
import type { Cell, ControlReport, TargetReport } from '../model';
import { actionButton, statusLine } from './actions';
import { findingSection } from './finding';
import { type Frame, may, queryHref } from './frame';
import { documentOf, type Rendered } from './layout';
import { outward } from './links';
import { severityMark, verdictMark } from './marks';
import { html, type Markup, name } from './markup';
import { repairsSection } from './repairs';
import { roomsSection, type RowsQuery } from './rooms';
import { age, shortAge } from './time';
import { percent, trendChart } from './trend';
import { lookOfCell, needsAttention, titleOf } from './words';

/** The page about one target: what is wrong, since when, and what to do. */
export function targetPage(model: TargetReport, frame: Frame, query: RowsQuery = {}): Rendered {
  const controls = worstFirst(model.controls);
  const home = frame.viewer === null ? undefined : queryHref({});
  return documentOf(frame, {
    title: `${titleOf(model)}: ${headlineOf(model)}`,
    page: 'target',
    targetId: model.targetId,
    generatedAt: model.generatedAt,
    home,
    main: html`${home !== undefined && html`<p class="back"><a href="${home}">All targets</a></p>`}
      <div class="opening">
        <h1>${name(titleOf(model))}</h1>
        <p class="lead">${headlineOf(model)}.${model.paused && ' Paused: it is not audited at night.'}</p>
        ${model.unreadable.map((kept) => html`<p class="notice" data-look="unknown">${name(sayUnreadable(kept))}</p>`)}
        ${actions(model, frame)}
      </div>
      <div class="columns">${glance(controls, model.generatedAt)} ${about(model)}</div>
      ${controls.map((report) => findingSection(report, model, frame))} ${roomsSection(model, frame, query)}
      ${repairsSection(model, frame)}`,
  });
}

/** Nothing stale or unknown is fine, and what was left out says nothing. */
function headlineOf({ controls }: TargetReport): string {
  const left = controlIds.length - controls.length;
  const rest = left === 0 ? '' : `; ${left} ${left === 1 ? 'was' : 'were'} left out`;
  return `${summaryOfControls(controls)}${rest}`;
}

function summaryOfControls(controls: readonly ControlReport[]): string {
  const looks = controls.map(({ cell }) => lookOfCell(cell));
  const open = looks.filter(needsAttention).length;
  if (open > 0)
    return `${open} of ${counted(controls.length, 'control')} ${open === 1 ? 'needs' : 'need'} attention`;
  // Where nothing applies nothing was proved.
  if (looks.every((look) => look === 'notApplicable')) return 'No control applies';
  const accepted = looks.filter((look) => look === 'accepted').length;
  return accepted === 0
    ? 'Every control that applies is compliant'
    : `Every control that applies is compliant, or its risk accepted (${accepted})`;
}

function worstFirst(controls: readonly ControlReport[]): ControlReport[] {
  const rank = ({ cell }: ControlReport) => {
    const attention = needsAttention(lookOfCell(cell)) ? 0 : 100;
    return attention + verdicts.indexOf(cell.verdict) * 10 + severities.indexOf(cell.severity);
  };
  return controls.toSorted((a, b) => rank(a) - rank(b));
}

function actions({ targetId, paused }: TargetReport, frame: Frame): Markup | false {
  const text = paused ? 'Audit now, though paused' : 'Audit now';
  const buttons = [
    actionButton(frame, { name: 'audit', target: targetId, text }),
    actionButton(
      frame,
      paused
        ? { name: 'resume', target: targetId, text: 'Watch it again' }
        : { name: 'pause', target: targetId, text: 'Pause' },
    ),
    actionButton(frame, { name: 'delete', target: targetId, text: 'Delete …' }),
  ].filter((button) => button !== false);
  if (buttons.length === 0) return false;
  return html`<div class="actions">
    ${buttons}
    ${may(frame, 'Syncwarden.Admin') && html`<a href="${queryHref({ targetId, form: 'edit' })}">Change its settings</a>`}
    ${statusLine(frame)}
  </div>`;
}

/** All controls in a few lines, each leading to its section. */
function glance(controls: readonly ControlReport[], now: string): Markup {
  return html`<section class="glance" aria-labelledby="controls">
    <h2 id="controls">Controls</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Control</th>
          <th scope="col">Verdict</th>
          <th scope="col">Since</th>
          <th scope="col">In short</th>
        </tr>
      </thead>
      <tbody>
        ${controls.map((report) => glanceRow(report, now))}
      </tbody>
    </table>
  </section>`;
}

function glanceRow({ control, cell, finding }: ControlReport, now: string): Markup {
  return html`<tr>
    <th scope="row"><a href="#${control}">${control}</a> ${severityMark(cell.severity)}</th>
    <td>${verdictMark(lookOfCell(cell))}</td>
    <td>${cell.since === null ? '–' : shortAge(cell.since, now)}</td>
    <td>${inShort(finding, cell, now)}</td>
  </tr>`;
}

function inShort(finding: Finding | undefined, { stale, verifiedAt, unreadable }: Cell, now: string): Markup {
  if (unreadable) return html`What was found cannot be read.`;
  if (finding === undefined) return html`It has never run.`;
  const old = verifiedAt === null ? 'Never verified. ' : html`Not verified for ${age(verifiedAt, now)}. `;
  return html`${stale && old}${finding.summary}`;
}

function scoreText(score: number | undefined, paused: boolean): string {
  if (score !== undefined) return percent(score);
  return paused ? 'None while paused' : 'No control applies';
}

function about(model: TargetReport): Markup {
  const { tenantId, serviceAccount, clientAppId, profile, product } = model;
  const { score, paused, trend, generatedAt, requests } = model;
  return html`<section class="score" aria-labelledby="score">
    <h2 id="score">Score</h2>
    <p class="figure">${scoreText(score, paused)}</p>
    ${trendChart(trend, generatedAt)}
    <dl class="about">
      ${
        model.displayName !== undefined &&
        html`<dt>Target</dt>
          <dd>${model.targetId}</dd>`
      }
      ${
        model.customer !== undefined &&
        html`<dt>Customer</dt>
          <dd>${model.customer}</dd>`
      }
      ${
        model.tags !== undefined &&
        html`<dt>Tags</dt>
          <dd>${model.tags.join(', ')}</dd>`
      }
      <dt>Tenant</dt>
      <dd>${tenantId}</dd>
      <dt>Service account</dt>
      <dd>${name(serviceAccount ?? 'none')}</dd>
      <dt>Application</dt>
      <dd>${clientAppId}</dd>
      <dt>Product</dt>
      <dd>${outward(product.source, product.title)}</dd>
      <dt>Reaches rooms by</dt>
      <dd>${product.reachesRoomsBy}</dd>
      <dt>Profile</dt>
      <dd>${profile}</dd>
      ${product.notKnown.length > 0 && notKnown(product.notKnown)}
      <dt>Requests</dt>
      <dd>${counted(requests, 'request')} to Microsoft 365 in its last audits</dd>
    </dl>
  </section>`;
}

/** What nobody can say is fine, however the tenant is set up. */
function notKnown(why: readonly string[]): Markup {
  return html`<dt>Not known</dt>
    <dd>${why.map((sentence) => html`<p>${sentence}</p>`)}</dd>`;
}
