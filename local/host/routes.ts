import type { RegisteredFunction } from './core-module';

interface Route {
  target: RegisteredFunction;
  methods: readonly string[];
  segments: readonly string[];
}

/** Which function answers a request. */
export class Routes {
  private readonly routes: readonly Route[];

  /** @throws for a function that asks for a key: this host has none to check. */
  constructor(functions: readonly RegisteredFunction[], prefix: string) {
    this.routes = functions
      .filter(({ trigger }) => trigger.type === 'httpTrigger')
      .map((target): Route => {
        const { route, methods, authLevel } = target.trigger as {
          route?: string;
          methods?: string[];
          authLevel?: string;
        };
        const { name } = target.metadata;
        if (authLevel !== 'anonymous') {
          throw new Error(
            `The function ${name} asks for a key (authLevel ${authLevel ?? 'function'}): this host has none.`,
          );
        }
        const template = [prefix, route ?? name].filter((part) => part !== '').join('/');
        return {
          target,
          methods: (methods ?? []).map((method) => method.toUpperCase()),
          segments: template.split('/'),
        };
      })
      // What is written out wins over a parameter in the same place.
      .sort((a, b) => parameters(a) - parameters(b));
  }

  /** The function for a raw path, with its parameters decoded; undefined when there is none. @throws URIError */
  match(
    method: string,
    rawPath: string,
  ): { target: RegisteredFunction; params: Record<string, string> } | undefined {
    const segments = rawPath.replace(/^\//, '').split('/').map(decodeURIComponent);
    for (const route of this.routes) {
      if (route.methods.length > 0 && !route.methods.includes(method)) continue;
      const params = matchSegments(route.segments, segments);
      if (params !== undefined) return { target: route.target, params };
    }
    return undefined;
  }
}

function parameters({ segments }: Route): number {
  return segments.filter((segment) => segment.startsWith('{')).length;
}

function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{([^:?}]+)[^}]*\}$/.exec(part)?.[1];
    if (name === undefined && part.toLowerCase() !== segment.toLowerCase()) return undefined;
    if (name !== undefined && segment === '') return undefined;
    if (name !== undefined) params[name] = segment;
  }
  return params;
}
