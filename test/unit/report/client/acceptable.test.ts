import { acceptableOf } from '../../../../src/lib/report/client/acceptable';
import { unreadable, violation } from '../../../support/storage';

const none = violation('license.none');
const suspended = violation('license.suspended');
const of = (targetId: string, ...reasons: (typeof none)[]) => ({ targetId, reasons });

it('accepts for all what is all that they have, and for nobody who is paused', () => {
  const findings = [
    of('a', none),
    of('b', none, none, unreadable),
    of('c', none, suspended),
    of('d', suspended),
    of('e'),
    of('f', none),
  ];
  expect(acceptableOf(findings, 'license.none', new Set(['f']))).toEqual({
    alone: ['a', 'b'],
    withOthers: ['c'],
  });
});
