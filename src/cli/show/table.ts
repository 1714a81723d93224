import Table from 'cli-table3';
import pc from 'picocolors';

/** How data may look. */
export interface TableLook {
  /** Width in characters. */
  columns: number;
  colors: ReturnType<typeof pc.createColors>;
}

/** The look that suits an output of this width. */
export function tableLook({ columns, hasColors }: { columns: number; hasColors: boolean }): TableLook {
  return { columns, colors: pc.createColors(hasColors) };
}

/** In characters: so much a column has that takes what the others leave, however narrow the output is. */
const narrowest = 24;

/** In characters: what stands between columns. */
const borders = 6;

/** No lines between rows, for those that are mostly one line high. */
const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/**
 * A table with a head; long texts are wrapped. One column may take what the others of a fixed width leave.
 * @param cells made printable by whoever knows which of them are foreign: they may hold colours and line ends.
 */
export function table(
  { columns: width, colors }: TableLook,
  columns: readonly (readonly [title: string, width: number | 'rest'])[],
  cells: readonly (readonly string[])[],
  { hasRules = false } = {},
): string {
  const fixed = columns.reduce((sum, [, own]) => sum + (own === 'rest' ? 0 : own), 0);
  const rest = Math.max(narrowest, width - fixed - borders);
  const made = new Table({
    head: columns.map(([title]) => colors.bold(title)),
    colWidths: columns.map(([, own]) => (own === 'rest' ? rest : own)),
    wordWrap: true,
    chars: hasRules ? {} : noRules,
    // The library's own colours go by nobody's wish.
    style: { head: [], border: [] },
  });
  for (const row of cells) made.push([...row]);
  return made.toString();
}
