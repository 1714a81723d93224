import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../simulated-tenant';
import { type Prediction, subscription, type Template, tenantId } from './compiler';
import { evaluated } from './expressions';

/** Parameters that every deployment has. azd fills in who deploys. */
const always = {
  environmentName: 'test',
  location: 'westeurope',
  deployerId: '00000000-0000-0000-0000-00000000000a',
};
const clientId = '00000000-0000-0000-0000-00000000000c';

/** Deployments of which a snapshot is kept, with their parameters. */
export const deployments = {
  defaults: {},
  'many-tenants': {
    serveOtherTenants: true,
    enableRemediation: true,
    exchangeAdminApi: true,
    grantPermissions: true,
    auditSchedule: '0 0 3 * * *',
    scheduleOverrides: { 'password-expiry': '0 30 4 * * *' },
    digestSchedule: '0 0 6 * * *',
    digestWeekly: true,
    notifyWebhookUrl: 'https://hooks.contoso.com/digest',
    notifyTeamsUrl: '@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/teams)',
    maximumInstanceCount: 100,
  },
  'alerts-by-tenant': {
    alertSplit: 'tenant',
    rulesPerAlert: 2,
    alertMail: 'ops@contoso.com, night@contoso.com',
    alertWebhook: 'https://hooks.contoso.com/alerts',
    alertWebhookObjectId: '00000000-0000-0000-0000-00000000000d',
    alertWebhookIdentifierUri: 'api://hooks.contoso.com/alerts',
    accessLogs: 'writes',
    dataRedundancy: 'Standard_GZRS',
  },
  'sign-in-by-hand': {
    registerApplication: false,
    authClientId: clientId,
    alertWebhook: 'https://hooks.contoso.com/plain',
    callingApplications: '00000000-0000-0000-0000-00000000000e, 00000000-0000-0000-0000-00000000000f',
    enableRemediation: true,
    federatedAppClientId: clientId,
    federatedRemediationAppClientId: clientId,
  },
  network: { privateNetwork: true, networkPrefix: '10.1.2.0/24' },
  off: {
    registerApplication: false,
    dailyCapGB: 0,
    accessLogs: 'none',
    softDeleteDays: 0,
    protect: false,
  },
} satisfies Record<string, Readonly<Record<string, unknown>>>;
export type DeploymentName = keyof typeof deployments;
export const deploymentNames = Object.keys(deployments) as DeploymentName[];

/** All parameters of a deployment that differ from the defaults of `main.bicep`. */
export function parametersOf(name: DeploymentName): Readonly<Record<string, unknown>> {
  return { ...always, ...deployments[name] };
}

/** Something that is deployed. */
export interface Resource {
  type: string;
  apiVersion: string;
  name: string;
  /** The resource that it is an extension of. */
  scope?: string;
  properties?: unknown;
  [more: string]: unknown;
}

/** What a deployment makes, with names in braces for what only Azure knows. */
export interface Deployment {
  outputs: Record<string, unknown>;
  /** Modules of which Bicep cannot say before a deployment how many of a resource they make. */
  unforeseen?: string[];
  resources: Resource[];
}

/** Makes what Bicep foresees readable: expressions evaluated, ids without what is the same in all. */
export function deploymentOf(name: DeploymentName, prediction: Prediction, template: Template): Deployment {
  const given = parametersOf(name);
  const parameters = Object.fromEntries(
    Object.entries(template.parameters ?? {}).map(([key, { defaultValue }]) => [
      key,
      given[key] ?? defaultValue,
    ]),
  );
  // The one variable that cannot be evaluated is part of this name.
  const token = String(prediction.outputs.FUNCTION_APP_NAME).replace(/^func-/, '');
  const surroundings = {
    // The webhook is a secret, and Bicep leaves what is made with it as it is in alerts.bicep.
    parameters: { ...givenTo(template, 'alerts'), ...parameters },
    variables: { ...template.variables, token },
    tenantId,
    // In this tenant everything is published.
    known: (path: string) => (path.endsWith('.missing') ? [] : published(path)),
  };
  const readable = (value: unknown) =>
    shortened(evaluated(value, surroundings), `rg-${always.environmentName}`);
  const unforeseen = prediction.diagnostics.map(shortCircuited);
  return {
    outputs: sorted(readable(prediction.outputs) as Record<string, unknown>),
    ...(unforeseen.length === 0 ? {} : { unforeseen }),
    resources: prediction.predictedResources.map((each) => resourceOf(readable(each) as Predicted)),
  };
}

/** The parameters of a module, as expressions. */
export function givenTo({ resources = {} }: Template, module: string): Record<string, unknown> {
  const { parameters = {} } = (resources[module]?.properties ?? {}) as {
    parameters?: Record<string, { value?: unknown }>;
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, each]) => [name, each.value ?? each]));
}

/** Bicep gives outputs in an order of its own, each time another. */
const sorted = (outputs: Record<string, unknown>) =>
  Object.fromEntries(
    Object.keys(outputs)
      .sort()
      .map((name) => [name, outputs[name]]),
  );

function shortCircuited(diagnostic: string): string {
  const [, module] =
    /^ *Warning NestedDeploymentShortCircuited: .+?\/deployments\/([\w-]+)'.+ copy count /.exec(diagnostic) ??
    [];
  if (module === undefined) throw new Error(diagnostic);
  return module;
}

const published = (path: string) => {
  const name = /-published\.ids\.(.+)$/.exec(path)?.[1];
  return name === undefined ? undefined : `{${name}}`;
};

/** Without the subscription, and with the resource group as a word. */
function shortened(value: unknown, group: string): unknown {
  if (Array.isArray(value)) return value.map((each) => shortened(each, group));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [shortened(key, group), shortened(each, group)]),
    );
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(`${subscription}/resourceGroups/${group}`, '(group)')
    .replaceAll('(group)/providers/', '(group)/')
    .replaceAll(subscription, '(subscription)');
}

interface Predicted {
  id?: string;
  type: string;
  apiVersion?: string;
  name?: string;
  properties?: Record<string, unknown>;
  [more: string]: unknown;
}

function resourceOf({ id, type, apiVersion, name, properties, ...others }: Predicted): Resource {
  const [plainType = type, versionOfType] = type.split('@');
  // In Microsoft Graph a resource has no id before it is made.
  const key = ['uniqueName', 'name', 'appId', 'appRoleId', 'clientId'].find(
    (each) => typeof properties?.[each] === 'string',
  );
  const scope =
    id?.includes(`/providers/${plainType}/`) === true ? id.split(`/providers/${plainType}/`)[0] : undefined;
  return {
    type: plainType,
    apiVersion: apiVersion ?? versionOfType ?? '',
    name: name ?? (properties?.[key ?? ''] as string),
    ...(scope === undefined ? {} : { scope }),
    ...others,
    ...(properties === undefined ? {} : { properties: withData(properties) }),
  };
}

/** A workbook is JSON within JSON. */
function withData(properties: Record<string, unknown>): Record<string, unknown> {
  const { serializedData, ...others } = properties;
  return typeof serializedData === 'string'
    ? { ...others, serializedData: JSON.parse(serializedData) as unknown }
    : properties;
}

const label = ({ type, name, scope }: Resource) =>
  [type, name, ...(scope === undefined ? [] : [scope])].join(' ');
const folder = path.join(root, 'test/unit/infra/deployments');
export const snapshotFile = (name: string) => path.join(folder, `${name}.yaml`);

interface Stored extends Deployment {
  asInDefaults?: string[];
}

/** A snapshot as it is kept: what is as in the defaults is named only. */
export function written(deployment: Deployment, defaults?: Deployment): string {
  const usual = new Map((defaults?.resources ?? []).map((each) => [label(each), yaml(each)]));
  const isUsual = (each: Resource) => usual.get(label(each)) === yaml(each);
  const stored: Stored = {
    ...deployment,
    ...(defaults === undefined ? {} : { asInDefaults: deployment.resources.filter(isUsual).map(label) }),
    resources: deployment.resources.filter((each) => !isUsual(each)),
  };
  return yaml(stored);
}

export function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

const read = new Map<DeploymentName, Deployment>();

/** A snapshot that is kept. Each is read once. */
export function storedDeployment(name: DeploymentName): Deployment {
  const known = read.get(name);
  if (known !== undefined) return known;
  const {
    asInDefaults = [],
    resources,
    ...others
  } = parse(readFileSync(snapshotFile(name), 'utf8')) as Stored;
  const usual = asInDefaults.length > 0 ? storedDeployment('defaults').resources : [];
  const found = {
    ...others,
    resources: [...usual.filter((each) => asInDefaults.includes(label(each))), ...resources],
  };
  read.set(name, found);
  return found;
}
