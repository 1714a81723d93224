import { readFileSync } from 'node:fs';
import path from 'node:path';
import { workbookItems, workbookQueries } from '../../../support/alert-rules';
import { root } from '../../../support/simulated-tenant';

const read = (file: string) => readFileSync(path.join(root, 'infra/alerts', file), 'utf8');
const steps = workbookItems.filter(({ type }) => type === 3);

it('shows compliance, violations, rooms, cost and freshness', () => {
  const headings = workbookItems.flatMap(({ content: { json } }) =>
    typeof json === 'string' ? [...json.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading) : [],
  );
  expect(headings).toEqual([
    'Compliance over time',
    'Open violations',
    'Coverage of rooms',
    'Cost of the audits',
    'Freshness',
  ]);
});

it('names every step once', () => {
  const names = workbookItems.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(workbookQueries.length).toBe(steps.length);
});

it.each(steps.map((step) => [step.name, step] as const))(
  'asks the workspace for the chosen time, and does not call nothing fine: %s',
  (_name, { content }) => {
    expect(content).toMatchObject({
      version: 'KqlItem/1.0',
      queryType: 0,
      resourceType: 'microsoft.operationalinsights/workspaces',
      crossComponentResources: ['{logAnalyticsWorkspaceId}'],
      timeContextFromParameter: 'TimeRange',
    });
    expect(content.noDataMessage).toMatch(/this time range/);
    expect(String(content.query)).not.toMatch(/ago\(/);
  },
);

it('lets the time be chosen', () => {
  const parameters = workbookItems.filter(({ type }) => type === 9).map(({ content }) => content.parameters);
  expect(parameters).toEqual([[expect.objectContaining({ name: 'TimeRange', type: 4, isRequired: true })]]);
});

it('is told all resources by Bicep', () => {
  const bicep = read('workbook.bicep');
  const named = new Set(read('workbook.json').match(/\{\w+\}/g));
  expect([...named].sort()).toEqual(['{applicationInsightsId}', '{logAnalyticsWorkspaceId}']);
  for (const name of named) expect(bicep).toContain(`'${name}'`);
});
