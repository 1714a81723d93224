import { counted, grouped } from '../../counted';
import type { ResourceRow, Verdict } from '../../model/verdict';
import { kindOf, reachOf, searchTextOf } from '../page/row-text';
import { words } from '../page/words';
import { get } from './api';
import { all, element, fieldsOf, fill, find, findA, type Part, showInAddress } from './dom';

/** The worst first, as the server has them. */
const order: readonly Verdict[] = ['nonCompliant', 'unknown', 'compliant', 'notApplicable'];

/** A row with what a search looks at, put together once. */
interface Found {
  row: ResourceRow;
  text: string;
}

/** Searches the tables of rooms while somebody types. They are read when somebody begins, and a part of them is drawn. */
export function enhanceRows(page: ParentNode): void {
  const form = findA(HTMLFormElement, 'form[data-rows-filter]', page);
  const template = findA(HTMLTemplateElement, 'template[data-resource-template]', page);
  if (form === undefined || template === undefined) return;
  const tables = all<HTMLTableElement>('table[data-resources]', page).map(
    (table) => new RowsTable(page, table, template),
  );
  const show = () => {
    const { rq = '', resources = '', targetId = '' } = fieldsOf(form);
    for (const pages of all('[data-rows-pages]', page)) pages.hidden = true;
    showInAddress({ targetId, rq, resources });
    for (const table of tables) void table.show(rq, resources);
  };
  form.addEventListener('input', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    show();
  });
}

/** One table, with all of its rows once they are read. */
class RowsTable {
  private readonly control: string;
  private readonly pageSize: number;
  private rows: Promise<Found[] | string> | undefined;
  /** Counts what was asked for, so that an answer that comes late is not drawn over a later one. */
  private asked = 0;

  constructor(
    private readonly page: ParentNode,
    private readonly table: HTMLTableElement,
    private readonly template: HTMLTemplateElement,
  ) {
    this.control = table.dataset.control ?? '';
    this.pageSize = Number(table.dataset.pageSize);
  }

  /** Shows the rows with this text and this verdict; either may be empty. */
  async show(q: string, verdict: string): Promise<void> {
    const asked = ++this.asked;
    const rows = await (this.rows ??= this.read());
    if (asked !== this.asked) return;
    if (typeof rows === 'string') {
      // Asked again, it is read again.
      this.rows = undefined;
      this.say(`The rows could not be read: ${rows}`);
      return;
    }
    const text = q.trim().toLowerCase();
    this.draw(
      rows.filter((found) => (verdict === '' || found.row.verdict === verdict) && found.text.includes(text)),
      this.pageSize,
    );
  }

  /** Draws the first ones; the others on demand, because a thousand rows make a page slow. */
  private draw(matching: readonly Found[], upTo: number): void {
    const shown = matching.slice(0, upTo);
    const body = this.table.tBodies[0];
    if (body !== undefined) fill(body, ...shown.map(({ row }) => this.drawRow(row)));
    this.say(
      shown.length === matching.length
        ? counted(matching.length, 'row')
        : `${grouped(shown.length)} of ${counted(matching.length, 'row')}`,
    );
    this.offerMore(matching, upTo);
    const none = find(`[data-rows-none="${this.control}"]`, this.page);
    if (none === undefined) return;
    fill(none, 'No row is like that.');
    none.hidden = matching.length > 0;
  }

  private offerMore(matching: readonly Found[], upTo: number): void {
    const holder = this.table.parentElement;
    const old = holder?.nextElementSibling;
    if (old?.matches('button[data-more]')) old.remove();
    const left = matching.length - upTo;
    if (left <= 0) return;
    const more = element(
      'button',
      { type: 'button', 'data-more': '' },
      `Show ${grouped(Math.min(left, this.pageSize))} more`,
    );
    more.addEventListener('click', () => {
      this.draw(matching, upTo + this.pageSize);
      // Whoever goes by keyboard goes on where the new rows begin.
      const first = this.table.tBodies[0]?.rows[upTo];
      first?.setAttribute('tabindex', '-1');
      first?.focus();
    });
    holder?.after(more);
  }

  private drawRow(row: ResourceRow): Node {
    const drawn = this.template.content.cloneNode(true) as DocumentFragment;
    const put = (field: string, ...parts: readonly Part[]) => {
      const into = find(`[data-field="${field}"]`, drawn);
      if (into !== undefined) fill(into, ...parts);
    };
    put('name', row.displayName);
    put('kind', kindOf(row));
    put('resource', row.resource);
    put('verdict', words[row.verdict]);
    put('codes', ...row.codes.flatMap((code) => [element('code', {}, code), ' ']));
    put('reach', reachOf(row));
    put('detail', row.detail ?? '');
    find('[data-field="verdict"]', drawn)?.setAttribute('data-look', row.verdict);
    const line = find('[data-resource]', drawn);
    line?.setAttribute('data-verdict', row.verdict);
    line?.setAttribute('data-text', searchTextOf(row));
    return drawn;
  }

  /** Reads all rows, page by page. Gives why they could not be read: a part of them would look like all. */
  private async read(): Promise<Found[] | string> {
    const { source } = this.table.dataset;
    if (source === undefined) return 'the page does not say where they are.';
    const rows: ResourceRow[] = [];
    for (let continuation: string | undefined; ;) {
      this.say(
        rows.length === 0 ? 'Reading the rows …' : `Reading the rows: ${grouped(rows.length)} so far …`,
      );
      const next = continuation === undefined ? '' : `&continuation=${encodeURIComponent(continuation)}`;
      const outcome = await get<{ resources: { items: ResourceRow[]; continuation?: string } }>(
        source + next,
      );
      if (!outcome.ok) return outcome.problem.detail;
      rows.push(...outcome.value.resources.items);
      continuation = outcome.value.resources.continuation;
      if (continuation === undefined) break;
    }
    // Sorting is stable, and they come by address.
    return rows
      .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
      .map((row) => ({ row, text: searchTextOf(row) }));
  }

  private say(text: string): void {
    const count = find(`[data-rows-count="${this.control}"]`, this.page);
    if (count !== undefined) fill(count, text);
  }
}
