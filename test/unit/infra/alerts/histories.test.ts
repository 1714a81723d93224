import { rules } from '../../../support/alert-rules';
import {
  deployedRules,
  type DeployedRule,
  type Mail,
  mailsByHour,
  mailsOf,
} from '../../../support/alerts/azure';
import { histories, type History } from '../../../support/alerts/histories';
import { type Told, World } from '../../../support/alerts/world';
import { mutationsOf } from '../../../support/kusto/mutations';

jest.mock('../../../../src/lib/audit/visit', () => ({ visit: jest.fn() }));

/** A history that has happened. */
interface Happened {
  history: History;
  told: readonly Told[];
  rules: DeployedRule[];
  /** What each of these rules has mailed. */
  mails: Mail[][];
}

const happened = new Map<string, Happened>();

async function happen(history: History): Promise<Happened> {
  const { what, hours, deployment } = history;
  const told = happened.get(history.like ?? '')?.told ?? (await toldIn(history));
  const deployed = deployedRules(deployment);
  const mails = deployed.map((rule) => mailsOf(rule, told, hours));
  const past = { history, told, rules: deployed, mails };
  happened.set(what, past);
  return past;
}

async function toldIn({ act, hours, env }: History): Promise<readonly Told[]> {
  const world = new World(env);
  act(world);
  await world.run(hours);
  return world.told;
}

/** One line for each mail; many of the same hour are counted. */
function inWords(mails: readonly Mail[]): string[] {
  const sorted = [...mails].sort((a, b) => a.hours - b.hours);
  const groups = Map.groupBy(sorted, ({ hours, kind, rule }) => `${hours} ${kind} ${rule}`);
  return [...groups].flatMap(([key, group]) =>
    group.length > 2
      ? [`${key}: ${group.length}`]
      : group.map(({ dimensions }) => `${key} ${named(dimensions)}`.trim()),
  );
}

/** What tells an alert apart, without what follows from that. */
function named({ text: _text, link: _link, customerTenantId: _tenant, ...own }: Mail['dimensions']): string {
  return Object.values(own).join(' ');
}

describe('what is mailed', () => {
  it.each(histories.map((history) => [history.what, history] as const))('when %s', async (_what, history) => {
    const { mails } = await happen(history);
    expect(inWords(mails.flat())).toEqual(history.mails);
  });
});

/** Faults that are none. */
const harmless = [
  // Every row is asked for its name once more, and rounds have no condition.
  /^without where Name in /,
  /^without Name == "ConditionOpen" in/,
  // Azure looks back no further by itself.
  /^(without TimeGenerated > ago\(2d\) in|17280m)/,
  // What tells rows of one moment apart has to be some order, and any will do.
  /^desc: (targetId|customerTenantId|control|code|remediationId|expiresAt) asc$/,
  // Of a series there is one beginning, and of a tenant the first only counts for its place among 300.
  /^max: min$/,
];

describe('a fault in the query', () => {
  /** Whether a history has something else mailed with this fault, in any hour. */
  function isSeen(
    { history, told, rules: deployed, mails }: Happened,
    name: string,
    number: number,
  ): boolean {
    return deployed.some((each, index) => {
      if (each.rule.name !== name) return false;
      const root = mutationsOf(each.root)[number]?.root;
      if (root === undefined) throw new Error(`There is no fault ${number} in ${name}.`);
      let hour = 0;
      for (const faulty of mailsByHour({ ...each, root }, told, history.hours)) {
        hour++;
        const right = (mails[index] ?? []).filter(({ hours }) => hours === hour);
        if (JSON.stringify(faulty) !== JSON.stringify(right)) return true;
      }
      return false;
    });
  }

  it.each(rules.map(({ name }) => name))('%s is seen in what is mailed of at least one history', (name) => {
    const past = [...happened.values()].sort(
      (a, b) => a.told.length * a.history.hours - b.told.length * b.history.hours,
    );
    const [rule] = deployedRules().filter((each) => each.rule.name === name);
    const mutations = rule === undefined ? [] : mutationsOf(rule.root);
    expect(mutations.length).toBeGreaterThan(8);
    const unseen = mutations.flatMap(({ what }, number) => {
      if (harmless.some((fault) => fault.test(what))) return [];
      // What has shown the last fault may show this one as well.
      const by = past.find((each) => isSeen(each, name, number));
      if (by !== undefined) past.unshift(...past.splice(past.indexOf(by), 1));
      return by === undefined ? [what] : [];
    });
    expect(unseen).toEqual([]);
  });
});
