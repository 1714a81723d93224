import { controlIds } from '../../src/lib/model/verdict';
import { scheduleSetting } from '../../src/lib/settings';
import { code, table } from './markdown';

const common = 'AUDIT_SCHEDULE';

/** The settings with which controls get schedules of their own. */
export function scheduleTable(): string {
  return table(
    ['setting', 'default', 'meaning'],
    controlIds.map((id) => [code(scheduleSetting(id)), code(common), `overrides it for ${code(id)}`]),
  );
}

/** The same as properties of a type in Bicep. */
export function scheduleProperties(): string {
  return controlIds.map((id) => `${/^\w+$/.test(id) ? id : `'${id}'`}: string?`).join('\n');
}

/** The sample of settings, with a schedule for each control after the common one. All else is left as it stands. */
export function sampleSettings(text: string): string {
  const { Values, ...rest } = JSON.parse(text) as { Values: Record<string, string> };
  const others = Object.entries(Values).filter(([name]) => !name.startsWith(`${common}_`));
  const schedules = controlIds.map((id) => {
    const name = scheduleSetting(id);
    return [name, Values[name] ?? ''];
  });
  const values = others.flatMap(([name, value]) => [[name, value], ...(name === common ? schedules : [])]);
  return JSON.stringify({ ...rest, Values: Object.fromEntries(values) as Record<string, string> });
}
