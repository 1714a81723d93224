import type { Cmdlet } from '../../../../../src/lib/microsoft365/admin-api';
import type { Scope } from '../../../../../src/lib/microsoft365/exchange';
import { AdminApiExchange } from '../../../../../src/lib/microsoft365/exchange/admin-api/exchange';
import type { Tenant } from '../../../../../src/lib/microsoft365/tenant';
import { type Read, readOk } from '../../../../../src/lib/microsoft365/wire/read';
import type { StoredTarget } from '../../../../../src/lib/model/target';

it('reads many scopes side by side, but not all of them at once, and gives them in their order', async () => {
  let running = 0;
  let most = 0;
  const list = async ({ parameters }: Cmdlet): Promise<Read<unknown[]>> => {
    most = Math.max(most, ++running);
    // The later ones are answered sooner.
    await new Promise((resolve) => setTimeout(resolve, 20 - Number(parameters.Filter)));
    running--;
    return readOk([parameters.Filter]);
  };
  const exchange = new AdminApiExchange({ adminApi: { list } } as unknown as Tenant, {} as StoredTarget);
  const names = Array.from({ length: 12 }, (_, index) => String(index));
  const contents = await exchange.contents(
    names.map((name): Scope => ({ kind: 'filter', name, filter: name })),
  );
  expect(contents.map(({ inside }) => inside)).toEqual(names.map((name) => [name]));
  expect(most).toBe(4);
});
