import fc from 'fast-check';
import { admit } from '../../../../src/lib/controls/ews-access/user-agents';

/** What an allow list, or a block list, with these entries means for a product that sends these user agents. */
const allowing = (entries: string[], agents: string[]) =>
  admit({ EwsApplicationAccessPolicy: 'EnforceAllowList', EwsAllowList: entries }, agents).kind;
const blocking = (entries: string[], agents: string[]) =>
  admit({ EwsApplicationAccessPolicy: 'EnforceBlockList', EwsBlockList: entries }, agents).kind;

describe('rules on the user agents of a product of which they are known', () => {
  it.each([
    // Allowed, blocked, by these entries.
    [['Rooms/1.0'], ['Rooms/1.0'], 'open', 'refused'],
    [['rooms/1.0'], ['ROOMS/1.0'], 'open', 'refused'],
    [['Rooms/*'], ['Rooms/1.0'], 'open', 'refused'],
    [['*rooms*'], ['The Rooms/1.0'], 'open', 'refused'],
    [['R*s/*0'], ['Rooms/1.0'], 'open', 'refused'],
    [['OWA/*', 'Rooms/*'], ['Rooms/1.0'], 'open', 'refused'],
    [['Rooms/*'], ['Rooms/*'], 'open', 'refused'],
    [['Roo*'], ['Rooms/*'], 'open', 'refused'],
    [['OWA/*'], ['Rooms/1.0'], 'refused', 'open'],
    [['Rooms'], ['Rooms/1.0'], 'refused', 'open'],
    [['ooms/1.0'], ['Rooms/1.0'], 'refused', 'open'],
    [['OWA/*'], ['Rooms/*'], 'refused', 'open'],
    // Some of what it sends, and not all.
    [['Rooms/1.0'], ['Rooms/*'], 'unclear', 'unclear'],
    [['*/2.0'], ['Rooms/*'], 'unclear', 'unclear'],
    // One that is let in or shut out does not help the other.
    [['Rooms/*'], ['Rooms/1.0', 'Sync/1.0'], 'refused', 'refused'],
    [['Rooms/*', 'Sync/1*'], ['Rooms/1.0', 'Sync/1.0'], 'open', 'refused'],
    // Nobody knows whether that is one entry or two, or a wildcard.
    [['OWA/*,Rooms/*'], ['Rooms/1.0'], 'unclear', 'unclear'],
    [['Rooms/1.?'], ['Rooms/1.0'], 'unclear', 'unclear'],
    [['OWA/1.?', 'OWA,Sync'], ['Rooms/1.0'], 'refused', 'open'],
  ])('%j and %j: %s, or %s', (entries, agents, allowed, blocked) => {
    expect([allowing(entries, agents), blocking(entries, agents)]).toEqual([allowed, blocked]);
  });

  it('go by the list that is in force, and by no other', () => {
    const lists = { EwsAllowList: ['Rooms/*'], EwsBlockList: ['Rooms/*'] };
    const under = (EwsApplicationAccessPolicy: string | null) =>
      admit({ EwsApplicationAccessPolicy, ...lists }, ['Rooms/1.0']).kind;
    expect([under('EnforceAllowList'), under('EnforceBlockList'), under(null), under('Other')]).toEqual([
      ...['open', 'refused', 'open', 'unclear'],
    ]);
  });

  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
  const asExpression = (entry: string) => new RegExp(`^${entry.replaceAll('*', '.*')}$`, 'is');

  it('agree with a regular expression on every agent without a wildcard', () => {
    fc.assert(
      fc.property(
        fc.array(
          pattern.filter((each) => each !== ''),
          { minLength: 1 },
        ),
        text,
        (entries, agent) => {
          const isNamed = entries.some((entry) => asExpression(entry).test(agent));
          expect(allowing(entries, [agent])).toBe(isNamed ? 'open' : 'refused');
          expect(blocking(entries, [agent])).toBe(isNamed ? 'refused' : 'open');
        },
      ),
    );
  });

  it('never say more of an agent with a wildcard than holds for all that it may be', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (entry, agent, sent) => {
        fc.pre(entry !== '' && agent !== '' && asExpression(agent).test(sent));
        const verdict = allowing([entry], [agent]);
        if (verdict !== 'unclear') expect(verdict).toBe(allowing([entry], [sent]));
      }),
    );
  });

  it('take no time, whatever is on the list', () => {
    expect(allowing(['*a'.repeat(2000)], [`${'a'.repeat(1500)}b`])).toBe('refused');
  });
});
