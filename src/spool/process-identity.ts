import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';
import { errorCode } from './file-system.js';

/** Which process something belongs to, as far as another one can tell. */
export interface ProcessIdentity {
  readonly host: string;
  /**
   * Boot and process namespace: where it is equal, process ids mean the same. A host name does not say so much:
   * containers on one volume may all be process 1 of a host of the same name. Undefined where the system does not tell.
   */
  readonly machine: string | undefined;
  readonly pid: number;
  readonly threadId: number;
  /** When the process started, in the system's own count: process ids are used again. Undefined where it is not told. */
  readonly started: string | undefined;
}

/** Both have run since the machine was last started: what the first one wrote, the second one reads, all of it. */
export function areOfOneBoot(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.machine !== undefined && b.machine !== undefined && bootOf(a.machine) === bootOf(b.machine);
}

/** The processes of this machine. */
export interface Processes {
  readonly self: ProcessIdentity;
  /** Whether that process has certainly ended. False when it runs, and when nobody can know. */
  isDead(other: ProcessIdentity): boolean;
}

export function thisMachine(): Processes {
  const self: ProcessIdentity = {
    host: hostname(),
    machine: machineId(),
    pid: process.pid,
    threadId,
    started: startOf(process.pid),
  };
  return { self, isDead: (other) => isDead(self, other) };
}

function isDead(self: ProcessIdentity, other: ProcessIdentity): boolean {
  const isSameMachine =
    self.machine === undefined || other.machine === undefined
      ? self.machine === other.machine && self.host === other.host
      : self.machine === other.machine;
  if (!isSameMachine) return false;
  if (!isRunning(other.pid)) return true;
  const started = startOf(other.pid);
  return started !== undefined && other.started !== undefined && started !== other.started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // Not allowed to signal it: it is there.
    return errorCode(failure) !== 'ESRCH';
  }
}

function bootOf(machine: string): string {
  return machine.split(' ', 1)[0] ?? machine;
}

function machineId(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** The 22nd field of `/proc/<pid>/stat`; the second one, the name, may contain anything, parentheses too. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
