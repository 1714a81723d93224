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

/** No lines between rows, for those that are mostly one line high. */
const noRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/**
 * A table with a head and columns of a fixed width; long texts are wrapped.
 * @param cells made printable by whoever knows which of them are foreign: they may hold colours and line ends.
 */
export function table(
  { colors }: TableLook,
  columns: readonly (readonly [title: string, width: number])[],
  cells: readonly (readonly string[])[],
  { hasRules = false } = {},
): string {
  const made = new Table({
    head: columns.map(([title]) => colors.bold(title)),
    colWidths: columns.map(([, width]) => width),
    wordWrap: true,
    chars: hasRules ? {} : noRules,
    // The library's own colours go by nobody's wish.
    style: { head: [], border: [] },
  });
  for (const row of cells) made.push([...row]);
  return made.toString();
}
