import type { Change, ManualStep } from '../../model/plan';
import type { AgreedPlan } from '../../remediation/plan';
import { valueText } from '../page/value-text';
import { element, outward } from './dom';

/** A plan as text, as the server makes it for a file. */
export function planElement({ changes, manualSteps }: Pick<AgreedPlan, 'changes' | 'manualSteps'>): Element {
  return element(
    'div',
    { class: 'plan' },
    changes.length === 0
      ? element('p', {}, 'There is nothing that Syncwarden can change here.')
      : element('ol', { class: 'plan-changes' }, ...changes.map(changeElement)),
    manualSteps.length > 0 && element('p', {}, element('b', {}, 'By hand')),
    manualSteps.length > 0 && element('ul', { class: 'plan-steps' }, ...manualSteps.map(stepElement)),
  );
}

function changeElement({ description, before, after, permission, undo }: Change): Element {
  return element(
    'li',
    {},
    description,
    element(
      'dl',
      {},
      ...pair('Before', element('code', {}, valueText(before))),
      ...pair('After', element('code', {}, valueText(after))),
      ...pair('Permission', permission),
    ),
    undo === undefined && element('p', { class: 'note' }, 'It cannot be undone.'),
  );
}

function pair(term: string, description: string | Element): Element[] {
  return [element('dt', {}, term), element('dd', {}, description)];
}

function stepElement({ description, link }: ManualStep): Element {
  return element('li', {}, description, ' ', outward(link, 'Open'));
}
