import { element } from './dom';

/**
 * Asks before something is done. True when the person agrees; Escape and closing are a no.
 * @param button that was pressed: whoever says no is back at it.
 */
export function confirmed(button: HTMLButtonElement, question: string, agree: string): Promise<boolean> {
  return new Promise((resolve) => {
    const title = element('p', { id: 'confirm-question' }, question);
    const yes = element('button', { type: 'submit', value: 'yes', 'data-confirm': 'yes' }, agree);
    const no = element(
      'button',
      { type: 'submit', value: 'no', 'data-confirm': 'no', autofocus: '' },
      'Cancel',
    );
    const form = element('form', { method: 'dialog', class: 'actions' }, no, yes);
    const dialog = element('dialog', { 'aria-labelledby': 'confirm-question' }, title, form);
    dialog.addEventListener('close', () => {
      dialog.remove();
      const isAgreed = dialog.returnValue === 'yes';
      if (!isAgreed) button.focus();
      resolve(isAgreed);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
