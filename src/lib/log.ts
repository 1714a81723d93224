/**
 * A log with constant messages and structured fields. Messages at warn and above are constant strings, because alerts
 * key on them; whatever varies is a field. Names from a tenant are only ever fields.
 */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

type Write = (line: string) => void;

/** Writes each entry as one line. JSON escapes line breaks and control characters, so that no name can forge an entry. */
export function lineLog(sink: { info: Write; warn: Write; error: Write }): Log {
  const line = (message: string, fields?: Record<string, unknown>) =>
    fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
  return {
    info: (message, fields) => sink.info(line(message, fields)),
    warn: (message, fields) => sink.warn(line(message, fields)),
    error: (message, fields) => sink.error(line(message, fields)),
  };
}
