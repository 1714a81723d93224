import { enhanceActions } from './actions';
import { all, find } from './dom';
import { enhanceGrid } from './grid';
import { enhanceRows } from './rows';
import { enhanceTargetForm } from './target-form';

/** Makes the page quicker and lets it act. Whatever it does, the page works without it; a file is left as it is. */
function enhance(): void {
  // One that a browser has saved says that it is live, and there is nobody behind it.
  if (document.body.dataset.live === undefined || location.protocol === 'file:') return;
  for (const element of all('[data-needs-script]')) element.hidden = false;
  const page = find('main');
  if (page === undefined) return;
  enhanceGrid(page);
  enhanceRows(page);
  enhanceTargetForm(page);
  enhanceActions({ enhance });
}

enhance();
