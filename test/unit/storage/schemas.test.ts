import { Reasons, StoredTransition } from '../../../src/lib/storage/schemas';

const reason = { code: 'license.none', level: 'violation', message: 'No licence.' };
const transition = {
  transitionId: 't-1',
  targetId: 'contoso',
  tenantId: '0a0a0a0a-0000-4000-8000-000000000001',
  control: 'license',
  severity: 'high',
  previousVerdict: null,
  verdict: 'nonCompliant',
  waived: false,
  resumed: false,
  summary: 'No licence.',
  reasons: [reason],
  codes: ['license.none'],
  at: '2026-11-23T02:00:00.000Z',
  runId: '2026-11-23',
};

describe('stored reasons', () => {
  it.each([
    ['as short as can be', reason],
    ['with everything', { ...reason, resource: 'svc@contoso.com', expected: 'a licence', actual: 'none' }],
    ['of the other levels', { ...reason, level: 'notice' }],
  ])('come back as they were: %s', (_case, stored) => {
    expect(Reasons.parse([stored])).toEqual([stored]);
  });

  it.each([
    ['no list', reason],
    ['another level', [{ ...reason, level: 'warning' }]],
    ['no message', [{ code: 'license.none', level: 'violation' }]],
    ['a resource of undefined', [{ ...reason, resource: undefined }]],
    ['a resource of null', [{ ...reason, resource: null }]],
  ])('are refused when they are %s', (_case, stored) => {
    expect(Reasons.safeParse(stored).success).toBe(false);
  });
});

describe('a stored transition', () => {
  it.each([
    ['the first', transition],
    [
      'one that was accepted',
      { ...transition, waived: true, waiver: { by: 'Ada', reason: 'Known.', expiresAt: transition.at } },
    ],
    ['a later one', { ...transition, previousVerdict: 'compliant', verdict: 'unknown', reasons: [] }],
  ])('comes back as it was: %s', (_case, stored) => {
    expect(StoredTransition.parse(stored)).toEqual(stored);
  });

  it.each([
    ['another control', { control: 'mailboxes' }],
    ['another verdict', { verdict: 'fine' }],
    ['another severity', { severity: 'urgent' }],
    ['no verdict before', { previousVerdict: undefined }],
    ['text for a switch', { waived: 'false' }],
    ['codes that are no list', { codes: 'license.none' }],
    ['a waiver by nobody', { waiver: { reason: 'Known.', expiresAt: '2026-11-23T02:00:00.000Z' } }],
    ['a bad reason', { reasons: [{}] }],
  ])('is refused with %s', (_case, changes) => {
    expect(StoredTransition.safeParse({ ...transition, ...changes }).success).toBe(false);
  });
});
