import { readFileSync } from 'node:fs';
import path from 'node:path';
import { routes } from '../../local/simulator/routes';
import { controls } from '../../src/lib/controls';
import type { SubscribedSku } from '../../src/lib/controls/license/collect';
import { minimumPlanOf, sufficientPlans } from '../../src/lib/controls/license/products';
import { thatServe } from '../../src/lib/microsoft365/permission-fallback';
import { onlyOnExchange } from '../../src/lib/model/allowed-grants';
import { profile, profileIds } from '../../src/lib/profiles';
import { contractFolder } from '../support/contract';

/** Operations for which the table names nobody, with the permissions of Microsoft's page. */
const undescribed: Record<string, string[]> = {
  // https://learn.microsoft.com/graph/api/directory-deleteditems-list
  'GET /directory/deletedItems/graph.user': [
    'User.Read.All',
    'User.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  // https://learn.microsoft.com/graph/api/directory-deleteditems-restore
  'POST /directory/deletedItems/{directoryObject-id}/restore': [
    'User.DeleteRestore.All',
    'User.ReadWrite.All',
  ],
};

/** Permissions that are newer than the table. https://learn.microsoft.com/graph/permissions-reference */
const newer = ['Calendars.ReadWrite.All application'];

/** Plan 1 and Plan 2 of Exchange Online, and their variants for governments. */
const enough = [
  '9aaf7827-d63c-4b61-89c3-182f06f82e5c',
  'e9b4930a-925f-45e2-ac2a-3f7788ca6fdd',
  'efb87545-963c-4e0d-99df-69c6916d9eb0',
  '8c3069c0-ccdb-44be-ab77-986203a67df2',
];

if (contractFolder === undefined) {
  process.stderr.write(
    "GRAPH_CONTRACT_DIR is not set: Microsoft's products and permissions are not compared.\n",
  );
}
// Without Microsoft's tables there is nothing to compare with.
const describeContract = contractFolder === undefined ? describe.skip : describe;

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(contractFolder ?? '', file), 'utf8'));
}

describeContract("Microsoft's products", () => {
  interface Product {
    skuId: string;
    skuPartNumber: string;
    servicePlans: { id: string; name: string }[];
  }
  const { skus } = (contractFolder === undefined ? { skus: [] } : read('licensing.json')) as {
    skus: Product[];
  };

  it('are 619', () => {
    expect(skus).toHaveLength(619);
  });

  it('each get the right answer to whether they are enough', () => {
    const wrong = skus.filter(({ skuId, skuPartNumber, servicePlans }) => {
      const sku: SubscribedSku = {
        skuId,
        skuPartNumber,
        consumedUnits: 0,
        prepaidUnits: { enabled: 1, warning: 0 },
        servicePlans: servicePlans.map(({ id }) => ({ servicePlanId: id.toLowerCase() })),
      };
      const isEnough = sufficientPlans(sku, minimumPlanOf(profile('condeco-exchange-sync'))).length > 0;
      return isEnough !== servicePlans.some(({ id }) => enough.includes(id.toLowerCase()));
    });
    expect(wrong.map(({ skuPartNumber }) => skuPartNumber)).toEqual([]);
  });

  it.each([
    ['STANDARDPACK', true],
    ['ENTERPRISEPACK', true],
    ['EXCHANGESTANDARD', true],
    ['EXCHANGEDESKLESS', false],
    ['EXCHANGEESSENTIALS', true],
    ['EXCHANGE_S_ESSENTIALS', false],
    ['AAD_PREMIUM', false],
  ])('%s is enough: %p', (skuPartNumber, expected) => {
    const product = skus.find((sku) => sku.skuPartNumber === skuPartNumber);
    expect(product?.servicePlans.some(({ id }) => enough.includes(id.toLowerCase()))).toBe(expected);
  });
});

describeContract("Microsoft's permissions", () => {
  interface Permissions {
    permissions: Record<string, { appRoleId?: string | null; delegatedScopeId?: string | null }>;
    endpoints: Record<string, { allApplication: string[] }>;
    publishedOnGraph: { notPublishedAppRoles: string[] };
  }
  const { permissions, endpoints, publishedOnGraph } = (
    contractFolder === undefined
      ? { permissions: {}, endpoints: {}, publishedOnGraph: { notPublishedAppRoles: [] } }
      : read('permissions.json')
  ) as Permissions;

  it.each(profileIds)('on Microsoft Graph have the ids that the profile %s gives them', (id) => {
    const { permissions: required, impersonation } = profile(id);
    const named = [
      ...required.flatMap(({ anyOf, lookalikes, kind }) => [
        ...anyOf.map((permission) => ({ ...permission, kind })),
        ...lookalikes,
      ]),
      ...impersonation.tenantWidePermissions.map((wide) => ({ ...wide, kind: 'application' as const })),
    ];
    const onGraph = named.filter(
      ({ resource, name, kind }) => resource === 'Microsoft Graph' && !newer.includes(`${name} ${kind}`),
    );
    expect(onGraph.length).toBeGreaterThan(0);
    for (const { name, kind, id: permissionId } of onGraph) {
      const known = permissions[name];
      expect([name, kind, kind === 'application' ? known?.appRoleId : known?.delegatedScopeId]).toEqual([
        name,
        kind,
        permissionId,
      ]);
    }
  });

  it.each(
    routes.map(({ operation, permissions: taken, also = [] }) => [operation, [...taken, ...also]] as const),
  )('let in for %s whom the simulated tenant lets in', (operation, taken) => {
    const described = undescribed[operation] ?? endpoints[operation]?.allApplication;
    expect(described).toEqual(expect.arrayContaining([...taken]));
  });

  it('of Microsoft Graph are none of those that only Exchange Online has', () => {
    const onGraph = new Set(Object.keys(permissions).map((name) => name.toLowerCase()));
    expect(onlyOnExchange.filter((name) => onGraph.has(name))).toEqual([]);
  });

  it('are all that the controls ask for, and none that can write', () => {
    const asked = controls.flatMap(({ permissions: { read: reading } }) => reading.flatMap(thatServe));
    const onGraph = asked.filter(({ resource }) => resource === 'Microsoft Graph');
    for (const { name, id } of onGraph) {
      expect([name, permissions[name]?.appRoleId]).toEqual([name, id]);
      expect(name).not.toMatch(/Write|Manage\.|ManageAs|FullControl/);
    }
    // What a live tenant did not have. Whatever is asked for must be there, or have something in its place that is.
    const absent = onGraph.filter(({ name }) => publishedOnGraph.notPublishedAppRoles.includes(name));
    expect(absent.map(({ name }) => name)).toContain('Group.ReadBasic.All');
    for (const { name, fallback } of absent) {
      expect([name, fallback?.name]).toEqual([name, 'GroupMember.Read.All']);
    }
    expect(publishedOnGraph.notPublishedAppRoles).not.toContain('GroupMember.Read.All');
    // Exchange has none that only reads. This one allows nothing by itself: the role beside it decides.
    const others = asked.filter((permission) => !onGraph.includes(permission)).map(({ name }) => name);
    expect(['Exchange.ManageAsApp']).toEqual(expect.arrayContaining(others));
  });
});
