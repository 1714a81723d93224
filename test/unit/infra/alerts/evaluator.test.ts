import { deployedRules, mailsOf } from '../../../support/alerts/azure';
import { component, type Told } from '../../../support/alerts/world';
import { runQuery, UnknownSyntaxError } from '../../../support/kusto/evaluate';
import { mutationsOf } from '../../../support/kusto/mutations';
import { analyze } from '../../../support/kusto/service';
import type { Row } from '../../../support/kusto/values';
import { at } from '../../../support/storage';

const rows: Row[] = [
  { TimeGenerated: at(1), Name: 'a', ItemCount: 1, Properties: { number: 'one' } },
  { TimeGenerated: at(2), Name: 'b', ItemCount: 4, Properties: {} },
  { TimeGenerated: at(3), Name: 'b', ItemCount: 2, Properties: { number: 'three' } },
];
const run = (query: string) =>
  runQuery(analyze(query).root, { now: at(4), tables: { AppEvents: rows, AppMetrics: [] } });

describe('a query that is run', () => {
  it.each<[string, string, Row[]]>([
    ['filters by time', 'AppEvents | where TimeGenerated > ago(2h) | project ItemCount', [{ ItemCount: 2 }]],
    ['sums up all that there is', 'AppEvents | summarize n = sum(ItemCount)', [{ n: 7 }]],
    ['gives one row where there is nothing', 'AppMetrics | summarize n = sum(ItemCount)', [{ n: 0 }]],
    ['gives none of nothing by a key', 'AppMetrics | summarize n = sum(ItemCount) by Name', []],
    [
      'sums up by a key',
      'AppEvents | summarize n = sum(ItemCount), newest = max(TimeGenerated) by Name | sort by n desc',
      [
        { Name: 'b', n: 6, newest: at(3) },
        { Name: 'a', n: 1, newest: at(1) },
      ],
    ],
    [
      'keeps the row of the greatest',
      'AppEvents | summarize arg_max(TimeGenerated, ItemCount) by Name | where Name == "b"',
      [{ Name: 'b', TimeGenerated: at(3), ItemCount: 2 }],
    ],
    [
      'takes what is missing for an empty text',
      'AppEvents | extend number = tostring(Properties.number) | where number == "" | project Name',
      [{ Name: 'b' }],
    ],
    [
      'compares with nothing, and finds nothing',
      'let none = toscalar(AppMetrics | summarize max(TimeGenerated)); AppEvents | where TimeGenerated > none',
      [],
    ],
    [
      'numbers rows in their order',
      'AppEvents | sort by TimeGenerated desc | extend isRest = row_number() > 2 | where isRest | project Name',
      [{ Name: 'a' }],
    ],
    [
      'joins what two give',
      'union (AppEvents | summarize n = sum(ItemCount)), (AppMetrics | project n = 0)',
      [{ n: 7 }],
    ],
  ])('%s', (_what, query, expected) => {
    expect(analyze(query).problems).toEqual([]);
    expect(run(query)).toEqual(expected);
  });

  it.each([
    'AppEvents | take 1',
    'AppEvents | summarize dcount(Name)',
    'AppEvents | where Name contains "a"',
    'AppEvents | extend n = strlen(Name)',
    'AppEvents | join kind=inner (AppMetrics) on Name',
    'AppEvents | summarize hint.strategy=shuffle sum(ItemCount) by Name',
    'AppEvents | where TimeGenerated > datetime(2026-11-01)',
  ])('is refused where nobody has said what it means: %s', (query) => {
    expect(analyze(query).problems).toEqual([]);
    expect(() => run(query)).toThrow(UnknownSyntaxError);
  });
});

it('a rule fails that finds more series than Azure takes', () => {
  const [rule] = deployedRules().filter((each) => each.rule.name === 'poison');
  if (rule === undefined) throw new Error('There is no such rule.');
  const sent = (Name: string, Properties: Record<string, string>): Told => ({
    table: 'AppEvents',
    row: { TimeGenerated: at(0.5), Name, Properties, Measurements: {}, ItemCount: 1, _ResourceId: component },
    arrivedAt: at(0.5).getTime(),
  });
  const common = { at: at(0.5).toISOString(), since: at(0).toISOString(), condition: 'poison' };
  const told = (count: number) => [
    sent('WatchdogCompleted', common),
    ...Array.from({ length: count }, (_target, index) =>
      sent('ConditionOpen', { ...common, targetId: `t${index}` }),
    ),
  ];
  const kinds = (given: typeof rule, count: number) =>
    new Set(mailsOf(given, told(count), 1).map(({ kind }) => kind));
  expect(kinds(rule, 400)).toEqual(new Set(['fires']));
  const uncapped = mutationsOf(rule.root).find(({ what }) => what.startsWith('more: 299'));
  if (uncapped === undefined) throw new Error('There is no such fault.');
  expect(kinds({ ...rule, root: uncapped.root }, 300)).toEqual(new Set(['fires']));
  expect(kinds({ ...rule, root: uncapped.root }, 301)).toEqual(new Set(['fails']));
});
