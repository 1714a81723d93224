import { compare, reopened } from '../../../src/lib/audit/compare';
import { Provenance, provenanceOf } from '../../../src/lib/audit/measurements';
import { control } from '../../../src/lib/controls';
import { at, evaluation, storedTarget, violation } from '../../support/storage';

const license = control('license');
const ids = (count: number) => Array.from({ length: count }, (_id, number) => `r-${number}`);

describe('the provenance of evidence', () => {
  it('is the version of the control, the time of the reading, and the ids of its requests', () => {
    expect(provenanceOf(license, { requests: 3, requestIds: ['r-1', 'r-2', 'r-1'] }, at(1))).toEqual({
      controlVersion: license.version,
      collectedAt: at(1).toISOString(),
      requestIds: ['r-1', 'r-2'],
      requestIdCount: 2,
    });
  });

  it('has the first hundred ids, and says how many there are', () => {
    const provenance = provenanceOf(license, { requests: 250, requestIds: ids(250) }, at(1));
    expect(provenance.requestIds).toEqual(ids(100));
    expect(provenance.requestIdCount).toBe(250);
  });

  it.each([
    ['older than that', {}],
    ['something else', { controlVersion: '1', collectedAt: null, requestIds: 'r-1', requestIdCount: 'many' }],
  ])('is empty where the evidence is %s', (_case, evidence) => {
    const none = { controlVersion: null, collectedAt: '', requestIds: [], requestIdCount: 0 };
    expect(Provenance.parse(evidence)).toEqual(none);
  });
});

describe('the provenance of a transition', () => {
  const run = (hours: number, requestIds: string[], reasons = [violation('license.none')]) => ({
    target: storedTarget('contoso'),
    control: license,
    evaluation: evaluation(reasons, {
      evidence: { ...provenanceOf(license, { requests: 1, requestIds }, at(hours)) },
    }),
    runId: '2026-11-01',
    checkedAt: at(hours),
    requests: 1,
  });

  it('is the version of the control, and the first twenty ids of the requests that it was found by', () => {
    const { pending } = compare(run(1, ids(30)), undefined);
    expect(pending).toMatchObject([{ controlVersion: license.version, requestIds: ids(20) }]);
  });

  it('is that of its own reading, also when nothing could be read', () => {
    const first = { ...compare(run(1, ['r-1']), undefined), etag: '' };
    const unreadable = { code: 'unreadable.throttled', level: 'unknown' as const, message: 'Busy.' };
    const next = compare(run(2, ['r-2'], [unreadable]), first);
    expect(next.evidence).toMatchObject({ requestIds: ['r-1'], collectedAt: at(1).toISOString() });
    expect(next.pending.at(-1)).toMatchObject({ verdict: 'unknown', requestIds: ['r-2'] });
    // The first one is in the history by now.
    expect(next.pending[0]).not.toHaveProperty('requestIds');
  });

  it('has no request where nothing was read', () => {
    const accepted = { ...compare(run(1, ['r-1']), undefined), waived: true, etag: '' };
    expect(reopened(accepted, at(2)).pending.at(-1)).toMatchObject({ waived: false, requestIds: [] });
  });
});
