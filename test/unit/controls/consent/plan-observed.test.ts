import type { ConsentFacts } from '../../../../src/lib/controls/consent/collect';
import { evaluate } from '../../../../src/lib/controls/consent/evaluate';
import { observe, plan as planEvaluated } from '../../../../src/lib/controls/consent/plan';
import { readOk } from '../../../../src/lib/microsoft365/wire/read';
import {
  accountId,
  clientApp,
  kept,
  notFound,
  refused,
  requirement,
  undoing,
} from '../../../support/planning';
import { planning } from '../../../support/planning';
import {
  another,
  calendars,
  exchange,
  facts,
  grant,
  graph,
  healthyGrants,
  healthyRoles,
  mailReadWrite,
  role,
} from './plan-facts';

const plan = planning({ evaluate, plan: planEvaluated });

const excessRole = { ...role(graph, mailReadWrite), id: 'excess' };
const withExcess = facts({ roles: [...healthyRoles, excessRole] });
const everything = grant(another, ' Everything else', accountId);

/** What was there, what is there after the change, and the id of what the change has made. */
const changes: [string, ConsentFacts, ConsentFacts, string][] = [
  [
    'grants an application permission',
    facts({ roles: [role(exchange, mailReadWrite)] }),
    facts({ roles: [role(exchange, mailReadWrite), { ...role(graph, calendars), id: 'Made-1_x' }] }),
    'Made-1_x',
  ],
  ['takes an application permission back', withExcess, facts(), ''],
  [
    'makes a grant',
    facts({ grants: [grant(graph, 'User.Read', another), ...healthyGrants.slice(1)] }),
    facts({
      grants: [
        grant(graph, 'User.Read', another),
        { ...grant(graph, 'User.Read '), id: 'Made-2_x' },
        ...healthyGrants.slice(1),
      ],
    }),
    'Made-2_x',
  ],
  [
    'changes a grant',
    facts({ grants: [grant(graph, ' Mail.Send profile'), ...healthyGrants.slice(1)] }),
    facts({ grants: [grant(graph, 'profile  User.Read User.Read'), ...healthyGrants.slice(1)] }),
    '',
  ],
  ['removes a grant', facts({ grants: [...healthyGrants, everything] }), facts(), ''],
];

function onlyChange(before: ConsentFacts) {
  const change = plan(before, requirement({ allowedExtraGrants: [] }, ['revocations'])).changes[0];
  if (change === undefined) throw new Error('A change was expected.');
  return change;
}

describe('what is observed of consent', () => {
  it.each(changes)('is what the plan says before and after it %s', (_case, before, after) => {
    const change = kept(onlyChange(before));
    expect(observe(before, change)).toEqual(change.before);
    expect(observe(after, change)).toEqual(change.after);
  });

  it.each(changes)('is the same for the way back when it %s', (_case, before, after, id) => {
    const back = undoing(onlyChange(before), { id });
    expect(observe(after, back)).toEqual(back.before);
    expect(observe(before, back)).toEqual(back.after);
  });

  it('finds what was granted anew, though it has another id', () => {
    const again = facts({ roles: [...healthyRoles, { ...excessRole, id: 'anew' }] });
    expect(observe(again, kept(onlyChange(withExcess)))).toBe('granted');
    const grants = [...healthyGrants, { ...everything, id: 'anew' }];
    expect(
      observe(facts({ grants }), kept(onlyChange(facts({ grants: [...healthyGrants, everything] })))),
    ).toEqual(['Everything', 'else']);
  });

  it.each(changes)('is nothing when the application is gone that it %s', (_case, before) => {
    const change = kept(onlyChange(before));
    const { appRoles, grants, ...rest } = facts();
    const seen = observe({ ...rest, client: notFound }, change);
    expect(seen).toEqual(typeof change.before === 'string' ? 'not granted' : []);
  });

  it.each(changes)('is undefined when it cannot be read whether it %s', (_case, before) => {
    const change = kept(onlyChange(before));
    expect(observe({ ...before, appRoles: refused, grants: refused }, change)).toBeUndefined();
    const { appRoles, grants, ...rest } = before;
    expect(observe({ ...rest, client: refused }, change)).toBeUndefined();
  });

  it('does not take the same permission of another resource for it', () => {
    const change = kept(onlyChange(facts({ roles: [] })));
    expect(observe(facts({ roles: [role(exchange, calendars)] }), change)).toBe('not granted');
    expect(observe({ ...facts(), client: readOk(clientApp()) }, change)).toBe('granted');
  });
});
