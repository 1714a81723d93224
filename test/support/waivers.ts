import { pinsOf } from '../../src/lib/audit/pins';
import { control } from '../../src/lib/controls';
import { subjectOf } from '../../src/lib/model/target';
import type { Reason } from '../../src/lib/model/verdict';
import type { StoredWaiver } from '../../src/lib/model/waiver';
import { at, storedTarget } from './storage';

/** A waiver of these reasons on the target `contoso`, from the first hour on and for a hundred. */
export function storedWaiver(reasons: readonly Reason[], more: Partial<StoredWaiver> = {}): StoredWaiver {
  const { targetId = 'contoso', control: id = 'license', salt = 'salt' } = more;
  const pins = pinsOf(reasons, salt);
  return {
    targetId,
    control: id,
    by: 'Ada',
    byObjectId: '0d0d0d0d-0000-4000-8000-000000000001',
    reason: 'The licence comes next week.',
    createdAt: at(0).toISOString(),
    expiresAt: at(100).toISOString(),
    controlVersion: control(id).version,
    pinned: pins.size,
    subject: subjectOf(storedTarget(targetId)),
    remindedOn: '',
    salt,
    pins,
    etag: '',
    ...more,
  };
}
