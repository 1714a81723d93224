import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bicep, deployed, ruleQueries, rules } from '../../../support/alert-rules';
import { type DeploymentName, deploymentNames, storedDeployment } from '../../../support/bicep/deployments';
import { main } from '../../../support/bicep/main-template';
import { analyze } from '../../../support/kusto/service';
import { root } from '../../../support/simulated-tenant';

jest.setTimeout(120_000);

const queryOf = (name: string) => ruleQueries.find((query) => query.name === name)?.text ?? '';
const page = readFileSync(path.join(root, 'docs/alerts.md'), 'utf8');

it('every query has a rule, and every rule a query', () => {
  expect(rules.map(({ name }) => name).sort()).toEqual(ruleQueries.map(({ name }) => name).sort());
  for (const { name } of rules) expect(bicep).toContain(`${name}: loadTextContent('queries/${name}.kql')`);
});

describe.each(rules.map((rule) => [rule.name, rule] as const))('the rule %s', (name, rule) => {
  const query = queryOf(name);
  const { columns } = analyze(query);

  // https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule#dimensions
  it('splits by columns of its query, six texts at most', () => {
    expect(rule.byTarget.length).toBeLessThanOrEqual(6);
    expect(rule.byTenant.length).toBeLessThanOrEqual(6);
    for (const column of [...rule.byTarget, ...rule.byTenant]) expect(columns[column]).toBe('string');
    expect(new Set(rule.byTarget).size).toBe(rule.byTarget.length);
  });

  it('says all that its query tells, or measures it', () => {
    const told = new Set([...rule.byTarget, ...rule.byTenant, ...(rule.least ? [rule.least] : [])]);
    expect(Object.keys(columns).sort()).toEqual([...told].sort());
    if (rule.least) expect(columns[rule.least]).toBe('long');
  });

  it('is spread over rules and split by tenant as its query is', () => {
    const isForMany = rule.byTenant.length > 0;
    expect(query.includes('hash(customerTenantId, ruleCount) == ruleNumber')).toBe(isForMany);
    expect(query.includes('iff(splitByTenant, "", targetId)')).toBe(isForMany);
  });

  it('says in words what it is about, and where it is shown', () => {
    if (rule.least === '') expect(rule.byTarget).toEqual(expect.arrayContaining(['text', 'link']));
  });

  // A rule with more than 300 fails: https://learn.microsoft.com/azure/azure-monitor/alerts/log-alert-rule-health
  it('never tells more than 300 apart', () => {
    // Silence is not split.
    const isSmall = rule.byTarget.length === 0;
    expect(query.includes('row_number() > 299')).toBe(!isSmall);
    const masked = Object.keys(columns).filter((column) =>
      query.includes(`${column} = iff(isRest, "(more)", ${column})`),
    );
    expect(masked).toEqual(isSmall ? [] : Object.keys(columns));
  });

  it('stays within the limits of Azure', () => {
    expect(rule.description.length).toBeLessThanOrEqual(4096);
    const id = 'x'.repeat(300);
    const values = { applicationInsightsId: id };
    const sent = deployed(query, { ...values, isByTenant: 'false', ruleCount: '20', number: '19' });
    expect(Buffer.byteLength(JSON.stringify({ ...rule, sent }))).toBeLessThan(64 * 1024);
  });

  it('is explained, with its severity', () => {
    const sections = page.split(/^## /m).filter((section) => section.startsWith(`${rule.title}\n`));
    expect(sections).toHaveLength(1);
    expect(sections[0]).toContain(`Severity ${rule.severity}`);
    expect(sections[0]).toContain(`\`${name}\``);
  });
});

describe('all rules', () => {
  const resources = deploymentNames.flatMap((name) => storedDeployment(name).resources);
  const of = (type: string) => resources.filter((each) => each.type === `Microsoft.Insights/${type}`);
  const deployedRules = of('scheduledQueryRules').filter(({ name }) => name !== 'syncwarden-cap');

  it('have a state, which Azure keeps for rules that run every twelve hours or more often', () => {
    expect(deployedRules.length).toBeGreaterThan(rules.length * deploymentNames.length);
    for (const { properties } of deployedRules)
      expect(properties).toMatchObject({ enabled: true, evaluationFrequency: 'PT1H', autoMitigate: true });
  });

  it('see two days, the most that Azure allows', () => {
    for (const { properties } of deployedRules) expect(properties).toMatchObject({ windowSize: 'P2D' });
  });

  it('are all told to the same people', () => {
    const told = [...deployedRules, ...of('activityLogAlerts'), ...of('metricAlerts')].map(({ properties }) =>
      JSON.stringify((properties as { actions: unknown }).actions),
    );
    expect(told.length).toBeGreaterThan(deployedRules.length);
    for (const actions of told)
      expect(actions).toContain('(group)/Microsoft.Insights/actionGroups/ag-syncwarden');
  });

  it('keep the webhook a secret', () => {
    expect(main().parameters.alertWebhook?.type).toBe('securestring');
    expect(bicep).toMatch(/@secure\(\)\nparam webhook string = ''/);
  });

  it('are as many as were asked for when alerts are split by tenant', () => {
    const namesIn = (name: DeploymentName) =>
      storedDeployment(name)
        .resources.filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
        .map((each) => each.name.replace('syncwarden-', ''))
        .filter((each) => each !== 'cap')
        .sort();
    expect(namesIn('defaults')).toEqual(rules.map(({ name }) => name).sort());
    expect(namesIn('alerts-by-tenant')).toEqual(
      rules.flatMap(({ name, byTenant }) => (byTenant.length > 0 ? [name, `${name}-2`] : [name])).sort(),
    );
  });
});

describe('the webhook', () => {
  const receivers = (name: DeploymentName) => {
    const [group] = storedDeployment(name).resources.filter(
      ({ type }) => type === 'Microsoft.Insights/actionGroups',
    );
    return (group?.properties as { webhookReceivers: object[] }).webhookReceivers;
  };

  it('is asked for a token of this tenant where its application is given', () => {
    expect(receivers('defaults')).toEqual([]);
    expect(receivers('alerts-by-tenant')).toEqual([
      {
        name: 'webhook',
        serviceUri: 'https://hooks.contoso.com/alerts',
        useCommonAlertSchema: true,
        useAadAuth: true,
        objectId: '00000000-0000-0000-0000-00000000000d',
        identifierUri: 'api://hooks.contoso.com/alerts',
        tenantId: '00000000-0000-0000-0000-000000000002',
      },
    ]);
    expect(receivers('sign-in-by-hand')).toEqual([
      { name: 'webhook', serviceUri: 'https://hooks.contoso.com/plain', useCommonAlertSchema: true },
    ]);
  });
});

describe('the cap of the workspace', () => {
  const capIn = (name: DeploymentName) => {
    const { resources } = storedDeployment(name);
    const workspace = resources.find(({ type }) => type === 'Microsoft.OperationalInsights/workspaces');
    const rule = resources.find(({ name: each }) => each === 'syncwarden-cap');
    return { workspace: workspace?.properties, rule: rule?.properties };
  };

  it('has an alert before it is reached, at four fifths of it', () => {
    const { workspace, rule } = capIn('defaults');
    expect(workspace).toMatchObject({ workspaceCapping: { dailyQuotaGb: 2 } });
    expect(rule).toMatchObject({
      criteria: { allOf: [{ timeAggregation: 'Total', operator: 'GreaterThan', threshold: 2 * 1000 * 0.8 }] },
    });
    const [criterion] = (rule as { criteria: { allOf: { query: string; metricMeasureColumn: string }[] } })
      .criteria.allOf;
    const { problems, columns } = analyze(criterion?.query ?? '');
    expect(problems).toEqual([]);
    expect(columns).toEqual({ [criterion?.metricMeasureColumn ?? '']: 'real' });
  });

  it('is explained, with its severity', () => {
    const { rule } = capIn('defaults');
    const { displayName, severity } = rule as { displayName: string; severity: number };
    const [section] = page
      .split(/^## /m)
      .filter((each) => each.startsWith(`${displayName.replace('Syncwarden: ', '')}\n`));
    expect(section).toContain(`Severity ${severity}`);
  });

  it('and its alert can be switched off', () => {
    expect(capIn('off')).toEqual({
      workspace: expect.objectContaining({ workspaceCapping: { dailyQuotaGb: -1 } }) as unknown,
      rule: undefined,
    });
  });
});
