import { exchangePlan } from '../../../../src/lib/microsoft365/directory/exchange-plans';

describe('a service plan of Exchange Online', () => {
  it.each([
    ['9aaf7827-d63c-4b61-89c3-182f06f82e5c', 'Exchange Online (Plan 1)', 1],
    ['e9b4930a-925f-45e2-ac2a-3f7788ca6fdd', 'Exchange Online (Plan 1) for Government', 1],
    ['efb87545-963c-4e0d-99df-69c6916d9eb0', 'Exchange Online (Plan 2)', 2],
    ['8c3069c0-ccdb-44be-ab77-986203a67df2', 'Exchange Online (Plan 2) for Government', 2],
    ['4a82b400-a79f-41a4-b4e2-e94f5787b113', 'Exchange Online Kiosk', 0],
    ['1126bef5-da20-4f07-b45e-ad25d2581aa8', 'Exchange Essentials', 0],
    ['90927877-dcff-4af6-b346-2332c0b15bb7', 'Exchange Online POP', 0],
  ])('%s is %s, of tier %i', (id, name, tier) => {
    expect(exchangePlan(id)).toEqual({ id, name, tier });
  });

  it('is found by its id in any case', () => {
    expect(exchangePlan('9AAF7827-D63C-4B61-89C3-182F06F82E5C')?.tier).toBe(1);
  });

  it.each([
    ['Exchange Foundation', '113feb6c-3fe4-4440-bddc-54d774bf0318'],
    ['Exchange Online Archiving', '176a09a6-7ec5-4039-ac02-b2791c6ba793'],
    ['a name', 'EXCHANGE_S_STANDARD'],
    ['nothing', ''],
  ])('is not %s', (_case, id) => {
    expect(exchangePlan(id)).toBeUndefined();
  });
});
