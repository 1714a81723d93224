import type { z } from 'zod';
import { readPages } from '../wire/pages';
import type { Usage } from '../wire/retry-policy';
import { type Read, readFailed, readOk } from '../wire/read';
import { malformed, type ReadSubject } from '../wire/reply';
import type { Asked, GraphSession } from './session';
import type { GraphVersion } from './transport';

/** What a reading is about, and of which version of Microsoft Graph. */
export interface ReadOptions extends ReadSubject {
  /** @default v1.0 */
  version?: GraphVersion;
}

/** Codes with which Graph says that a continuation link has aged. Starting over is the documented remedy. */
const expiredLink = ['Directory_ExpiredPageToken', 'ErrorInvalidSkipToken', 'resyncRequired'];

/**
 * Reads Microsoft Graph for one control. Every read takes the schema of what it expects and gives parsed values or a
 * typed failure: a row that does not parse makes the whole reading fail, because dropping it would hide something.
 */
export class GraphReader {
  constructor(
    private readonly session: GraphSession,
    private readonly usage: Usage,
  ) {}

  /** Reads one object. */
  async get<S extends z.ZodType>(path: string, schema: S, options: ReadOptions): Promise<Read<z.infer<S>>> {
    const answer = await this.session.read(this.asked(path, options));
    if (!answer.ok) return readFailed(answer.failure);
    const parsed = schema.safeParse(answer.reply.body);
    return parsed.success ? readOk(parsed.data) : malformed(options, answer.reply, parsed.error);
  }

  /** Reads a list to its end, page by page. There is no partial list: a page that fails makes the reading fail. */
  list<S extends z.ZodType>(path: string, row: S, options: ReadOptions): Promise<Read<z.infer<S>[]>> {
    const key = `list ${options.version ?? 'v1.0'} ${path}`;
    return this.session.cache.once(key, row, this.usage, (usage) => this.readList(path, row, options, usage));
  }

  /**
   * Reads the first rows of a list that begins with those that count, and no further page when there are so many. Fewer rows
   * than `most` are all that there are.
   */
  async first<S extends z.ZodType>(
    path: string,
    row: S,
    most: number,
    options: ReadOptions,
  ): Promise<Read<z.infer<S>[]>> {
    const key = `first ${most} ${options.version ?? 'v1.0'} ${path}`;
    const rows = await this.session.cache.once(key, row, this.usage, (usage) =>
      this.readList(path, row, options, usage, most),
    );
    return rows.ok ? readOk(rows.value.slice(0, most)) : rows;
  }

  /** Asks a question that takes a body and changes nothing. See {@link GraphSession.question}. */
  async ask<S extends z.ZodType>(
    path: string,
    body: unknown,
    schema: S,
    options: ReadOptions,
  ): Promise<Read<z.infer<S>>> {
    const answer = await this.session.question({ ...this.asked(path, options), body });
    if (!answer.ok) return readFailed(answer.failure);
    const parsed = schema.safeParse(answer.reply.body);
    return parsed.success ? readOk(parsed.data) : malformed(options, answer.reply, parsed.error);
  }

  private readList<S extends z.ZodType>(
    first: string,
    row: S,
    options: ReadOptions,
    usage: Usage,
    enough?: number,
  ): Promise<Read<z.infer<S>[]>> {
    return readPages(
      {
        reading: options,
        ...(enough === undefined ? {} : { enough }),
        first,
        ask: (path) => {
          const asked = { ...this.asked(path, options), usage };
          return path === first ? this.session.send(asked) : this.session.sendAlone(asked);
        },
        follow: (link) => this.pathOf(link, options.version ?? 'v1.0'),
        isExpired: ({ code }) => expiredLink.includes(code ?? ''),
      },
      row,
    );
  }

  private asked(path: string, { version = 'v1.0', what, permission }: ReadOptions): Asked {
    return { version, path, reading: { what, permission }, usage: this.usage };
  }

  /** A continuation link as a path, or undefined when it points to another host: no token may go there. */
  private pathOf(link: string, version: GraphVersion): string | undefined {
    const url = URL.parse(link);
    const prefix = `/${version}/`;
    if (url === null || url.origin !== new URL(this.session.endpoint).origin) return undefined;
    if (!url.pathname.startsWith(prefix)) return undefined;
    // The Graph client takes a path with an address anywhere in it for that address.
    return `${url.pathname.slice(prefix.length - 1)}${url.search}`.replaceAll('://', '%3A%2F%2F');
  }
}
