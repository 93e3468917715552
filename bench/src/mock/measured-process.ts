import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Command } from './peers.js';
import { PATH, QUESTION } from './reply.js';

/** Interval between attempts to reach a starting server, in milliseconds: the resolution of the start time. */
const TRY_EVERY_MS = 5;
const START_LIMIT_MS = 60_000;

/** A server under measurement. */
export interface MeasuredProcess {
  /** From spawning to the first complete reply, in milliseconds. */
  readonly firstReplyMs: number;
  /** CPU time so far, in milliseconds. Unlike wall time, it hardly depends on other work on the machine. */
  readonly cpuMs: () => number;
  /** Current resident memory, in MiB. */
  readonly rssMiB: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts a server and waits for its first correct reply. @throws Error when there is none in time */
export async function startMeasured({ file, args }: Command, port: number): Promise<MeasuredProcess> {
  const started = performance.now();
  const child = spawn(file, args, { stdio: 'ignore' });
  const stop = () => stopProcess(child);
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() - started > START_LIMIT_MS) {
      await stop();
      throw new Error('it does not answer');
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
  return {
    firstReplyMs: performance.now() - started,
    cpuMs: () => cpuMs(child.pid ?? 0),
    rssMiB: () => rssMiB(child.pid ?? 0),
    stop,
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { Authorization: 'APPCODE bench', 'Content-Type': 'application/x-www-form-urlencoded' };
    const call = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    });
    call.on('error', () => resolve(false));
    call.end(QUESTION);
  });
}

/** The kernel counts in ticks of 10 ms. */
const MS_PER_TICK = 10;

function cpuMs(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * MS_PER_TICK;
}

function rssMiB(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(hard);
}
