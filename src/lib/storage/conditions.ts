import { odata } from '@azure/data-tables';

/**
 * Leaves out the rows whose column certainly holds another of the known values. A row without the column, or with something
 * else in it, is given all the same: nobody knows what it is, so that it must not get lost in a filter.
 */
export function unlessAnother(column: string, wanted: string, known: readonly string[]): string {
  const others = known.filter((value) => value !== wanted);
  return `not (${others.map((value) => `${column} ${odata`eq ${value}`}`).join(' or ')})`;
}

/** The same for a column that holds a truth. */
export function unlessOpposite(column: string, wanted: boolean): string {
  return `not (${column} eq ${String(!wanted)})`;
}

/** All of these at once, without those that are empty. */
export function allOf(...conditions: readonly string[]): string {
  return conditions.filter((condition) => condition !== '').join(' and ');
}
