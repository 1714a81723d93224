import { extent } from 'd3-array';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { utcFormat } from 'd3-time-format';
import { dayMs } from '../../durations';
import type { DayScore } from '../model';
import { html, type Markup } from './markup';

const days = 90;

/** Heights of the drawing in pixels; widths are shares, so that it fits every screen with letters of one size. */
const height = 150;
const top = 14;
const bottom = 126;

const isoDay = utcFormat('%Y-%m-%d');
const shortDay = utcFormat('%-d %b');

/** `86 %`, rounded down: only a full score is 100 %. */
export function percent(score: number): string {
  // 0.57 × 100 is a little less than 57 to a computer.
  return `${Math.floor(score * 100 + 1e-9)} %`;
}

/** One day, and its score where one was kept. */
interface Day {
  date: Date;
  score: number | undefined;
}
type Scored = Day & { score: number };

/** The score of the last 90 days as a line with gaps: nothing is drawn for a day without a score. */
export function trendChart(trend: readonly DayScore[], now: string): Markup {
  const dates = lastDays(now);
  const scores = new Map(trend.map(({ date, score }) => [date, score]));
  const all: Day[] = dates.map((date) => ({ date, score: scores.get(isoDay(date)) }));
  const scored = all.filter((day): day is Scored => day.score !== undefined);
  const newest = scored.at(-1);
  if (newest === undefined) return html`<p class="note">No score yet. It is recorded once a day.</p>`;
  const x = scaleUtc()
    .domain(extent(dates) as [Date, Date])
    .range([0, 100]);
  const y = scaleLinear().domain([0, 1]).range([bottom, top]);
  const path = line<Day>()
    .defined(({ score }) => score !== undefined)
    // The drawing is stretched to its width, and its unit across is a tenth of a percent.
    .x(({ date }) => x(date) * 10)
    .y(({ score = 0 }) => y(score));
  return html`<svg
    class="trend"
    role="img"
    aria-label="${inWords(scored, newest)}"
    width="100%"
    height="${height}"
  >
    ${y.ticks(2).map((tick) => gridLine(y(tick), percent(tick)))}
    ${x.ticks(3).map((tick) => dayLabel(x(tick), shortDay(tick)))}
    <svg width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none">
      <path class="line" d="${path(all)}" vector-effect="non-scaling-stroke" />
    </svg>
    <circle cx="${x(newest.date)}%" cy="${y(newest.score)}" r="4" />
  </svg>`;
}

/** The beginnings of the days that are shown, in UTC; the last one is today. */
function lastDays(now: string): Date[] {
  const today = Date.parse(now.slice(0, 10));
  return Array.from({ length: days }, (_, index) => new Date(today - (days - 1 - index) * dayMs));
}

function gridLine(at: number, label: string): Markup {
  return html`<line x1="0" x2="100%" y1="${at}" y2="${at}" /><text x="0" y="${at - 3}">${label}</text>`;
}

/** A label at the edge stays inside. */
function dayLabel(at: number, label: string): Markup {
  const anchor = at < 5 ? 'start' : at > 95 ? 'end' : 'middle';
  return html`<text x="${at.toFixed(1)}%" y="${height - 6}" text-anchor="${anchor}">${label}</text>`;
}

/** What the line shows, for whoever does not see it. */
function inWords(scored: readonly Scored[], newest: Scored): string {
  const told = ({ date, score }: Scored) => `${percent(score)} on ${shortDay(date)}`;
  const [lowest = 0, highest = 0] = extent(scored, ({ score }) => score);
  const span = `from ${told(scored[0] ?? newest)} to ${told(newest)}`;
  return `Score ${span}; lowest ${percent(lowest)}, highest ${percent(highest)}.`;
}
