import type { Change, ManualStep, Plan } from '../../model/plan';
import { outward } from './links';
import { html, type Markup } from './markup';
import { valueText } from './value-text';

/** A plan as text: the changes in their order with before and after, then what only a person can do. */
export function planText({ changes, manualSteps }: Plan): Markup {
  return html`<div class="plan">
    ${changes.length === 0 && html`<p>There is nothing that Syncwarden can change here.</p>`}
    ${
      changes.length > 0 &&
      html`<ol class="plan-changes">
        ${changes.map(plannedChange)}
      </ol>`
    }
    ${
      manualSteps.length > 0 &&
      html`<p><b>By hand</b></p>
        <ul class="plan-steps">
          ${manualSteps.map(manualStep)}
        </ul>`
    }
  </div>`;
}

function plannedChange({ description, before, after, permission, undo }: Change): Markup {
  return html`<li>
    ${description}
    <dl>
      <dt>Before</dt>
      <dd><code>${valueText(before)}</code></dd>
      <dt>After</dt>
      <dd><code>${valueText(after)}</code></dd>
      <dt>Permission</dt>
      <dd>${permission}</dd>
    </dl>
    ${undo === undefined && html`<p class="note">It cannot be undone.</p>`}
  </li>`;
}

function manualStep({ description, link }: ManualStep): Markup {
  return html`<li>${description} ${outward(link, 'Open')}</li>`;
}
