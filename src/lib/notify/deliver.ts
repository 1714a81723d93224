import { isAhead } from '../clock';
import type { Log } from '../log';
import type { DigestSettings } from '../settings';
import type { Begun, DigestTable, KeptSinkState } from '../storage/digests';
import type { Telemetry } from '../telemetry/telemetry';
import { compose } from './compose';
import { isWeekDue, midnightOf } from './due';
import { isSilent, type NewsServices, newsOf } from './news';
import { longestPostMs, post, type PostTools } from './post';
import type { Present } from './present';
import type { Sink } from './sinks';
import { toldOf } from './told';

/** What it takes to tell a sink. */
export interface DeliverServices extends NewsServices {
  digests: DigestTable;
  settings: { digest: Pick<DigestSettings, 'weekly'>; address: string | undefined };
  now: () => Date;
  log: Log;
}

/** What became of a digest for one sink. */
export type Delivered = 'sent' | 'silent' | 'failed' | 'busy' | 'notDue';

/** So long nobody else sends to a sink: longer than sending takes. */
const leaseMs = longestPostMs + 2 * 60_000;

/** How one sink is told. */
export class Delivery {
  /**
   * @param present how everything is, read when it is needed.
   * @param tools of tests, which have no time to wait.
   */
  constructor(
    private readonly services: DeliverServices,
    private readonly telemetry: Telemetry,
    private readonly sink: Sink,
    private readonly present: () => Promise<Present>,
    private readonly tools?: PostTools,
  ) {}

  /**
   * Tells the sink what is new since it was last told. Before anything is sent it is kept that it will be, on the condition that nobody
   * else has done so: of two that run at once one sends. Whoever comes after a process that died in between sends the same
   * again, under the same id, so that a receiver can drop it; then what is new since.
   */
  async deliver(): Promise<Delivered> {
    const { digests, log } = this.services;
    const state = (await digests.get(this.sink.name, log)) ?? newState(this.services.now());
    if (isLeased(state, this.services.now())) return 'busy';
    if (state.begun === undefined) return this.deliverNews(state);
    log.warn('A digest that was begun is sent again', { sink: this.sink.name, id: state.begun.id });
    const again = await this.send(state, state.begun);
    return again === 'sent' ? this.deliver() : again;
  }

  private async deliverNews(state: KeptSinkState): Promise<Delivered> {
    const { digests, settings } = this.services;
    if (settings.digest.weekly && !isWeekDue(state.since ?? state.awaitedFrom, this.services.now())) {
      // Since when a first one is waited for has to be known next time.
      if (state.etag === undefined) await digests.put(this.sink.name, state, undefined);
      return 'notDue';
    }
    const present = await this.present();
    // Somebody has told it more than is known here.
    if (
      state.since !== undefined &&
      state.since > present.at.toISOString() &&
      !isAhead(state.since, present.at)
    )
      return 'busy';
    const begun = await this.begin(state, present);
    if (begun !== undefined) return this.send(state, begun);
    const told = { since: present.at.toISOString(), told: toldOf(present) };
    return (await this.keep(state, told)) === undefined ? 'busy' : 'silent';
  }

  /** What is to be sent; undefined where there is nothing to say. */
  private async begin({ since, told }: KeptSinkState, present: Present): Promise<Begun | undefined> {
    const news = await newsOf(this.services, present, told, since);
    if (isSilent(news)) return undefined;
    const { address } = this.services.settings;
    const digest = compose(present, news, { since, address });
    const id = `${since ?? ''}/${digest.until}`;
    const body = this.sink.write(digest, id);
    return { id, body, counts: digest.counts, told: toldOf(present), until: digest.until };
  }

  private async send(state: KeptSinkState, begun: Begun): Promise<Delivered> {
    const { log, now } = this.services;
    const { name: sink, url, contentType } = this.sink;
    const leasedUntil = new Date(now().getTime() + leaseMs).toISOString();
    const etag = await this.keep(state, { begun, leasedUntil });
    if (etag === undefined) return 'busy';
    const { problem, attempts } = await post({ url, contentType, body: begun.body }, this.tools);
    if (problem !== undefined) {
      log.error('A digest could not be sent', { sink, problem, attempts, since: state.since ?? null });
      // The next one tells everything since the last that has arrived, this one's news among it.
      await this.keep({ ...state, etag }, {});
      return 'failed';
    }
    await this.keep({ ...state, etag }, { since: begun.until, told: begun.told });
    const { id, counts, until } = begun;
    log.info('A digest was sent', { sink, id, attempts, ...counts });
    this.telemetry.event('DigestSent', { sink, digestId: id, at: until }, { attempts, ...counts });
    return 'sent';
  }

  /** Keeps a state with these changes, and nobody at it unless told. Gives its etag; undefined where somebody was faster. */
  private keep(
    { etag, awaitedFrom, since, told }: KeptSinkState,
    changes: Partial<KeptSinkState>,
  ): Promise<string | undefined> {
    const settled = { awaitedFrom, since, told, leasedUntil: undefined, begun: undefined };
    return this.services.digests.put(this.sink.name, { ...settled, ...changes }, etag);
  }
}

function newState(now: Date): KeptSinkState {
  const nothing = { since: undefined, told: undefined, leasedUntil: undefined, begun: undefined };
  return { awaitedFrom: midnightOf(now).toISOString(), ...nothing, etag: undefined };
}

/** Whether somebody is at it. What lies further ahead than any lease goes was written by a clock that ran ahead. */
function isLeased({ leasedUntil }: KeptSinkState, now: Date): boolean {
  if (leasedUntil === undefined || Date.parse(leasedUntil) <= now.getTime()) return false;
  return !isAhead(leasedUntil, new Date(now.getTime() + leaseMs));
}
