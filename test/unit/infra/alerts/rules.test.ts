import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bicep, deployed, ruleQueries, rules } from '../../../support/alert-rules';
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
    for (const column of [...rule.byTarget, ...rule.byTenant]) expect(columns[column]).toBe('string');
    expect(new Set(rule.byTarget).size).toBe(rule.byTarget.length);
  });

  it('says all that its query tells, or measures it', () => {
    expect(Object.keys(columns).sort()).toEqual(
      [...rule.byTarget, ...(rule.least ? [rule.least] : [])].sort(),
    );
    if (rule.least) expect(columns[rule.least]).toBe('long');
  });

  it('is spread over rules and split by tenant as its query is', () => {
    const isForMany = rule.byTenant.length > 0;
    expect(query.includes('hash(customerTenantId, ruleCount) == ruleNumber')).toBe(isForMany);
    expect(query.includes('iff(splitByTenant, customerTenantId,')).toBe(isForMany);
  });

  // A rule with more than 300 fails: https://learn.microsoft.com/azure/azure-monitor/alerts/log-alert-rule-health
  it('never tells more than 300 apart', () => {
    // The app reports 32 messages at most, and silence is not split.
    const isSmall = name === 'poison' || rule.byTarget.length === 0;
    expect(query.includes('row_number() > 299')).toBe(!isSmall);
    const masked = Object.keys(columns).filter((column) =>
      query.includes(`${column} = iff(isRest, "(more)", ${column})`),
    );
    expect(masked).toEqual(isSmall ? [] : Object.keys(columns));
  });

  it('stays within the limits of Azure', () => {
    expect(rule.description.length).toBeLessThanOrEqual(4096);
    const id = 'x'.repeat(300);
    const values = { applicationInsightsId: id, auditWindowHours: '48', deadMansSwitch: 'false' };
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
  const stated = (property: string) =>
    [...bicep.matchAll(new RegExp(`^ +${property}: (.+)$`, 'gm'))].map(([, value]) => value);

  it('have a state, which Azure keeps for rules that run every twelve hours or more often', () => {
    expect(stated('evaluationFrequency')).toEqual(["'PT1H'"]);
    expect(stated('autoMitigate')).toEqual(['true']);
  });

  it('see two days, the most that Azure allows', () => {
    expect(stated('windowSize')).toEqual(["'P2D'"]);
  });

  it('need no window that is shorter than what the app reports once a day', () => {
    expect(bicep).toMatch(/@minValue\(26\)\n@maxValue\(48\)\nparam auditWindowHours int = 26/);
  });

  it('are all told to the same people, and keep the webhook a secret', () => {
    expect(bicep.match(/actionGroup\.id/g)).toHaveLength(4);
    expect(bicep).toMatch(/@secure\(\)\nparam webhook string = ''/);
  });
});
