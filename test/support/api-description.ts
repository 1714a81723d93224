import Ajv, { type ErrorObject } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> } | undefined>;
}
interface Document {
  paths: Record<string, Record<string, Operation | undefined>>;
}

/** The description that the running app gives of itself, to hold its answers to. */
export class ApiDescription {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  /** Which of the described statuses were seen: `GET /health 200`. */
  readonly seen = new Set<string>();

  private constructor(private readonly document: Document) {
    this.ajv.addSchema(document, 'api');
  }

  static async of(url: string, headers: Record<string, string> = {}): Promise<ApiDescription> {
    const response = await fetch(`${url}/api/openapi.json`, { headers });
    if (!response.ok) throw new Error(`openapi.json came with status ${response.status}.`);
    return new ApiDescription((await response.json()) as Document);
  }

  /** Every operation that is described, with the statuses that it may answer. */
  get operations(): { method: string; path: string; statuses: string[] }[] {
    return Object.entries(this.document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        statuses: Object.keys(operation?.responses ?? {}),
      })),
    );
  }

  /** What is described and was not seen yet: `GET /health 500`. */
  get unseen(): string[] {
    return this.operations
      .flatMap(({ method, path, statuses }) => statuses.map((status) => `${method} ${path} ${status}`))
      .filter((name) => !this.seen.has(name));
  }

  /**
   * What of an answer is not as described; empty when all is.
   * @param route below `/api/`, as it was called.
   */
  complaints(
    method: string,
    route: string,
    answer: { status: number; type: string | null; body: unknown },
  ): string[] {
    const path = this.pathOf(route);
    if (path === undefined) return [`${route} is not described`];
    const name = `${method} ${path} ${answer.status}`;
    this.seen.add(name);
    const response = this.document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)];
    if (response === undefined) return [`${name} is not described`];
    if (response.content === undefined) return answer.body === undefined ? [] : [`${name} has a body`];
    const type = answer.type?.split(';')[0] ?? '';
    if (response.content[type] === undefined) return [`${name} comes as ${type}`];
    const pointer = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      String(answer.status),
      'content',
      type,
      'schema',
    ];
    const validate = this.ajv.getSchema(`api#/${pointer.map(escape).join('/')}`);
    if (validate === undefined) return [`${name} has no schema`];
    const isValid = validate(answer.body) as boolean;
    return isValid ? [] : (validate.errors ?? []).map((error) => `${name}: ${inWords(error)}`);
  }

  private pathOf(route: string): string | undefined {
    const parts = `/${route.split('?')[0] ?? ''}`.split('/');
    // What is written out wins over a parameter in the same place.
    return Object.keys(this.document.paths)
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .find((path) => {
        const template = path.split('/');
        const fits = (part: string, index: number) => part.startsWith('{') || part === parts[index];
        return template.length === parts.length && template.every(fits);
      });
  }
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function inWords({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath || 'the answer'} ${message} ${JSON.stringify(params)}`;
}
