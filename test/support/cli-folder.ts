import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder to work in, and one with programs that are found before others. */
export class CliFolder {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'syncwarden-cli-'));
  readonly bin = mkdtempSync(path.join(tmpdir(), 'syncwarden-bin-'));

  /** Puts a file into the folder. Gives where it is. */
  file(name: string, content: unknown): string {
    const file = this.path(name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Makes a program of JavaScript, which is found by its name. */
  program(name: string, source: string): void {
    const file = path.join(this.bin, name);
    writeFileSync(file, `#!${process.execPath}\n${source}\n`);
    chmodSync(file, 0o755);
  }

  /** A PATH in which the programs come first. */
  get searchPath(): string {
    return [this.bin, path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  }

  remove(): void {
    for (const folder of [this.folder, this.bin]) rmSync(folder, { recursive: true });
  }
}
