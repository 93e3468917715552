import * as fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { MockOptionsError } from '../server/mock-options.check.js';
import { windowsCommandLine } from './windows-command-line.js';

/**
 * How cmd.exe reads a line: a caret takes the next character as it is, unless it is in quotes. An operator outside quotes
 * would end the command.
 */
function readByCmd(line: string): string {
  let read = '';
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === '^' && !inQuotes) {
      read += line.charAt(++i);
      continue;
    }
    if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && /[&|<>()\n]/.test(char)) throw new Error(`${char} ends the command in ${line}`);
    read += char;
  }
  return read;
}

/** How the C runtime splits a line into arguments. */
function readByProgram(line: string): string[] {
  const args: string[] = [];
  for (let i = 0; i < line.length;) {
    if (line.charAt(i) === ' ') {
      i++;
      continue;
    }
    let arg = '';
    let inQuotes = false;
    for (; i < line.length && (inQuotes || line.charAt(i) !== ' '); i++) {
      const [, slashes = '', quote] = /^(\\*)("?)/.exec(line.slice(i)) ?? [];
      if (!quote) {
        arg += slashes || line.charAt(i);
        i += Math.max(slashes.length - 1, 0);
        continue;
      }
      arg += slashes.slice(0, slashes.length >> 1);
      i += slashes.length;
      if (slashes.length % 2 === 1) arg += '"';
      else if (inQuotes && line.charAt(i + 1) === '"') {
        arg += '"';
        i++;
      } else inQuotes = !inQuotes;
    }
    args.push(arg);
  }
  return args;
}

const character = fc.oneof(
  fc.constantFrom(...Array.from('"\\^%!&|<>() ;,=*?\'`~[]{}@+\ta1')),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const argument = fc.array(character, { maxLength: 12 }).map((parts) => parts.join('').replaceAll(/[\r\n\0]/g, ''));

describe('the line for cmd.exe', () => {
  it.each([
    [['jest', '-t', 'two words'], 'jest ^"-t^" ^"two^ words^"'],
    [['node_modules/.bin/jest'], 'node_modules\\.bin\\jest'],
    [['C:\\Program Files\\run.cmd', ''], 'C:\\Program^ Files\\run.cmd ^"^"'],
    [['echo', 'a"b&c'], 'echo ^"a^"^"b^&c^"'],
    [['echo', 'C:\\temp\\'], 'echo ^"C:\\temp\\\\^"'],
  ])('of %j is %s', ([command = '', ...args], line) => {
    expect(windowsCommandLine(command, args)).toBe(line);
  });

  it('gives a program, and a script that passes its arguments on, exactly the arguments', () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (args) => {
        const first = readByCmd(windowsCommandLine('run', args));
        expect(readByProgram(first)).toEqual(['run', ...args]);
        expect(readByProgram(readByCmd(first))).toEqual(['run', ...args]);
      }),
    );
  });

  it('names no variable of the environment', () => {
    fc.assert(
      fc.property(argument, (text) => {
        const line = windowsCommandLine('run', [`%PATH%${text}%TEMP%`]);
        // A name ends at the next percent sign, and each has a caret before it. No variable has one.
        for (const [name] of line.matchAll(/%[^%]*(?=%)/g)) expect(name).toMatch(/\^$/);
      }),
    );
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('refuses %j', (arg) => {
    expect(() => windowsCommandLine('echo', [arg])).toThrow(MockOptionsError);
  });
});
