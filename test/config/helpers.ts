import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Surroundings } from '../../src/config/locate.ts';

const folders: string[] = [];

afterAll(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A folder that disappears with the test file. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ferryman-config-'));
  folders.push(path);
  return path;
}

export function write(path: string, text: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Surroundings in which only files below a folder are found. */
export function surroundingsIn(cwd: string, env: Record<string, string> = {}): Surroundings {
  return {
    env,
    cwd,
    argv0: '/opt/ferryman/bin/mailman',
    isFile: (path) =>
      path.startsWith(tmpdir()) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false),
  };
}

/** Loads a text as the user's mailman.cfg. */
export function load(text: string, env: Record<string, string> = {}): Config {
  const cwd = folder();
  write(join(cwd, 'mailman.cfg'), text);
  return loadConfig({ surroundings: surroundingsIn(cwd, env) });
}

/** The problems that loading a text reports, with FILE for the file's path. */
export function problemsOf(text: string | Uint8Array): readonly string[] {
  const cwd = folder();
  const file = write(join(cwd, 'mailman.cfg'), text);
  return problemsWhen(() => loadConfig({ surroundings: surroundingsIn(cwd) })).map((line) =>
    line.replaceAll(file, 'FILE'),
  );
}

/** The problems that this reports; none where it goes through. */
export function problemsWhen(attempt: () => unknown): readonly string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
