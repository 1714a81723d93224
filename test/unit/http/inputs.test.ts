import type { z } from 'zod';
import {
  AllHistoryQuery,
  AuditBody,
  ControlParams,
  ExportParams,
  ExportQuery,
  FindingQuery,
  FindingsQuery,
  HistoryQuery,
  NoBody,
  PageQuery,
  TargetParams,
  toTarget,
} from '../../../src/lib/http/inputs';
import { parseInput } from '../../../src/lib/input';
import { TargetBody } from '../../../src/lib/model/target';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('addresses', () => {
  it.each(['a', '7', 'contoso-rooms', 'a'.repeat(63)])('take %s for a target', (targetId) => {
    expect(TargetParams.parse({ targetId })).toEqual({ targetId });
  });

  it.each(['', '-a', 'A', 'a_b', 'a/b', 'a.b', 'ä', 'a'.repeat(64), 'a\n'])(
    'do not take %j for a target',
    (targetId) => {
      expect(accepts(TargetParams, { targetId })).toBe(false);
    },
  );

  it('know the controls by their ids', () => {
    expect(accepts(ControlParams, { targetId: 'a', control: 'password-expiry' })).toBe(true);
    expect(accepts(ControlParams, { targetId: 'a', control: 'passwordExpiry' })).toBe(false);
  });
});

describe('queries', () => {
  it('ask for a hundred rows unless told', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 100 });
    expect(PageQuery.parse({ limit: '1000', continuation: 'x' })).toEqual({ limit: 1000, continuation: 'x' });
  });

  it.each(['0', '1001', '-1', '1.5', 'ten', '', 'Infinity'])('do not take %j for a limit', (limit) => {
    expect(accepts(PageQuery, { limit })).toBe(false);
  });

  it.each<[string, z.ZodType, Record<string, string>, boolean]>([
    [
      'findings by all there is',
      FindingsQuery,
      { targetId: 'a', control: 'license', verdict: 'unknown' },
      true,
    ],
    ['findings by a verdict that does not exist', FindingsQuery, { verdict: 'bad' }, false],
    ['findings by a control that does not exist', FindingsQuery, { control: 'x' }, false],
    ['findings by a target that cannot exist', FindingsQuery, { targetId: "a' or 1 eq 1" }, false],
    [
      'findings by what their targets are, and by what has changed',
      FindingsQuery,
      {
        severity: 'high',
        waived: 'false',
        stale: 'true',
        changedSince: '2026-11-01',
        customer: 'c',
        tag: 't',
      },
      true,
    ],
    ['findings by a truth that is none', FindingsQuery, { stale: '1' }, false],
    ['findings by a customer that cannot exist', FindingsQuery, { customer: 'A b' }, false],
    ['findings by something else', FindingsQuery, { summary: 'x' }, false],
    ['history by control', HistoryQuery, { control: 'account' }, true],
    ['history by verdict', HistoryQuery, { verdict: 'unknown' }, true],
    ['history by a verdict that does not exist', HistoryQuery, { verdict: 'bad' }, false],
    [
      'the history of all targets by all there is',
      AllHistoryQuery,
      { since: '2026-11-01', until: '2026-11-02', customer: 'c', control: 'account' },
      true,
    ],
    [
      'the history of all targets to before it begins',
      AllHistoryQuery,
      { since: '2026-11-02', until: '2026-11-02' },
      false,
    ],
    ['the history of all targets by verdict', AllHistoryQuery, { verdict: 'unknown' }, false],
    ['history by target', HistoryQuery, { targetId: 'a' }, false],
    [
      'an export by all there is',
      ExportQuery,
      { targetId: 'a', control: 'license', verdict: 'unknown' },
      true,
    ],
    ['an export page by page', ExportQuery, { limit: '100' }, false],
    ['a continuation of any length', PageQuery, { continuation: 'x'.repeat(2001) }, false],
  ])('filter %s', (_what, schema, query, allowed) => {
    expect(accepts(schema, query)).toBe(allowed);
  });
});

describe.each([
  ['the history', HistoryQuery],
  ['an export', ExportQuery],
])('the span of %s', (_what, schema) => {
  const read = (query: Record<string, string>) => {
    const { from, to } = parseInput(schema, query);
    return [from?.toISOString(), to?.toISOString()];
  };

  it.each([
    [{}, [undefined, undefined]],
    [{ from: '2026-11-01' }, ['2026-11-01T00:00:00.000Z', undefined]],
    [{ to: '2026-11-01T08:30:00+02:00' }, [undefined, '2026-11-01T06:30:00.000Z']],
    [
      { from: '2024-02-29', to: '2024-02-29T00:00:00.001Z' },
      ['2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.001Z'],
    ],
  ])('is %j', (query, span) => {
    expect(read(query as Record<string, string>)).toEqual(span);
  });

  it.each([
    [{ from: 'yesterday' }, 'from: must be a day, like 2026-11-01, or a time with an offset'],
    [{ from: '2026-02-29' }, 'from: must be a day'],
    [{ from: '2026-11-01T08:00:00' }, 'from: must be a day'],
    // What becomes of a + that was not encoded.
    [{ to: '2026-11-01T08:00:00 02:00' }, 'to: must be a day'],
    [{ to: '' }, 'to: must be a day'],
    [{ from: '2026-11-01', to: '2026-11-01' }, 'to: must be later than from'],
    [{ from: '2026-11-02', to: '2026-11-01T23:59:59Z' }, 'to: must be later than from'],
    [{ until: '2026-11-01' }, 'until: is not a known property: remove it'],
  ])('is not %j', (query, problem) => {
    expect(() => read(query as Record<string, string>)).toThrow(problem);
  });
});

describe('the format of an export', () => {
  it.each(['csv', 'json', 'xlsx', 'md'])('is %s', (format) =>
    expect(ExportParams.parse({ format })).toEqual({ format }),
  );

  it.each(['CSV', 'pdf', ''])('is not %j', (format) => {
    expect(() => parseInput(ExportParams, { format })).toThrow('format: must be csv, json, xlsx or md');
  });
});

describe('the query of a finding', () => {
  const read = (query: Record<string, string>) => parseInput(FindingQuery, query);

  it('asks for no rows by itself', () => {
    expect(read({})).toEqual({});
  });

  it('asks for a thousand rows unless told', () => {
    expect(read({ resources: 'all' })).toEqual({ rows: { limit: 1000 } });
    const chosen = { verdict: 'nonCompliant', continuation: 'x' };
    expect(read({ resources: 'all', limit: '7', ...chosen })).toEqual({ rows: { limit: 7, ...chosen } });
  });

  it.each([
    [{ resources: 'some' }, 'resources: must be all, or be left out'],
    [{ resources: '' }, 'resources: must be all, or be left out'],
    [{ verdict: 'unknown' }, 'verdict: is about rows: add resources=all'],
    [{ limit: '5' }, 'limit: is about rows: add resources=all'],
    [{ continuation: 'x' }, 'continuation: is about rows: add resources=all'],
    [{ resources: 'all', verdict: 'bad' }, 'verdict: must be one of nonCompliant'],
    [{ resources: 'all', limit: '1001' }, 'limit: must be at most 1000'],
    [{ resources: 'all', limit: '' }, 'limit: must be at least 1'],
    [
      { resources: 'all', continuation: 'x'.repeat(2001) },
      'continuation: must have at most 2,000 characters',
    ],
    [{ resources: 'all', control: 'rooms' }, 'control: is not a known property: remove it'],
  ])('does not take %j', (query, problem) => {
    expect(() => read(query as Record<string, string>)).toThrow(problem);
  });

  it('says everything that is wrong at once', () => {
    const problems = 'verdict: is about rows: add resources=all; limit: is about rows: add resources=all';
    expect(() => read({ verdict: 'unknown', limit: '5' })).toThrow(problems);
  });
});

describe('bodies', () => {
  it.each([
    [undefined, true],
    [{}, true],
    [{ controls: ['account', 'license'] }, true],
    [{ controls: [] }, false],
    [{ controls: ['nothing'] }, false],
    [{ controls: 'account' }, false],
    [{ control: ['account'] }, false],
    [null, false],
  ])('of an audit: %j', (body, allowed) => {
    expect(accepts(AuditBody, body)).toBe(allowed);
  });

  it('of an audit without controls says what to do instead', () => {
    const issues = AuditBody.safeParse({ controls: [] }).error?.issues;
    expect(issues?.[0]?.message).toBe('must name at least one control; leave it out for all');
  });

  it.each([
    [undefined, true],
    [{}, true],
    [{ now: true }, false],
    [[], false],
  ])('where none is needed: %j', (body, allowed) => {
    expect(accepts(NoBody, body)).toBe(allowed);
  });
});

describe('a target that is put', () => {
  const body = TargetBody.parse({
    tenantId: '00000000-0000-0000-0000-00000000000A',
    profile: 'condeco-exchange-sync',
    serviceAccount: 'svc-condeco@contoso.com',
    clientAppId: '00000000-0000-0000-0000-00000000000b',
  });

  it('gets its id from the address', () => {
    expect(toTarget('contoso', body)).toEqual({ ...body, targetId: 'contoso' });
    expect(toTarget('contoso', { ...body, targetId: 'contoso' }).targetId).toBe('contoso');
  });

  it('gets the application that its profile publishes', () => {
    const zoom = TargetBody.parse({
      ...{ tenantId: '0a0a0a0a-0000-4000-8000-000000000001', profile: 'zoom-rooms-account' },
      serviceAccount: 'svc-zoom@contoso.com',
    });
    expect(toTarget('contoso-zoom', zoom).clientAppId).toBe('a651cfda-cbdd-4a39-bd03-fa829c3c1b29');
  });

  it('may not say another id', () => {
    expect(() => toTarget('contoso', { ...body, targetId: 'fabrikam' })).toThrow(
      'targetId: must equal the one in the address (contoso), or be left out',
    );
  });
});
