import { deployed, replacements, ruleQueries, rules, workbookQueries } from '../../../support/alert-rules';
import { deploymentNames, storedDeployment } from '../../../support/bicep/deployments';
import { analyze, type KustoNode, within } from '../../../support/kusto/service';

// The language service is large, and is loaded once in each test file.
jest.setTimeout(120_000);

const queries = [...ruleQueries, ...workbookQueries].map((query) => [query.name, query.text] as const);
const strange = {
  applicationInsightsId: '/subscriptions/0/resourceGroups/r/providers/Microsoft.Insights/components/c',
  isByTenant: 'true',
  ruleCount: '4',
  number: '3',
};

function callsOf(root: KustoNode): { name: string; argument: KustoNode | undefined }[] {
  return [...within(root)]
    .filter(({ kind }) => kind === 'FunctionCallExpression')
    .map(({ children: [name, list] }) => ({
      name: name?.text ?? '',
      argument: list && [...within(list)].find(({ kind }) => kind.endsWith('LiteralExpression')),
    }));
}

describe.each(queries)('the query %s', (_name, text) => {
  it('is one that Azure runs, as it stands and as it is deployed', () => {
    expect(analyze(text).problems).toEqual([]);
    const sent = deployed(text, strange);
    expect(analyze(sent).problems).toEqual([]);
    expect(sent).toContain(strange.applicationInsightsId);
    expect(sent).not.toMatch(/\{\w+\}/);
  });

  it('reads only what this app has sent', () => {
    const { root } = analyze(text);
    const heads = [...within(root)].filter(
      ({ kind, text: name }) => kind === 'NameReference' && /^App[A-Z]/.test(name),
    );
    expect(heads.length).toBeGreaterThan(0);
    for (const { parent } of heads)
      expect(parent?.parent?.text).toMatch(/_ResourceId =~ (component|"\{applicationInsightsId\}")/);
  });
});

describe.each(ruleQueries.map(({ name, text }) => [name, text] as const))(
  'the alert query %s',
  (_name, text) => {
    const { root } = analyze(text);

    // https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
    it('uses nothing that alert rules do not support', () => {
      const names = callsOf(root).map(({ name }) => name);
      for (const forbidden of ['bag_unpack', 'pivot', 'narrow', 'ingestion_time', 'adx', 'arg'])
        expect(names).not.toContain(forbidden);
      expect(text).not.toContain('AggregatedValue');
      const operators = [...within(root)].map(({ kind }) => kind);
      for (const forbidden of ['EvaluateOperator', 'SearchOperator', 'TakeOperator'])
        expect(operators).not.toContain(forbidden);
    });

    it('looks back by a literal, and not for longer than two days', () => {
      const spans = callsOf(root).flatMap(({ name, argument }) =>
        name === 'ago' ? [argument?.text ?? ''] : [],
      );
      expect(spans.length).toBeGreaterThan(0);
      for (const span of spans) {
        const [, count, unit] = /^(\d+)([hd])$/.exec(span) ?? [];
        expect(Number(count) * (unit === 'd' ? 24 : 1)).toBeLessThanOrEqual(48);
      }
    });
  },
);

describe('a query that a deployment has made', () => {
  const made = deploymentNames.flatMap((name) =>
    storedDeployment(name)
      .resources.filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
      .map(
        (rule) =>
          (rule.properties as { criteria: { allOf: { query: string }[] } }).criteria.allOf[0]?.query ?? '',
      ),
  );

  it('is one that Azure runs', () => {
    const distinct = [...new Set(made)];
    expect(distinct.length).toBeGreaterThan(ruleQueries.length * 2);
    for (const query of distinct) expect(analyze(query).problems).toEqual([]);
  });

  it('is what these tests take it for', () => {
    const values = {
      applicationInsightsId: '(group)/Microsoft.Insights/components/appi-7ulcqxxwesckw',
      ...{ isByTenant: 'false', ruleCount: '1', number: '0' },
    };
    expect(made.slice(0, rules.length)).toEqual(
      rules.map((rule) => deployed(ruleQueries.find(({ name }) => name === rule.name)?.text ?? '', values)),
    );
  });
});

describe('what Bicep replaces', () => {
  it.each(replacements())('stands in a query: %s', (literal) => {
    expect(ruleQueries.filter(({ text }) => text.includes(literal))).not.toEqual([]);
  });

  it('is all that a query declares', () => {
    const declared = ruleQueries.flatMap(({ text }) => text.match(/^let \w+ = (?:\d+|true|false);$/gm) ?? []);
    const replaced = replacements().map(([literal]) => literal);
    expect(declared.filter((literal) => !replaced.includes(literal))).toEqual([]);
  });
});

describe('the check itself', () => {
  it.each([
    ['a column', 'AppEvents | where Nam == "AuditCompleted"', /'Nam' does not refer/],
    ['a column that the other table has', 'AppEvents | summarize sum(Sum)', /'Sum' does not refer/],
    ['a table', 'AppEvent | take 1', /'AppEvent' does not refer/],
    ['a function', 'AppEvents | extend t = todate(TimeGenerated)', /'todate' does not refer/],
    ['a type', 'AppEvents | where TimeGenerated > "yesterday" + 1', /./],
    ['an end', 'AppEvents | where (Name == "x"', /./],
  ])('finds %s that is wrong', (_what, query, problem) => {
    expect(analyze(query).problems.join('\n')).toMatch(problem);
  });
});
