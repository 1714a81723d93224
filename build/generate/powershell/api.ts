import { allRoutes } from '../../../src/functions/app';
import { describeApi } from '../../../src/lib/http/openapi';
import { createServices } from '../../../src/lib/services';
import { readSettings } from '../../../src/lib/settings';

/** A part of a JSON schema: what the parameters of functions are made from. */
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: readonly unknown[];
  const?: string | number | boolean;
  minimum?: number;
  maximum?: number;
  description?: string;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  $ref?: string;
}

/** One operation of openapi.json, as far as it matters here. */
export interface Operation {
  operationId: string;
  summary: string;
  security: readonly Readonly<Record<string, readonly string[]>>[];
  parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: Schema;
  }[];
  requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
  responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

/** The description of the API, as the app gives it at openapi.json. */
export interface ApiDocument {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas?: Readonly<Record<string, Schema>> };
}

/** The description of the API, without an app that runs: nothing is connected to. */
export async function apiDocument(): Promise<ApiDocument> {
  const settings = readSettings({
    AUTH_MODE: 'local',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  });
  return JSON.parse(await describeApi(Object.values(allRoutes(createServices(settings))))) as ApiDocument;
}
