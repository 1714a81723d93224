import { dayMs } from '../../durations';
import { all, element, fieldsOf } from './dom';

/** What somebody accepts, as the API takes it. */
export interface Acceptance {
  reason: string;
  expiresAt: string;
  codes: string[];
}

/** Longer than a year nobody may accept anything; a day in reserve for the difference of clocks. */
const longestDays = 365;

/**
 * Asks what is accepted, why, and until when. Undefined when the person thinks better of it.
 * @param button that was pressed: whoever thinks better of it is back at it.
 */
export function acceptance(
  button: HTMLButtonElement,
  what: string,
  codes: readonly string[],
): Promise<Acceptance | undefined> {
  return new Promise((resolve) => {
    const day = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
    const reason = element('textarea', {
      ...{ name: 'reason', required: '', minlength: '10', maxlength: '2000', rows: '3', autofocus: '' },
    });
    const until = element('input', {
      ...{ name: 'until', type: 'date', required: '', min: day(1), max: day(longestDays), value: day(90) },
    });
    const boxes = codes.map((code) =>
      element(
        'label',
        {},
        element('input', { type: 'checkbox', name: 'code', value: code, checked: '' }),
        ` ${code}`,
      ),
    );
    const form = element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'accept-title' }, `Accept the risk of ${what}`),
      element('p', {}, 'What is found now is accepted as it is, and nothing else: it is audited first.'),
      element('fieldset', {}, element('legend', {}, 'Violations'), ...boxes),
      element('label', {}, 'Why (at least 10 characters)', reason),
      element('label', {}, 'Until the end of (UTC)', until),
      element(
        'div',
        { class: 'actions' },
        element('button', { type: 'submit', value: 'no', formnovalidate: '' }, 'Cancel'),
        element('button', { type: 'submit', value: 'yes', 'data-confirm': 'yes' }, 'Accept the risk'),
      ),
    );
    const dialog = element('dialog', { 'aria-labelledby': 'accept-title' }, form);
    dialog.addEventListener('close', () => {
      const chosen = all<HTMLInputElement>('input[name="code"]:checked', form).map(({ value }) => value);
      const { reason: why = '', until: end = '' } = fieldsOf(form);
      dialog.remove();
      const isAccepted = dialog.returnValue === 'yes';
      if (!isAccepted) button.focus();
      resolve(isAccepted ? { reason: why, expiresAt: `${end}T23:59:59Z`, codes: chosen } : undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
