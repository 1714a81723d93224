import { InputError, NotFoundError, RefusedError, TargetChangedError } from '../../../src/lib/errors';
import { ProblemError, problemResponse, toProblem } from '../../../src/lib/http/problem';

const bodyOf = (problem: ProblemError) =>
  JSON.parse(problemResponse(problem).body as string) as Record<string, unknown>;

describe('problems', () => {
  it.each([
    ['auth.required', 401, 'Sign in'],
    ['auth.forbidden', 403, 'Not allowed'],
    ['input.invalid', 400, 'The input cannot be used'],
    ['input.tooLarge', 413, 'The input is too large'],
    ['notFound', 404, 'Not found'],
    ['waiver.nothingToAccept', 409, 'There is nothing to accept'],
    ['internal', 500, 'Something went wrong'],
    ['unavailable', 503, 'Not available at the moment'],
  ] as const)('%s is told with status %i', (code, status, title) => {
    const response = problemResponse(new ProblemError(code, 'Why.'));
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    expect(JSON.parse(response.body as string)).toEqual({
      type: `https://www.rfc-editor.org/rfc/rfc9110#status.${status}`,
      title,
      status,
      detail: 'Why.',
      code,
    });
  });

  it('ask for a token with a challenge, and only then', () => {
    const headers = (code: 'auth.required' | 'auth.forbidden') =>
      problemResponse(new ProblemError(code, '')).headers;
    expect(headers('auth.required')).toHaveProperty('www-authenticate', 'Bearer');
    expect(headers('auth.forbidden')).not.toHaveProperty('www-authenticate');
  });

  it('name every field of bad input', () => {
    const errors = [
      { path: 'tenantId', message: 'is required' },
      { path: '', message: 'is wrong' },
    ];
    expect(bodyOf(toProblem(new InputError(errors)))).toMatchObject({
      code: 'input.invalid',
      detail: 'tenantId: is required; the body: is wrong',
      errors,
    });
  });

  it.each([
    [new NotFoundError('There is no target a.'), 'notFound', 'There is no target a.'],
    [new ProblemError('auth.forbidden', 'No.'), 'auth.forbidden', 'No.'],
    [new RefusedError('waiver.nothingToAccept', 'It is fine.'), 'waiver.nothingToAccept', 'It is fine.'],
    [
      new TargetChangedError('a'),
      'unavailable',
      'The target a was changed while it was being audited. Audit it again.',
    ],
  ] as const)('come from what was thrown: %s', (error, code, detail) => {
    expect(bodyOf(toProblem(error))).toMatchObject({ code, detail });
  });

  it.each([new Error('AccountKey=secret'), 'AccountKey=secret', { AccountKey: 'secret' }, undefined])(
    'keep to themselves what is not meant for callers',
    (error) => {
      const problem = toProblem(error);
      expect(problem.code).toBe('internal');
      expect(JSON.stringify(problemResponse(problem))).not.toContain('secret');
    },
  );
});
