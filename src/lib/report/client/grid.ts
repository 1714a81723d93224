import { counted, grouped } from '../../counted';
import { all, fieldsOf, fill, find, findA, showInAddress } from './dom';

/** The fields of the form above the grid. */
interface Choice {
  q: string;
  verdict: string;
  control: string;
  severity: string;
  tag?: string;
  sort: string;
}

/** Chooses among the targets and sorts them while somebody types, as the server would. */
export function enhanceGrid(page: ParentNode): void {
  const form = findA(HTMLFormElement, 'form[data-filter]', page);
  const grid = findA(HTMLTableElement, 'table[data-grid]', page);
  if (form === undefined || grid === undefined) return;
  if (form.dataset.complete === undefined) {
    // Only the server has all of them: a choice is sent at once, a text when it is written.
    form.addEventListener('change', ({ target }) => {
      if (target instanceof HTMLSelectElement) form.requestSubmit();
    });
    keepFocus(form);
    return;
  }
  const rows = all<HTMLTableRowElement>('tr[data-row]', grid);
  const show = () => {
    const choice = fieldsOf(form) as unknown as Choice;
    const chosen = arrange(rows, choice);
    tell(page, chosen, rows.length);
    showInAddress({ ...choice, sort: choice.sort === 'worst' ? '' : choice.sort });
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show();
  });
}

/** Whoever has chosen something stays at that field on the page that comes. */
function keepFocus(form: HTMLFormElement): void {
  const key = 'chosen-field';
  const field = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  if (field !== null && location.hash === '#targets')
    find(`[name="${CSS.escape(field)}"]`, form)?.focus({ preventScroll: true });
  form.addEventListener('submit', () => {
    const { activeElement } = document;
    const name = activeElement?.getAttribute('name');
    if (form.contains(activeElement) && typeof name === 'string') sessionStorage.setItem(key, name);
  });
}

/** Puts the chosen rows in order and hides the others. Gives how many are chosen. */
function arrange(rows: readonly HTMLTableRowElement[], choice: Choice): number {
  const text = choice.q.trim().toLowerCase();
  const chosen = new Set(
    rows.filter(
      (row) =>
        searchableText(row).includes(text) &&
        hasVerdict(row, choice) &&
        hasOpen(row, choice) &&
        hasTag(row, choice.tag ?? ''),
    ),
  );
  for (const row of rows) row.hidden = !chosen.has(row);
  const sorted = rows.toSorted(orderOf(choice.sort));
  const isSorted = sorted.every((row, index) => index === 0 || follows(row, sorted[index - 1]));
  if (!isSorted) sorted[0]?.parentElement?.append(...sorted);
  return chosen.size;
}

/** Whether a row stands right behind another one: what is in order need not be moved. */
function follows(row: HTMLTableRowElement, previous: HTMLTableRowElement | undefined): boolean {
  return row.previousElementSibling === previous;
}

function searchableText({ dataset }: HTMLTableRowElement): string {
  return `${dataset.target ?? ''} ${dataset.tenant ?? ''} ${dataset.names ?? ''}`.toLowerCase();
}

/** Whether something of the target needs somebody that is as severe as what is chosen. */
function hasOpen(row: HTMLTableRowElement, { severity, control }: Choice): boolean {
  if (severity === '') return true;
  return (
    findA(HTMLTableCellElement, `td${ofControl(control)}[data-severity="${CSS.escape(severity)}"]`, row) !==
    undefined
  );
}

function hasTag({ dataset }: HTMLTableRowElement, tag: string): boolean {
  return tag === '' || (dataset.tags ?? '').split(' ').includes(tag);
}

function ofControl(control: string): string {
  return control === '' ? '' : `[data-control="${CSS.escape(control)}"]`;
}

/** Without a verdict a control leaves the targets to which it applies. */
function hasVerdict(row: HTMLTableRowElement, { verdict, control }: Choice): boolean {
  if (verdict === 'stale' || verdict === 'accepted')
    return findA(HTMLTableCellElement, `td${ofControl(control)}[data-look="${verdict}"]`, row) !== undefined;
  if (control === '') return verdict === '' || row.dataset.verdict === verdict;
  const cell = findA(HTMLTableCellElement, `td${ofControl(control)}`, row);
  const found = cell?.dataset.verdict;
  return verdict === '' ? found !== 'notApplicable' : found === verdict;
}

type Order = (a: HTMLTableRowElement, b: HTMLTableRowElement) => number;

const byRank: Order = (a, b) => Number(a.dataset.rank) - Number(b.dataset.rank);

function orderOf(sort: string): Order {
  if (sort === 'target') return (a, b) => compare(a.dataset.target ?? '', b.dataset.target ?? '');
  // Times of one form sort as text; what has nothing wrong comes last.
  if (sort === 'age')
    return (a, b) => compare(a.dataset.since ?? '~', b.dataset.since ?? '~') || byRank(a, b);
  return byRank;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tell(page: ParentNode, chosen: number, rows: number): void {
  const shown = counted(chosen, 'target');
  const count = find('[data-count]', page);
  if (count !== undefined) fill(count, chosen === rows ? shown : `${shown}, chosen from ${grouped(rows)}`);
  const none = find('[data-none]', page);
  if (none !== undefined) none.hidden = chosen > 0;
}
