import { win32 } from 'node:path';
import { MockOptionsError } from '../server/mock-options.check.js';

/** Characters with a meaning for cmd.exe, wherever they are in a line. */
const SPECIAL = /[()[\]{}%!^"'`<>&|;,=+~@*? \t]/g;

/**
 * Returns the line for `cmd.exe /d /s /v:off /c "…"` that runs a program, a script or a command of the shell with exactly
 * these arguments.
 *
 * A script such as npm.cmd passes its arguments on by `%*`, which cmd.exe reads again. So the carets are for the first
 * reading, and the quotes remain for the second: a quote inside an argument is doubled, because after `\"` cmd.exe would take
 * the rest as unquoted.
 *
 * @throws MockOptionsError for a line break or NUL
 */
export function windowsCommandLine(command: string, args: readonly string[]): string {
  if ([command, ...args].some((text) => /[\r\n\0]/.test(text))) {
    throw new MockOptionsError('On Windows, no argument of the command can contain a line break.');
  }
  // A command in quotes would not be found if it is one of the shell's own. The shell takes "/" for the start of an option.
  const program = win32.normalize(command).replaceAll(SPECIAL, '^$&');
  return [program, ...args.map((arg) => quoted(arg).replaceAll(SPECIAL, '^$&'))].join(' ');
}

/** Quotes an argument for the C runtime: backslashes count only before a quote, where they are doubled. */
function quoted(arg: string): string {
  return `"${arg.replaceAll(/(\\*)"/g, '$1$1""').replace(/\\+$/, '$&$&')}"`;
}
