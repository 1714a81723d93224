import type { Control, Requirement } from '../../src/lib/controls/control';
import type { Verdict } from '../../src/lib/model/verdict';

/** Facts of one tenant, with what they are measured against, and what has to come of them. */
export interface Row<Facts> {
  /** What is the case, as it follows on "where". */
  where: string;
  facts: Facts;
  requirement: Requirement;
  verdict: Verdict;
  /** Levels and codes in their order, such as `violation license.none`. */
  codes: readonly string[];
}

/** What evaluate is, of a control. */
type Judge<Facts> = Pick<Control<Facts>, 'codes' | 'evaluate'>;

/**
 * Tests a control by a table of facts. Every code that it declares has to be in a row, at each of its levels, so that a
 * new one cannot go without; and what could not be read never comes to compliant.
 * @param unreadable facts of which a part could not be read; whatever else is the case, the verdict is `unknown`.
 */
export function testTable<Facts>(
  { codes, evaluate }: Judge<Facts>,
  rows: readonly Row<Facts>[],
  unreadable: readonly Row<Facts>[],
): void {
  it.each([...rows, ...unreadable])('is $verdict where $where', ({ facts, requirement, ...expected }) => {
    const { verdict, reasons } = evaluate(facts, requirement);
    const found = reasons.map(({ level, code }) => `${level} ${code}`);
    expect({ verdict, codes: found }).toEqual({ verdict: expected.verdict, codes: expected.codes });
  });

  it('gives every code that is declared, at each of its levels', () => {
    const declared = Object.entries(codes).flatMap(([code, { level }]) =>
      [level].flat().map((each) => `${each} ${code}`),
    );
    const given = new Set(rows.flatMap((row) => row.codes));
    expect(declared.filter((code) => !given.has(code))).toEqual([]);
  });

  it('is unknown, and says so, where something that decides could not be read', () => {
    expect(unreadable.length).toBeGreaterThan(0);
    for (const { facts, requirement } of unreadable) {
      const { verdict, reasons } = evaluate(facts, requirement);
      expect(verdict).toBe('unknown');
      expect(reasons.some(({ code }) => code.startsWith('unreadable.'))).toBe(true);
    }
  });
}
