import { GraphFault } from '../faults';
import type { TenantState } from '../state';
import type { LogRow } from './state';

/** The rows that a filter lets through, the newest first; without a filter on types only those of a person. */
export function logRows({ signIn }: TenantState, filter: string, now: Date): object[] {
  const tests = filter === '' ? [] : filter.split(' and ').map(toTest);
  const ofPeople = (row: LogRow) => row.signInEventTypes.includes('interactiveUser');
  const all = filter.includes('signInEventTypes') ? tests : [...tests, ofPeople];
  return signIn.log
    .map(({ hoursAgo, ...row }) => ({
      ...row,
      createdDateTime: row.createdDateTime ?? hoursBefore(now, hoursAgo),
    }))
    .filter((row) => all.every((test) => test(row)))
    .sort((a, b) => Date.parse(b.createdDateTime) - Date.parse(a.createdDateTime));
}

/** A time so many hours before another. */
export function hoursBefore(now: Date, hours = 0): string {
  return `${new Date(now.getTime() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/** One condition of a filter, of those that the log knows. */
function toTest(text: string): (row: LogRow) => boolean {
  const [, property = '', value = ''] = /^(userId|appId|servicePrincipalId) eq '([^']*)'$/.exec(text) ?? [];
  if (property !== '') return (row) => row[property] === value;
  const [, since] = /^createdDateTime ge (\S+Z)$/.exec(text) ?? [];
  if (since !== undefined) return (row) => Date.parse(String(row.createdDateTime)) >= Date.parse(since);
  const [, types] = /^signInEventTypes\/any\(t: ?(t eq '\w+'(?: or t eq '\w+')*)\)$/.exec(text) ?? [];
  if (types === undefined) throw new GraphFault(400, 'BadRequest', `Invalid filter clause: ${text}`);
  const wanted = [...types.matchAll(/'(\w+)'/g)].map(([, type]) => type);
  return (row) => row.signInEventTypes.some((type) => wanted.includes(type));
}
