import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { listening } from './listening';

/** As much of a workflow as the recipes use. https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language */
const Definition = z.strictObject({
  $schema: z.literal(
    'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
  ),
  contentVersion: z.literal('1.0.0.0'),
  parameters: z.record(
    z.string(),
    z.strictObject({
      type: z.enum(['String', 'SecureString', 'Object']),
      defaultValue: z.unknown().optional(),
    }),
  ),
  triggers: z.strictObject({
    digest: z.strictObject({
      type: z.literal('Request'),
      kind: z.literal('Http'),
      inputs: z.strictObject({ method: z.literal('POST'), schema: z.strictObject({}) }),
    }),
  }),
  actions: z.record(
    z.string(),
    z.strictObject({
      type: z.enum(['Http', 'ApiConnection']),
      runAfter: z.strictObject({}),
      inputs: z.looseObject({ method: z.string(), body: z.record(z.string(), z.string()) }),
    }),
  ),
});

/** An action with every expression in its inputs evaluated. */
export interface RanAction {
  type: 'Http' | 'ApiConnection';
  inputs: Record<string, unknown>;
}

/** A stand-in for a Logic App: its trigger answers 202, and then its actions run. */
export interface LogicApp {
  url: string;
  /** What its actions have done, and with what. */
  ran: RanAction[];
  close(): Promise<void>;
}

/** Starts a Logic App of this definition. @throws when it uses what is not known here. */
export async function startLogicApp(
  definition: unknown,
  parameters: Readonly<Record<string, unknown>>,
): Promise<LogicApp> {
  const { actions, parameters: declared, triggers } = Definition.parse(definition);
  const given = Object.fromEntries(
    Object.entries(declared).map(([name, { defaultValue }]) => [name, parameters[name] ?? defaultValue]),
  );
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body: unknown = JSON.parse(await text(request));
    const isWanted =
      request.method === triggers.digest.inputs.method && /json/.test(request.headers['content-type'] ?? '');
    for (const { type, inputs } of isWanted ? Object.values(actions) : [])
      app.ran.push({ type, inputs: evaluated(inputs, { body, given }) as Record<string, unknown> });
    response.writeHead(isWanted ? 202 : 400).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  const { port, close } = await listening(server);
  const app: LogicApp = {
    url: `http://127.0.0.1:${port}/workflows/1/triggers/digest/paths/invoke?sig=x`,
    ran: [],
    close,
  };
  return app;
}

interface Values {
  body: unknown;
  given: Readonly<Record<string, unknown>>;
}

/** Inputs with what their expressions come to: `@…` as a whole is a value of any type, `@{…}` within a text is text. */
function evaluated(inputs: unknown, values: Values): unknown {
  if (typeof inputs === 'string') {
    if (/^@[a-z]/.test(inputs)) return valueOf(inputs.slice(1), values);
    return inputs.replaceAll(/@\{([^}]*)\}/g, (_whole, expression: string) =>
      String(valueOf(expression, values)),
    );
  }
  if (typeof inputs !== 'object' || inputs === null) return inputs;
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, evaluated(value, values)]));
}

/** `triggerBody()?['data']?['text']`, or `parameters('name')['more']`. */
function valueOf(expression: string, { body, given }: Values): unknown {
  const [, call = '', path = ''] =
    /^(triggerBody\(\)|parameters\('[^']+'\))((?:\??\['[^']+'\])*)$/.exec(expression) ?? [];
  if (call === '') throw new Error(`The expression ${expression} is not known here.`);
  const [, parameter] = /^parameters\('([^']+)'\)$/.exec(call) ?? [];
  let value: unknown = parameter === undefined ? body : given[parameter];
  for (const [, name = ''] of path.matchAll(/\['([^']+)'\]/g)) {
    if (typeof value !== 'object' || value === null || !(name in value))
      throw new Error(`There is no ${name} for ${expression}.`);
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
