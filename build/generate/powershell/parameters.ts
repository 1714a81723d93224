import { capitalised } from '../../capitalised';
import type { ApiDocument, Operation, Schema } from './api';

/** Where the value of a parameter goes. */
export type Place = 'path' | 'query' | 'body';

/** A parameter of an operation, as PowerShell has it. */
export interface Parameter {
  /** As PowerShell has it: `TargetId`. */
  name: string;
  /** As the API has it: `targetId`. */
  wire: string;
  place: Place;
  required: boolean;
  /** Type of PowerShell: `string`, `switch`, `datetime`. */
  type: string;
  /** The only values; absent where there are others. */
  values?: readonly string[];
  range?: readonly [number, number];
  /** What a switch stands for. */
  sent?: string;
  /** Undefined where the API does not say. */
  help: string | undefined;
}

/** Names that are clear in PowerShell, and taken by nothing else there: `$PROFILE` is a variable of its own. */
const renamed: Readonly<Record<string, string>> = {
  limit: 'PageSize',
  profile: 'VendorProfile',
  controls: 'Control',
  codes: 'Code',
  q: 'Text',
  rq: 'RoomText',
  rpage: 'RoomPage',
};

/** What the API takes for granted. */
const undescribed: Readonly<Record<string, string>> = {
  control: 'Id of the control.',
};

/** The module asks for the next page by itself. */
const hidden = new Set(['continuation']);

/** What an operation can be given, in the order of its description. @throws for a schema that nothing is known of. */
export function parametersOf(api: ApiDocument, operation: Operation): Parameter[] {
  const inAddress = (operation.parameters ?? []).map((each) => ({
    wire: each.name,
    place: each.in as Place,
    required: each.required === true,
    schema: { ...resolved(api, each.schema), ...described(each.description) },
  }));
  const taken = new Set(inAddress.map(({ wire }) => wire));
  const inBody = bodyProperties(api, operation)
    .filter(({ wire }) => !taken.has(wire))
    .map((each) => ({ ...each, place: 'body' as const }));
  return [...inAddress, ...inBody]
    .filter(({ wire }) => !hidden.has(wire))
    .map(({ wire, place, required, schema }) => {
      const typed = typeOf(api, wire, schema);
      if (place !== 'body' && typed.type.endsWith('[]'))
        throw new Error(
          `${wire} of ${operation.operationId} is a list: nothing is known of lists in addresses.`,
        );
      const help = schema.description ?? undescribed[wire];
      return { name: renamed[wire] ?? capitalised(wire), wire, place, required, ...typed, help };
    });
}

function described(description: string | undefined): Pick<Schema, 'description'> {
  return description === undefined ? {} : { description };
}

/** Of several forms that a body may have, the properties of all; what one form lacks cannot be required. */
function bodyProperties(
  api: ApiDocument,
  { requestBody }: Operation,
): { wire: string; required: boolean; schema: Schema }[] {
  const given = requestBody?.content['application/json']?.schema;
  if (given === undefined) return [];
  const schema = resolved(api, given);
  const forms = (schema.oneOf ?? schema.anyOf ?? [schema]).map((form) => resolved(api, form));
  const properties = Object.assign({}, ...forms.map((form) => form.properties ?? {})) as Record<
    string,
    Schema
  >;
  return Object.entries(properties).map(([wire, property]) => ({
    wire,
    required: forms.some(({ required = [] }) => required.includes(wire)),
    schema: { ...resolved(api, property), ...described(property.description) },
  }));
}

function resolved(api: ApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split('/').at(-1) ?? '';
  const found = api.components.schemas?.[name];
  if (found === undefined) throw new Error(`openapi.json has no ${schema.$ref}.`);
  return found;
}

function typeOf(
  api: ApiDocument,
  wire: string,
  given: Schema,
): Pick<Parameter, 'type' | 'values' | 'range' | 'sent'> {
  const schema = resolved(api, given);
  if (schema.const !== undefined) return { type: 'switch', sent: String(schema.const) };
  if (schema.enum !== undefined) {
    // The empty value is that of a form that is sent without a choice: here it is left out.
    const values = schema.enum.map(String).filter((value) => value !== '');
    if (values.join() === 'true,false') return { type: 'switch', sent: 'true' };
    return { type: 'string', values };
  }
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
    const forms = (schema.anyOf ?? schema.oneOf ?? []).map((form) => resolved(api, form));
    if (forms.some(({ format }) => format === 'date-time')) return { type: 'datetime' };
    if (forms.every(({ type }) => type === 'string')) return { type: 'string' };
    return { type: 'psobject' };
  }
  switch (schema.type) {
    case 'string':
      return { type: schema.format === 'date-time' || schema.format === 'date' ? 'datetime' : 'string' };
    case 'boolean':
      return { type: 'bool' };
    case 'integer':
      return { type: 'int', ...rangeOf(schema) };
    case 'object':
      return { type: 'psobject' };
    case 'array': {
      const item = typeOf(api, wire, schema.items ?? {});
      return { ...item, type: `${item.type}[]` };
    }
    default:
      throw new Error(`Nothing is known of the type of ${wire}: ${JSON.stringify(schema)}`);
  }
}

function rangeOf({ minimum, maximum }: Schema): Pick<Parameter, 'range'> {
  const isTold = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return isTold ? { range: [minimum, maximum] } : {};
}
