/** Levels in the order of their weight. */
const levels = ['trace', 'debug', 'information', 'warning', 'error', 'critical'] as const;
export type Level = (typeof levels)[number];

const threshold = levels.indexOf((process.env.LOG_LEVEL as Level | undefined) ?? 'information');

/** Writes one line. Line breaks and control characters in it are made visible, so that nothing can forge a line. */
export function write(level: Level, source: string, text: string): void {
  if (levels.indexOf(level) < threshold) return;
  const time = new Date().toISOString().slice(11, 23);
  process.stdout.write(`[${time}] ${level} ${source}: ${oneLine(text)}\n`);
}

export function oneLine(text: string): string {
  return text.replace(/\r?\n/g, ' ⏎ ').replace(/\p{Cc}/gu, '�');
}
